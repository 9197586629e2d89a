"""The texts an author has open, before those on the disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mltspec.compile.fault import Fault
from mltspec.compile.files import load, parse_file
from mltspec.compile.linking import Linked, link
from mltspec.compile.rereading import Understanding
from mltspec.compile.specs import findings
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.parse import Parsed, parse
from mltspec.language.rereading import Rereader
from mltspec.language.source import Source

Signature = tuple[int, int, int]


@dataclass(frozen=True)
class Page:
    """One spec as it is at the moment: its tree, what it declares and uses, and what is wrong with it."""

    path: Path
    parsed: Parsed
    linked: Linked
    understanding: Understanding

    @property
    def source(self) -> Source:
        """Its text."""
        return self.parsed.spec.source

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every finding of its own, and of the specs that it uses."""
        self.understanding.turn()
        return tuple(findings(self.linked, self.understanding.of))


class _Sheet:
    """An open text: its last state, and what is remembered of it for the next."""

    def __init__(self, path: Path) -> None:
        self.rereader = Rereader()
        self.understanding = Understanding()
        self.parsed = parse(Source(str(path), ""))


class Desk:
    """Open texts by path; pages made of them are kept until anything changes."""

    def __init__(self) -> None:
        self._open: dict[str, _Sheet] = {}
        self._files: dict[str, tuple[Signature, Parsed | Fault]] = {}
        self._pages: dict[str, Page] = {}

    def put(self, path: Path, text: str) -> None:
        """Open a text, or replace it."""
        sheet = self._open.setdefault(_key(path), _Sheet(path))
        sheet.parsed = sheet.rereader.parse(Source(str(path), text))
        self._pages.clear()

    def remove(self, path: Path) -> None:
        """Close a text: from now on the file counts."""
        self._open.pop(_key(path), None)
        self._pages.clear()

    def refresh(self) -> None:
        """Look at the disk again: a file may have changed."""
        self._pages.clear()

    def text(self, path: Path) -> str | None:
        """Return an open text."""
        sheet = self._open.get(_key(path))
        return sheet.parsed.spec.source.text if sheet else None

    def page(self, path: Path) -> Page | None:
        """Return the page of an open text or of a file; None where there is neither."""
        key = _key(path)
        if key not in self._pages:
            parsed = self._read(path, str(path))
            if isinstance(parsed, Fault):
                return None
            sheet = self._open.get(key)
            understanding = sheet.understanding if sheet else Understanding()
            self._pages[key] = Page(path, parsed, link(load(path, read=self._read)), understanding)
        return self._pages[key]

    def _read(self, path: Path, name: str) -> Parsed | Fault:
        key = _key(path)
        if key in self._open:
            return self._open[key].parsed
        signature = _signature(key)
        known = self._files.get(key)
        if known is None or known[0] != signature:
            known = self._files[key] = (signature, parse_file(path, name))
        return known[1]


def _key(path: Path) -> str:
    return os.path.realpath(path)


def _signature(path: str) -> Signature:
    try:
        stat = os.stat(path)  # noqa: PTH116
    except OSError:
        return (0, 0, -1)
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)
