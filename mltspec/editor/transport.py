"""Messages in and out of a server that speaks over pipes.

They are read ahead of their turn: so a request that was cancelled while it waited is never begun, and whoever
answers one of many edits can see that the next one is there already.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from collections import deque
from contextlib import suppress
from threading import Lock, Thread
from typing import BinaryIO

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcRequestCancelled
from pygls.io_ import StdoutWriter
from pygls.protocol import LanguageServerProtocol

from mltspec.editor.framing import Framing, Message

log = logging.getLogger(__name__)

CHUNK_BYTES = 1 << 16

IDLE_S = 1.0
"""How long no message may have come before garbage is looked for."""
MOST_MESSAGES = 10_000
"""After how many messages it is looked for even though no pause has come."""


class Inbox:
    """Messages that were read and wait for their turn. Filled by a thread, emptied by the event loop."""

    def __init__(self) -> None:
        self._waiting: deque[Message] = deque()
        self._cancelled: set[object] = set()
        self._lock = Lock()

    def put(self, message: Message) -> None:
        """Add a message; the cancelling of one that still waits is remembered instead."""
        with self._lock:
            wanted = _params(message).get("id") if message.get("method") == types.CANCEL_REQUEST else None
            if wanted is not None and any(each.get("id") == wanted and "method" in each for each in self._waiting):
                self._cancelled.add(wanted)
                return
            self._waiting.append(message)

    def take(self) -> tuple[Message, bool] | None:
        """Return the next message and whether it was cancelled, or None."""
        with self._lock:
            if not self._waiting:
                return None
            message = self._waiting.popleft()
            id = message.get("id")
            cancelled = isinstance(id, str | int) and id in self._cancelled
            self._cancelled -= {id}
            return message, cancelled

    def has_edit(self, uri: str) -> bool:
        """Tell whether an edit of a document waits for its turn."""
        with self._lock:
            return any(
                each.get("method") == types.TEXT_DOCUMENT_DID_CHANGE and _uri(_params(each)) == uri
                for each in self._waiting
            )


def _params(message: Message) -> Message:
    params = message.get("params")
    return params if isinstance(params, dict) else {}


def _uri(params: Message) -> object:
    document = params.get("textDocument")
    return document.get("uri") if isinstance(document, dict) else None


def private_stdout() -> BinaryIO:
    """Return the real standard output; whatever else is printed from now on goes to standard error."""
    sys.stdout.flush()
    private = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return private


def serve(protocol: LanguageServerProtocol, inbox: Inbox, stdin: int, stdout: BinaryIO) -> int:
    """Answer messages until the client says exit or goes away; return the exit code. ``stdin`` is a descriptor."""
    protocol.set_writer(StdoutWriter(stdout))
    return asyncio.run(_Turns(protocol, inbox).run(stdin))


class _Turns:
    """Hands messages to the protocol one at a time, so that other work of the loop comes in between."""

    def __init__(self, protocol: LanguageServerProtocol, inbox: Inbox) -> None:
        self._protocol = protocol
        self._inbox = inbox
        self._ended: asyncio.Future[int]
        self._loop: asyncio.AbstractEventLoop
        self._idle: asyncio.TimerHandle | None = None
        self._answered = 0

    async def run(self, stdin: int) -> int:
        gc.freeze()
        gc.disable()
        self._loop = asyncio.get_running_loop()
        self._ended = self._loop.create_future()
        Thread(target=self._read, args=(stdin,), name="reader", daemon=True).start()
        return await self._ended

    def _read(self, stdin: int) -> None:
        """Read until the pipe ends. No buffered stream: its lock would be missed when the process ends."""
        framing = Framing()
        with suppress(RuntimeError):  # the loop has ended before the pipe did
            try:
                while data := os.read(stdin, CHUNK_BYTES):
                    for message in framing.feed(data):
                        self._inbox.put(message)
                        self._loop.call_soon_threadsafe(self._turn)
            except OSError:
                log.debug("the pipe from the client broke", exc_info=True)
            self._loop.call_soon_threadsafe(self._end, 1)

    def _end(self, code: int) -> None:
        if not self._ended.done():
            self._ended.set_result(code)

    def _turn(self) -> None:
        taken = self._inbox.take()
        if taken is None or self._ended.done():
            return
        message, cancelled = taken
        self._tidy_when_idle()
        try:
            self._handle(message, cancelled)
        except SystemExit as leaving:
            self._end(int(leaving.code or 0))
        except (BrokenPipeError, ConnectionError):
            self._end(1)
        except Exception:
            log.exception("a message could not be handled")

    def _tidy_when_idle(self) -> None:
        """Look for garbage in a pause: amid typing it takes longer than a keystroke may, and there is hardly any."""
        if self._idle is not None:
            self._idle.cancel()
        self._answered += 1
        wait = IDLE_S if self._answered < MOST_MESSAGES else 0.0
        self._idle = self._loop.call_later(wait, self._tidy)

    def _tidy(self) -> None:
        self._idle, self._answered = None, 0
        gc.collect()

    def _handle(self, message: Message, cancelled: bool) -> None:
        if cancelled:
            error = JsonRpcRequestCancelled("cancelled before it was begun").to_response_error()
            self._protocol._send_response(message["id"], error=error)
            return
        try:
            structured = self._protocol.structure_message(message)
        except JsonRpcException as malformed:
            if "id" in message and "method" in message:
                self._protocol._send_response(message["id"], error=malformed.to_response_error())
            return
        if not isinstance(structured, dict):  # a message of another protocol stays as it is
            self._protocol.handle_message(structured)
