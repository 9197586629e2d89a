"""What is cheap to remember and dear to find out again: file digests and scans, in one file of the store."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from mltspec.plan.wire import digest_of
from mltspec.subjects.bench import digest_file

ABSENT = ""
_YOUNG_NS = 2_000_000_000
_MOST_ENTRIES = 20_000


class Ledger:
    """Facts by section and name; lost without harm."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._facts: dict[str, dict[str, Any]] = {}
        self._changed = False
        if file is not None:
            self._facts = _read(file)

    def get(self, section: str, name: str) -> Any:
        """Return a fact, or None."""
        return self._facts.get(section, {}).get(name)

    def put(self, section: str, name: str, fact: Any) -> None:
        """Remember a fact; the oldest are forgotten when there are very many."""
        facts = self._facts.setdefault(section, {})
        facts.pop(name, None)
        facts[name] = fact
        while len(facts) > _MOST_ENTRIES:
            del facts[next(iter(facts))]
        self._changed = True

    def save(self) -> None:
        """Write the ledger; a full disk or a locked folder is no reason to fail a run."""
        if self._file is None or not self._changed:
            return
        part = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
        try:
            part.write_text(json.dumps(self._facts, separators=(",", ":")), encoding="utf-8")
            part.replace(self._file)
        except OSError:
            part.unlink(missing_ok=True)
        self._changed = False


class FileDigests:
    """Digests of files and folders, computed once as long as a file is not touched.

    A file is known by its path, times, size and inode. One changed within the last two seconds is read
    anew each time: its next change might not show in a coarse clock.
    """

    def __init__(self, ledger: Ledger | None = None) -> None:
        self._ledger = ledger or Ledger()
        self._seen: dict[str, str] = {}

    def of_file(self, path: str) -> str:
        """Return the digest of a file's bytes, or ``ABSENT``."""
        if path not in self._seen:
            self._seen[path] = self._digest(path)
        return self._seen[path]

    def of_listing(self, path: str, hidden: frozenset[str] = frozenset()) -> str:
        """Return the digest of the names in a folder, or ``ABSENT``."""
        try:
            names = sorted(set(os.listdir(path)) - hidden - {"__pycache__"})  # noqa: PTH208
        except OSError:
            return ABSENT
        return digest_of(names)

    def of_tree(self, path: Path) -> str:
        """Return the digest of a file, or of every file in a folder with its relative name."""
        if not path.is_dir():
            return self.of_file(str(path))
        files = sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
        return digest_of([[file.relative_to(path).as_posix(), self.of_file(str(file))] for file in files])

    def forget(self) -> None:
        """Look at every file again from now on."""
        self._seen.clear()

    def _digest(self, path: str) -> str:
        try:
            stat = os.stat(path)  # noqa: PTH116
            signature = [stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino]
            known = self._ledger.get("files", path)
            if known is not None and known[:4] == signature:
                return str(known[4])
            if not os.path.isfile(path):  # noqa: PTH113
                return ABSENT
            digest = digest_file(Path(path))
        except OSError:
            return ABSENT
        if time.time_ns() - max(stat.st_mtime_ns, stat.st_ctime_ns) > _YOUNG_NS:
            self._ledger.put("files", path, [*signature, digest])
        return digest


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        facts = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    if isinstance(facts, dict) and all(isinstance(section, dict) for section in facts.values()):
        return facts
    return {}
