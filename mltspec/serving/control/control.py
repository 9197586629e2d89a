"""The part of a server that the Open Inference Protocol does not speak of."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from mltspec.serving.system import CannotControl


class Control(Protocol):
    """Loads versions and makes them live; every method raises Trouble when the server does not obey."""

    addresses_versions: bool

    def versions(self) -> tuple[str, ...]:
        """Return the versions that are loaded."""
        ...

    def live_version(self) -> str:
        """Return the version that answers who asks for none."""
        ...

    def load(self, version: str, folder: Path | None) -> None:
        """Put a SavedModel where the server finds it as that version; it is loaded when it is promoted."""
        ...

    def unload(self, version: str) -> None:
        """Unload a version that is not live."""
        ...

    def promote(self, version: str) -> None:
        """Make a version live, forwards or back."""
        ...


class NoControl:
    """A server that is only asked."""

    addresses_versions = False

    def __init__(self, why: str) -> None:
        self._why = why

    def versions(self) -> tuple[str, ...]:
        """Refuse."""
        raise CannotControl(self._why)

    def live_version(self) -> str:
        """Refuse."""
        raise CannotControl(self._why)

    def load(self, version: str, folder: Path | None) -> None:
        """Refuse."""
        raise CannotControl(self._why)

    def unload(self, version: str) -> None:
        """Refuse."""
        raise CannotControl(self._why)

    def promote(self, version: str) -> None:
        """Refuse."""
        raise CannotControl(self._why)
