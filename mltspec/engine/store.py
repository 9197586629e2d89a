"""The folder that keeps evidence between runs, under keys that name everything it depends on.

    evidence/<kk>/<key>/<variant>.json   what was measured, and what was read meanwhile
    objects/<dd>/<digest>                files named by their content
    ledger.json, last.json               what is remembered for speed, and the last verdicts

Every file is written whole or not at all, so that runs may share a store and be killed at any moment.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from pydantic import ValidationError

from mltspec.engine.ledger import FileDigests, Ledger
from mltspec.engine.touched import Trace
from mltspec.evidence.kind import Blob, Evidence, Kind
from mltspec.plan.wire import Wire

_MOST_VARIANTS = 8


class StoreError(Exception):
    """The store cannot be used; the message names the folder and the way out."""


class Entry(Wire):
    """One piece of evidence as it is kept. ``seconds`` is what it took to gather; ``sum`` is the digest of the rest.

    A flipped bit may leave sound JSON with another number in it: a verdict from it would be wrong without a sign.
    """

    kind: str
    ask: dict[str, Any]
    evidence: dict[str, Any]
    trace: Trace
    seconds: float
    sum: str = ""

    def summed(self) -> Entry:
        """Return the entry with its sum."""
        return self.model_copy(update={"sum": self.model_copy(update={"sum": ""}).fingerprint()})

    @property
    def is_whole(self) -> bool:
        """Whether it is as it was written."""
        return self.summed().sum == self.sum


class Store:
    """Evidence by key. A ``read_only`` store is never written."""

    def __init__(self, folder: Path, read_only: bool = False) -> None:
        self.folder = Path(os.path.abspath(folder))  # noqa: PTH100
        self.read_only = read_only
        self._hidden = frozenset({self.folder.name})
        if not read_only:
            with self._explained("create"):
                self.objects.mkdir(parents=True, exist_ok=True)
                ignore = self.folder / ".gitignore"
                if not ignore.exists():
                    ignore.write_text("*\n")
        self.ledger = Ledger(self.folder / "ledger.json")
        self.digests = FileDigests(self.ledger)

    @property
    def objects(self) -> Path:
        """Where files named by their digest lie."""
        return self.folder / "objects"

    def find(self, kind: Kind, key: str, roots: Sequence[str]) -> tuple[Evidence, Entry] | None:
        """Return evidence under a key, if what it read then is still so; broken entries are passed over."""
        for file in self._variants(key):
            try:
                entry = Entry.from_json(file.read_bytes())
                evidence = kind.evidence.model_validate_json(json.dumps(entry.evidence))
            except (OSError, ValidationError):
                continue
            if entry.trace.holds(roots, self.digests, self._hidden) and entry.is_whole and self._whole(evidence):
                self._used(file)
                return evidence, entry
        return None

    def keep(self, key: str, entry: Entry) -> None:
        """Keep evidence; a variant that read the same things in the same state is replaced.

        Raises:
            StoreError: the folder cannot be written.
        """
        if self.read_only:
            return
        folder = self.folder / "evidence" / key[:2] / key
        with self._explained("write to"):
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / f"{entry.trace.fingerprint()[:32]}.json", entry.summed().to_json())
        for old in self._variants(key)[_MOST_VARIANTS:]:
            with contextlib.suppress(OSError):
                old.unlink()

    def last(self) -> dict[str, str]:
        """Return the last known verdict of each expectation, by id."""
        try:
            verdicts = json.loads((self.folder / "last.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return verdicts if isinstance(verdicts, dict) else {}

    def save_ledger(self) -> None:
        """Write down what was found out about files."""
        if not self.read_only:
            self.ledger.save()

    def remember(self, verdicts: Mapping[str, str]) -> None:
        """Add this run's verdicts to what is known of the last runs, and save the ledger."""
        if self.read_only:
            return
        self.save_ledger()
        with self._explained("write to"):
            _write(self.folder / "last.json", json.dumps({**self.last(), **verdicts}, indent=0))

    def _used(self, file: Path) -> None:
        """Note that an entry was of use: what is not for long may be removed."""
        if not self.read_only:
            with contextlib.suppress(OSError):
                os.utime(file)

    def _variants(self, key: str) -> list[Path]:
        try:
            files = [(entry.stat().st_mtime_ns, entry.path) for entry in os.scandir(self._home(key))]
        except OSError:
            return []
        return [Path(path) for _, path in sorted(files, reverse=True) if path.endswith(".json")]

    def _home(self, key: str) -> Path:
        return self.folder / "evidence" / key[:2] / key

    def _whole(self, evidence: Evidence) -> bool:
        return all(self._holds(blob) for blob in blobs(evidence))

    def _holds(self, blob: Blob) -> bool:
        try:
            return (self.objects / blob.digest[:2] / blob.digest).stat().st_size == blob.size_bytes
        except OSError:
            return False

    @contextlib.contextmanager
    def _explained(self, doing: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise StoreError(
                f"cannot {doing} the store `{self.folder}`: {reason.lower()}; "
                "free or fix that folder, or name another with `--store`"
            ) from error


def blobs(value: object) -> Iterator[Blob]:
    """Return every blob that a record refers to."""
    if isinstance(value, Blob):
        yield value
    elif isinstance(value, Wire):
        for name in type(value).model_fields:
            yield from blobs(getattr(value, name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from blobs(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from blobs(item)


def _write(file: Path, text: str) -> None:
    """Write a file whole, down to the disk, or leave it as it was."""
    handle, part = mkstemp(dir=file.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(part).replace(file)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
