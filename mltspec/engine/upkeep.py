"""Upkeep of the store: what lies in it, what of it is damaged, and what may go."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mltspec.engine.store import Entry, Store

RECENT_S = 3600.0
"""What was written or used so lately may belong to a run that is going on: it stays."""


@dataclass(frozen=True)
class Piece:
    """One entry of the store: its file, how it reads, and which objects it names.

    ``used`` is when it was gathered or last answered a run, in seconds since the epoch.
    """

    file: Path
    kind: str
    seconds: float
    used: float
    size_bytes: int
    objects: frozenset[str]
    damage: str = ""


@dataclass
class Contents:
    """Everything in a store. ``objects`` maps a digest to its file."""

    pieces: list[Piece] = field(default_factory=list)
    objects: dict[str, Path] = field(default_factory=dict)

    @property
    def named(self) -> set[str]:
        """Digests of objects that some sound entry names."""
        return {digest for piece in self.pieces if not piece.damage for digest in piece.objects}

    def size_bytes(self) -> int:
        """Return what all of it takes on disk."""
        return sum(piece.size_bytes for piece in self.pieces) + sum(f.stat().st_size for f in self.objects.values())


@dataclass(frozen=True)
class Damage:
    """A file that is not what was written, and what is wrong with it."""

    file: Path
    what: str


@dataclass(frozen=True)
class Freed:
    """What was removed."""

    entries: int
    objects: int
    size_bytes: int


def contents(store: Store) -> Contents:
    """Look through a store; nothing is changed."""
    found = Contents()
    for file in sorted((store.folder / "evidence").glob("*/*/*.json")):
        found.pieces.append(_piece(file))
    for file in sorted(store.objects.glob("*/*")):
        if not file.name.startswith("."):
            found.objects[file.name] = file
    return found


def damages(store: Store) -> Iterator[Damage]:
    """Read every file and tell of each that is not what was written, or that lacks an object it names."""
    found = contents(store)
    broken = set()
    for digest, file in found.objects.items():
        with file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                broken.add(digest)
                yield Damage(file, "its content is not what its name says")
    for piece in found.pieces:
        lost = piece.objects - found.objects.keys() | piece.objects & broken
        if piece.damage:
            yield Damage(piece.file, piece.damage)
        elif lost:
            yield Damage(piece.file, f"names an object that is damaged or missing: {min(lost)[:12]}…")


def collect(store: Store, older_than_s: float | None, at_most_bytes: int | None) -> Freed:
    """Remove what is damaged, what was not used for long, and, while too much is left, what was used longest ago.

    Objects that no entry names any more go with it. What was used within the last hour stays in any case.

    Raises:
        OSError: a file cannot be removed.
    """
    found, now = contents(store), time.time()
    before = found.size_bytes()
    kept = before
    gone: list[Piece] = []
    for piece in sorted(found.pieces, key=lambda piece: piece.used):
        old = older_than_s is not None and now - piece.used > older_than_s
        too_much = at_most_bytes is not None and kept > at_most_bytes
        if piece.damage or ((old or too_much) and now - piece.used > RECENT_S):
            gone.append(piece)
            others = {d for each in found.pieces if each not in gone and not each.damage for d in each.objects}
            freed = sum(found.objects[d].stat().st_size for d in piece.objects - others if d in found.objects)
            kept -= piece.size_bytes + freed
    for piece in gone:
        piece.file.unlink(missing_ok=True)
        found.pieces.remove(piece)
    named = found.named
    loose = [f for digest, f in found.objects.items() if digest not in named and now - f.stat().st_mtime > RECENT_S]
    size = sum(piece.size_bytes for piece in gone) + sum(file.stat().st_size for file in loose)
    for file in loose:
        file.unlink(missing_ok=True)
    _drop_empty(store.folder / "evidence")
    return Freed(len(gone), len(loose), size)


def _piece(file: Path) -> Piece:
    about = file.stat()
    try:
        entry = Entry.from_json(file.read_bytes())
    except (OSError, ValidationError) as problem:
        what = "cannot be read" if isinstance(problem, OSError) else "is no entry: truncated, or of another release"
        return Piece(file, "?", 0.0, about.st_mtime, about.st_size, frozenset(), what)
    damage = "" if entry.is_whole else "its content was changed after it was written"
    named = frozenset(_digests(entry.evidence))
    return Piece(file, entry.kind, entry.seconds, about.st_mtime, about.st_size, named, damage)


def _digests(value: Any) -> Iterator[str]:
    """Return the digest of every file that a record's JSON names."""
    if isinstance(value, dict):
        if value.keys() == {"digest", "size_bytes"}:
            yield str(value["digest"])
        for inner in value.values():
            yield from _digests(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _digests(inner)


def _drop_empty(folder: Path) -> None:
    for each in sorted(folder.glob("*/*"), reverse=True) + sorted(folder.glob("*"), reverse=True):
        if each.is_dir() and not any(each.iterdir()):
            each.rmdir()
