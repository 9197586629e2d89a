"""The texts an author has open, before those on the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from mltspec.compile.fault import Fault
from mltspec.compile.files import Loaded, load, parse_file
from mltspec.compile.linking import Linked, link
from mltspec.compile.rereading import Understanding
from mltspec.compile.specs import findings
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.parse import Parsed
from mltspec.language.rereading import Rereader
from mltspec.language.source import Source, Span
from mltspec.language.tokens import Token, lex
from mltspec.language.tree import Expect, ForAny, ForEach, Items, Statement, Suite, Word
from mltspec.lint.linting import Finding, lint_linked
from mltspec.lint.settings import BadSettings, Settings, forget, settings_of
from mltspec.lint.view import Hearing, Stated

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

    @property
    def stands_on(self) -> frozenset[Path]:
        """The files of the specs that it uses, and that those use."""
        return frozenset(_used(self.linked.loaded))

    def tokens_at(self, offset: int) -> list[Token]:
        """Return the tokens that an offset lies in or between, the one that begins there first."""
        start = self.source.line_start(offset)
        found = [
            Token(token.kind, token.text, token.start + start, token.end + start)
            for token in lex(self.source.text[start : self.source.line_end(offset)])
        ]
        return [token for token in reversed(found) if token.start <= offset <= token.end]

    @cached_property
    def tags(self) -> frozenset[str]:
        """Every tag of the spec."""
        return frozenset(word for statement in self.parsed.spec.statements for word in _tags(statement))

    def claim_text(self, start: int) -> str:
        """Return the text of the expectation that begins at an offset, as reports show it; empty if none does."""
        expect = self._expects.get(start)
        return " ".join(self.source.slice(expect.keyword.to(expect.items[-1].span)).split()) if expect else ""

    @cached_property
    def _expects(self) -> Mapping[int, Expect]:
        return {expect.span.start: expect for expect in _expects(self.parsed.spec.statements)}

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What keeps it from running, and what keeps the specs that it uses from it."""
        return self._compiled[0]

    @property
    def claims(self) -> Sequence[Stated]:
        """Its own claims as far as they were understood; several of one statement where that stands in a loop."""
        return self._compiled[1].claims

    @cached_property
    def ids(self) -> Mapping[str, Span]:
        """The ids of its own expectations, and where the word `expect` of each stands."""
        return {stated.id: stated.expect.keyword for stated in self.claims}

    def lint(self, between: Callable[[], None] = lambda: None) -> list[Finding]:
        """Return everything that the linter says of it; ``between`` is called after each rule, and may raise."""
        try:
            settings = settings_of(self.path)
        except BadSettings:
            settings = (
                Settings()
            )  # the command line says what is wrong with them; an editor lints as if there were none
        return lint_linked(self.linked, settings, compiled=self._as_compiled, between=between)

    def _as_compiled(self, _: Linked, hearing: Hearing) -> list[Diagnostic]:
        hearing.claims += self._compiled[1].claims
        return list(self._compiled[0])

    @cached_property
    def _compiled(self) -> tuple[tuple[Diagnostic, ...], Hearing]:
        self.understanding.turn()
        hearing = Hearing()
        return tuple(findings(self.linked, self.understanding.of, hearing)), hearing


class _Sheet:
    """An open text. It is parsed when somebody asks: of a burst of edits, only the last state ever is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.understanding = Understanding()
        self._rereader = Rereader()
        self._source = Source(str(path), "")
        self._parsed: Parsed | None = None

    def write(self, text: str) -> None:
        """Take another text."""
        self._source = Source(str(self.path), text)
        self._parsed = None

    @property
    def parsed(self) -> Parsed:
        """Its text, parsed."""
        if self._parsed is None:
            self._parsed = self._rereader.parse(self._source)
        return self._parsed


class Desk:
    """Open texts by path; pages made of them are kept until anything changes."""

    def __init__(self) -> None:
        self._open: dict[str, _Sheet] = {}
        self._files: dict[str, tuple[Signature, Parsed | Fault]] = {}
        self._pages: dict[str, Page] = {}

    def put(self, path: Path, text: str) -> None:
        """Open a text, or replace it."""
        self._open.setdefault(_key(path), _Sheet(path)).write(text)
        self._pages.clear()

    def remove(self, path: Path) -> None:
        """Close a text: from now on the file counts."""
        self._open.pop(_key(path), None)
        self._pages.clear()

    def refresh(self) -> None:
        """Look at the disk again: a file may have changed."""
        self._pages.clear()
        forget()

    def opened(self) -> list[Path]:
        """Return the paths of all open texts."""
        return [sheet.path for sheet in self._open.values()]

    def page(self, path: Path) -> Page | None:
        """Return the page of an open text or of a file; None where there is neither."""
        key = _key(path)
        if key not in self._pages:
            parsed = self.read(path, str(path))
            if isinstance(parsed, Fault):
                return None
            sheet = self._open.get(key)
            understanding = sheet.understanding if sheet else Understanding()
            self._pages[key] = Page(path, parsed, link(load(path, read=self.read)), understanding)
        return self._pages[key]

    def read(self, path: Path, name: str) -> Parsed | Fault:
        """Return an open text parsed, else a file; or say why there is none."""
        key = _key(path)
        if key in self._open:
            return self._open[key].parsed
        signature = _signature(key)
        known = self._files.get(key)
        if known is None or known[0] != signature:
            known = self._files[key] = (signature, parse_file(path, name))
        return known[1]


def _used(loaded: Loaded) -> Iterator[Path]:
    for used in loaded.used:
        yield used.loaded.path.resolve()
        yield from _used(used.loaded)


def _expects(statements: Iterable[Statement]) -> Iterator[Expect]:
    for statement in statements:
        if isinstance(statement, Expect):
            yield statement
        elif isinstance(statement, Suite | ForEach | ForAny):
            yield from _expects(statement.body)


def _tags(statement: Statement) -> Iterator[str]:
    if isinstance(statement, Suite | Expect):
        for before, item in pairwise(statement.items):
            if isinstance(before, Word) and before.text == "tags":
                names = item.items if isinstance(item, Items) else (item,)
                yield from (each.text for each in names if isinstance(each, Word))
    if isinstance(statement, Suite | ForEach | ForAny):
        for inner in statement.body:
            yield from _tags(inner)


def _key(path: Path) -> str:
    return os.path.realpath(path)


def _signature(path: str) -> Signature:
    try:
        stat = os.stat(path)  # noqa: PTH116
    except OSError:
        return (0, 0, -1)
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)
