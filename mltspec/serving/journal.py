"""What a drill has disturbed, on record before it is disturbed, so that the next start can put it right.

A drill that is killed leaves its entry behind. Whoever starts next finds it, rolls the server back to the version
that served before, and only then strikes the entry out.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from mltspec.plan.subject import Server
from mltspec.plan.wire import Wire, digest_of
from mltspec.serving.open import open_system
from mltspec.serving.system import System, Trouble


class Entry(Wire):
    """A drill under way: on which server, what served before it, and the process that holds it.

    ``born`` is when that process started, as the kernel says: a later one may get the same number.
    """

    server: Server
    model: str
    before: str
    folder: str
    pid: int
    born: str


@dataclass(frozen=True)
class Restored:
    """What became of an entry: ``trouble`` is why the server could not be put right; ``ours`` ended with its drill."""

    server: str
    version: str
    trouble: str = ""
    ours: bool = False


class Journal:
    """The entries of one store, one file a server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def drilling(self, server: Server, model: str, before: str, folder: Path, system: System) -> Iterator[None]:
        """Hold a server for a drill; whatever happens inside, it serves ``before`` afterwards.

        Raises:
            Trouble: another drill holds it, or it could not be put right at the end.
        """
        entry = Entry(server=server, model=model, before=before, folder=str(folder), pid=os.getpid(), born=_born())
        file = self._enter(entry)
        try:
            yield
        finally:
            if before and (not server.ours or _serves(system)):
                _put_right(system, before)
            file.unlink(missing_ok=True)

    def replay(self) -> list[Restored]:
        """Put right every server that a killed drill left behind; those that cannot be reached stay on record."""
        found = []
        for file in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else ():
            try:
                entry = Entry.from_json(file.read_bytes())
            except (OSError, ValidationError):
                continue
            if entry.pid and _born(entry.pid) == entry.born:
                continue
            found.append(_restored(entry, file))
        return found

    def _enter(self, entry: Entry) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        place = [entry.server.system, entry.server.address or entry.server.name, entry.model, entry.pid * _ours(entry)]
        file = self._folder / f"{digest_of(place)[:16]}.json"
        handle, part = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "w") as stream:
            stream.write(entry.to_json())
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(part, file)
        except FileExistsError:
            raise Trouble(
                f"another drill holds server `{entry.server.name}`, or one that was killed has not been put right: "
                f"see `{file}`"
            ) from None
        finally:
            Path(part).unlink()
        return file


def _ours(entry: Entry) -> int:
    return int(entry.server.ours)


def _serves(system: System) -> bool:
    try:
        return system.ready()
    except Trouble:
        return False


def _put_right(system: System, before: str) -> None:
    if system.live_version() != before:
        system.rollback(before)


def _restored(entry: Entry, file: Path) -> Restored:
    """Roll one server back and strike its entry out; one that was ours has ended with the drill."""
    if not entry.server.ours:
        try:
            with tempfile.TemporaryDirectory() as work:
                system = open_system(entry.server, entry.model, Path(entry.folder), Path(work))
                try:
                    _put_right(system, entry.before)
                finally:
                    system.close()
        except Trouble as trouble:
            return Restored(entry.server.name, entry.before, str(trouble))
    file.unlink(missing_ok=True)
    return Restored(entry.server.name, entry.before, ours=entry.server.ours)


def _born(pid: int | None = None) -> str:
    """Return when a process started, in the kernel's ticks; empty where none runs or the kernel is silent."""
    try:
        text = Path(f"/proc/{pid or os.getpid()}/stat").read_text()
    except OSError:
        return ""
    state, *fields = text.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[18]
