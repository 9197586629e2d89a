"""What every serving system can be asked, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias

Rows: TypeAlias = Mapping[str, Any]
"""Arrays by the name of the model's input, (rows, ...) each."""


class Trouble(Exception):  # noqa: N818 - what a server did, told to whoever asked
    """The server could not be reached, refused, or answered nonsense; the message says which, and the way out."""


class CannotControl(Trouble):
    """The system is reached without a way to load, promote or share out; only answers can be had."""


@dataclass(frozen=True)
class Call:
    """One HTTP request, whole: where it goes, and its bytes as they are sent."""

    host: str
    port: int
    request: bytes
    secure: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back for rows: arrays by output name, or why there are none; ``version`` where the server tells it."""

    outputs: Mapping[str, Any] = field(default_factory=dict)
    version: str | None = None
    error: str = ""


Asker: TypeAlias = Callable[[Rows, "str | None"], Answer]
"""Asks a version, or the live one, about rows; what goes wrong is an error in the answer."""


class System(Protocol):
    """A serving system that serves versions of one model. Versions are whole numbers as text, or a stack's own names.

    All but ``call`` and ``read`` raise Trouble when the server does not do what it is asked within the time limit.
    """

    name: str
    production: bool
    """Whether this is what serves in production, or stands in for it."""
    addresses_versions: bool
    """Whether a loaded version can be asked by its number, beside the one that is live."""
    loads_aside: bool
    """Whether a version can be loaded without being live. Where not, it is loaded when it is promoted."""

    def ready(self) -> bool:
        """Return whether the server is up and the model can be asked."""
        ...

    def versions(self) -> tuple[str, ...]:
        """Return the versions that are loaded."""
        ...

    def live_version(self) -> str:
        """Return the version that answers who asks for none."""
        ...

    def load(self, version: str, folder: Path | None = None) -> None:
        """Load a version beside those loaded, from a SavedModel folder if the server does not hold it yet.

        Where what is loaded would be live at once, its files are put in place and `promote` loads them.
        """
        ...

    def unload(self, version: str) -> None:
        """Unload a version that is not live."""
        ...

    def promote(self, version: str) -> None:
        """Make a version live; returns when the server says that it is."""
        ...

    def rollback(self, to: str) -> None:
        """Make the version that served before live again, as an operator would in an emergency."""
        ...

    def split(self, weights: Mapping[str, float]) -> None:
        """Share out what asks for no version between versions."""
        ...

    def call(self, rows: Rows, version: str | None = None) -> Call:
        """Return the request for rows, to one version or to whichever is live."""
        ...

    def read(self, status: int, body: bytes) -> Answer:
        """Return what an HTTP answer says; a wrong protocol is an error in the answer, never raised."""
        ...

    def doors(self) -> Mapping[str, Asker]:
        """Return every way in which rows can be asked about, by the protocol's name."""
        ...

    def signature(self, version: str | None = None) -> Mapping[str, str]:
        """Return what each input takes, as the server declares it; empty where the protocol does not tell."""
        ...

    def memory_bytes(self) -> int | None:
        """Return the server's resident memory; None where it does not run here."""
        ...

    def log(self) -> str:
        """Return the end of the server's log, where it can be had."""
        ...

    def close(self) -> None:
        """Let go of the server; end it if it was started here."""
        ...
