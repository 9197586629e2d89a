"""New versions in folders: TF Serving's layout, where each version is a folder named by a number.

Folders are looked at from time to time rather than listened to: network file systems tell nobody. A version counts when
it has not changed between two looks, so that one which is still being copied is left alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

Signature = tuple[tuple[str, int, int], ...]
"""The files below a place: name, size in bytes, time of the last change in nanoseconds."""


class Arrivals:
    """Remembers what lay in folders, and tells what is new."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._before = self._look()
        self._known = dict(self._before)

    def news(self) -> list[str]:
        """Return what has come or changed since, and has settled, in words; each thing once."""
        now, found = self._look(), []
        for place, signature in now.items():
            settled = self._before.get(place) == signature
            if settled and self._known.get(place) != signature:
                found.append(_told(place, place in self._known))
                self._known[place] = signature
        self._known = {place: signature for place, signature in self._known.items() if place in now}
        self._before = now
        return found

    def _look(self) -> dict[tuple[str, str], Signature]:
        return {
            (str(folder), version): signature for folder in self._folders for version, signature in _versions(folder)
        }


def _told(place: tuple[str, str], changed: bool) -> str:
    folder, version = place
    if not version:
        return f"`{folder}` changed"
    return f"version {version} in `{folder}` changed" if changed else f"version {version} in `{folder}`"


def _versions(folder: Path) -> Iterator[tuple[str, Signature]]:
    """Return each version that holds a file; a folder without numbered ones is a single thing that may change."""
    try:
        numbered = sorted(name for name in os.listdir(folder) if name.isdecimal())  # noqa: PTH208
    except OSError:
        return
    for name in numbered or [""]:
        signature = _signature(folder / name)
        if signature:
            yield name, signature


def _signature(place: Path) -> Signature:
    found = []
    for top, _, names in os.walk(place):
        for name in names:
            file = os.path.join(top, name)  # noqa: PTH118 - folders may be large
            try:
                stat = os.stat(file)  # noqa: PTH116
            except OSError:
                continue
            found.append((os.path.relpath(file, place), stat.st_size, stat.st_mtime_ns))
    return tuple(sorted(found))
