"""One kept-alive HTTP connection of the generator: a request out, an answer in, the time of each."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Protocol

import httptools

from mltspec.serving.load.record import Trouble


class Owner(Protocol):
    """Whoever gave a connection its request."""

    def answered(self, connection: Connection, status: int, body: bytes) -> None:
        """Take the answer."""
        ...

    def lost(self, connection: Connection, trouble: Trouble) -> None:
        """Take note that there will be no answer, and no further request on it."""
        ...


class Connection(asyncio.Protocol):
    """At most one request at a time. ``number`` is that of the request under way, -1 for none."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._transport: Any = None
        self._parser: Any = None
        self._body: list[bytes] = []
        self.number = -1
        self.sent = 0.0
        self.open = False

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._transport, self.open = transport, True

    def send(self, number: int, request: bytes) -> None:
        """Send a request."""
        self.number, self.sent = number, time.monotonic()
        self._body, self._parser = [], httptools.HttpResponseParser(self)
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self.number < 0:
            return self.abort()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._owner.lost(self, Trouble.NO_HTTP)
            self.abort()
        return None

    def on_body(self, data: bytes) -> None:
        """Keep a part of the body."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """Hand the answer over; a connection that the server wants closed is closed."""
        status, keep = self._parser.get_status_code(), self._parser.should_keep_alive()
        if not keep:
            self.open = False
        self._owner.answered(self, status, b"".join(self._body))
        if not keep:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """End; a request under way has no answer."""
        self.open = False
        self._owner.lost(self, Trouble.CLOSED)

    def abort(self) -> None:
        """Close without waiting."""
        self.open = False
        if self._transport is not None:
            self._transport.abort()
