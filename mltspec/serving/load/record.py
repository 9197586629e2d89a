"""What becomes of one request, as the generator writes it down and others read it while it goes on."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

_HEAD = struct.Struct("<IIHBdddI")


class Trouble(IntEnum):
    """Why a request has no answer."""

    NONE = 0
    REFUSED = 1
    CLOSED = 2
    LATE = 3
    NO_HTTP = 4


WORDS = {
    Trouble.REFUSED: "no connection",
    Trouble.CLOSED: "connection closed before the answer",
    Trouble.LATE: "no answer within the limit",
    Trouble.NO_HTTP: "the answer is no HTTP",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """One request: times on the system's monotonic clock, in seconds.

    ``due`` is when it should have been sent; ``which`` the number of its call; ``status`` 0 where ``trouble`` says why.
    """

    number: int
    which: int
    status: int
    trouble: Trouble
    due: float
    sent: float
    ended: float
    body: bytes

    @property
    def latency_s(self) -> float:
        """How long its caller waited, also for the generator's turn: corrected for coordinated omission."""
        return self.ended - self.due

    def packed(self) -> bytes:
        """Return it as it is written down."""
        head = _HEAD.pack(
            self.number, self.which, self.status, self.trouble, self.due, self.sent, self.ended, len(self.body)
        )
        return head + self.body


class Tail:
    """Reads records from a file that is still being written."""

    def __init__(self, file: Path) -> None:
        self._stream = file.open("rb")
        self._pending = b""

    def new(self) -> Iterator[Shot]:
        """Return what has been written since the last look."""
        data, at = self._pending + self._stream.read(), 0
        while len(data) - at >= _HEAD.size:
            number, which, status, trouble, due, sent, ended, size = _HEAD.unpack_from(data, at)
            end = at + _HEAD.size + size
            if len(data) < end:
                break
            yield Shot(number, which, status, Trouble(trouble), due, sent, ended, data[end - size : end])
            at = end
        self._pending = data[at:]

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
