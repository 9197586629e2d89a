"""Bytes to messages: a header that says how long the body is, an empty line, a body of JSON."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

LARGEST_HEADER_BYTES = 16 * 1024
LARGEST_MESSAGE_BYTES = 64 * 1024 * 1024
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_END = b"\r\n\r\n"

log = logging.getLogger(__name__)

Message = dict[str, Any]


class Framing:
    """Takes bytes as they come; what is no message is passed over, and the next one is read."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None
        self._skip = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        """Take some bytes; return the messages that are complete with them."""
        self._buffer += data
        while self._advance():
            if self._length is None or len(self._buffer) < self._length:
                continue
            body = bytes(self._buffer[: self._length])
            del self._buffer[: self._length]
            self._length = None
            message = _message(body)
            if message is not None:
                yield message

    def _advance(self) -> bool:
        """Whether there is a whole body, or something was read on the way to one."""
        if self._skip:
            dropped = min(self._skip, len(self._buffer))
            del self._buffer[:dropped]
            self._skip -= dropped
            return bool(dropped)
        if self._length is not None:
            return len(self._buffer) >= self._length
        end = self._buffer.find(_END)
        if end < 0:
            if len(self._buffer) > LARGEST_HEADER_BYTES:
                del self._buffer[: -len(_END)]
            return False
        found = _LENGTH.findall(bytes(self._buffer[:end]))
        del self._buffer[: end + len(_END)]
        length = int(found[-1]) if found else 0
        if length > LARGEST_MESSAGE_BYTES:
            log.warning("passed over a message of %d bytes", length)
            self._skip = length
        elif length:
            self._length = length
        return True


def _message(body: bytes) -> Message | None:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        message = None
    if isinstance(message, dict):
        return message
    log.warning("passed over %d bytes that are no message", len(body))
    return None
