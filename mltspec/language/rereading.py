"""Reading a text again and again while it is typed: what is written as before is not parsed again.

A text is cut into lines, and lines into statements that stand by themselves: most are a line of their own, some go
on until their brackets are closed, and the head of a suite or a loop is one for itself. Each is parsed alone, once,
and what came of it is moved to where it stands now. What cannot be cut so (brackets that do not match, a broken
head) is parsed whole. The result is always what parsing the whole text gives; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum

from mltspec.language import shifting
from mltspec.language.brackets import NESTING, UNBALANCED
from mltspec.language.diagnostic import MOST, Diagnostic
from mltspec.language.memo import Memo
from mltspec.language.parse import Parsed, finished, parse, parse_statements
from mltspec.language.slips import mend
from mltspec.language.source import Source, Span
from mltspec.language.tables import load
from mltspec.language.tokens import BYTE_ORDER_MARK, Token, lex
from mltspec.language.tree import ForAny, ForEach, Spec, Statement, Suite

AROUND = 'suite "" {\n'
BEHIND = "\n}\n"


class Role(IntEnum):
    """What a line is to the statements around it."""

    NOTHING = 0
    WHOLE = 1
    HEAD = 2
    END = 3
    PART = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A line by itself.

    ``opens`` counts brackets it leaves open (negative: closes), ``low`` the fewest open in it, ``high`` the most.
    ``brace`` is where a lone closing brace stands. ``begun`` says that it begins with an opening brace.
    """

    role: Role
    doc: bool = False
    edition: bool = False
    opens: int = 0
    low: int = 0
    high: int = 0
    brace: int = 0
    begun: bool = False


@dataclass(slots=True)
class Unit:
    """What came of a statement that was parsed alone, at offset 0; and as it was wanted last."""

    statements: tuple[Statement, ...]
    diagnostics: tuple[Diagnostic, ...]
    whole: bool
    at: int = 0
    moved: tuple[Statement, ...] = ()

    def placed(self, at: int) -> tuple[Statement, ...]:
        """Return its statements at an offset."""
        if at != self.at or len(self.moved) != len(self.statements):
            self.at, self.moved = at, shifting.statements(self.statements, at)
        return self.moved


class _Odd(Exception):  # noqa: N818 - a way out, not an error
    """The text cannot be cut into statements that stand by themselves."""


class Rereader:
    """Parses the states of one text as they come."""

    def __init__(self) -> None:
        self.rows: Memo[str, Row] = Memo()
        self.units: Memo[tuple[str, bool], Unit] = Memo()
        self.blocks: dict[str, Unit] = {}
        self.blocks_by_line: dict[str, list[str]] = {}

    def parse(self, source: Source) -> Parsed:
        """Return what ``parse`` returns."""
        if BYTE_ORDER_MARK in source.text:
            return parse(source)
        self.rows.turn()
        self.units.turn()
        reading = _Reading(source, self)
        try:
            parsed = reading.run()
        except _Odd:
            return parse(source)
        self._keep(reading.blocks)
        return parsed

    def _keep(self, blocks: dict[str, Unit]) -> None:
        self.blocks = blocks
        self.blocks_by_line = {}
        for text in blocks:
            self.blocks_by_line.setdefault(text[: text.index("\n")], []).append(text)


@dataclass
class _Open:
    """A suite or a loop whose end has not come yet, and where the text of a whole block would begin."""

    head: Suite | ForEach | ForAny
    begin: int
    found: int
    body: list[Statement] = field(default_factory=list)


class _Reading:
    """One text, line by line; but a block that stands as it stood is taken whole."""

    def __init__(self, source: Source, memory: Rereader) -> None:
        self.source = source
        self.text = source.text
        self.memory = memory
        self.blocks: dict[str, Unit] = {}
        self.top: list[Statement] = []
        self.open: list[_Open] = []
        self.into = self.top
        self.found: list[Diagnostic] = []
        self.editions: list[Token] = []
        self.docs = -1
        """Where comments begin that document what comes next, -1 where there are none."""

    def run(self) -> Parsed:
        """Cut and read the whole text.

        Raises:
            _Odd: it cannot be cut.
        """
        offset, size = 0, len(self.text)
        while offset < size:
            end = self.text.find("\n", offset) + 1 or size + 1
            line = self.text[offset : end - 1]
            if not self.open and self.docs < 0 and line in self.memory.blocks_by_line:
                taken = self._block(offset, line)
                if taken:
                    offset = taken
                    continue
            row = self.memory.rows.known(line, _row)
            if row.role is Role.NOTHING:
                self.docs = offset if row.doc and self.docs < 0 else self.docs
            elif row.role is Role.END:
                self._end(offset + row.brace, end)
            else:
                end = self._statement(offset, end, row)
            offset = end
        if self.open or len(self.found) >= MOST:
            raise _Odd
        return finished(Spec(self.source, tuple(self.top)), self.found, self.editions)

    def _block(self, offset: int, line: str) -> int:
        """Take a block that begins with a line and stands as it stood; return where it ends, 0 if there is none."""
        for text in self.memory.blocks_by_line[line]:
            if self.text.startswith(text, offset):
                self.blocks[text] = unit = self.memory.blocks[text]
                self._take(unit, offset)
                return offset + len(text)
        return 0

    def _statement(self, start: int, end: int, row: Row) -> int:
        """Read what a line begins: the head of a block, or a statement to where its brackets close."""
        begin = start if self.docs < 0 else self.docs
        self.docs = -1
        if row.begun or len(self.open) + row.high >= NESTING - 1:
            raise _Odd
        if row.role is Role.HEAD:
            self._note_edition(row, start)
            self._head(begin, end)
            return end
        depth = 0
        while True:
            self._note_edition(row, start)
            if depth + row.low < 0 or len(self.open) + depth + row.high >= NESTING - 1:
                raise _Odd
            depth += row.opens
            if depth == 0:
                break
            if end >= len(self.text):
                raise _Odd
            start, end = end, self.text.find("\n", end) + 1 or len(self.text) + 1
            row = self.memory.rows.known(self.text[start : end - 1], _row)
        unit = self.memory.units.known((self.text[begin:end], bool(self.open)), _unit)
        if not unit.whole:
            raise _Odd
        self._take(unit, begin)
        return end

    def _note_edition(self, row: Row, start: int) -> None:
        if row.edition:
            self.editions.append(Token("EDITION", "edition", start, start))

    def _take(self, unit: Unit, at: int) -> None:
        self.into += unit.placed(at)
        for each in unit.diagnostics:
            self.found.append(shifting.diagnostic(each, at, self.source))

    def _head(self, begin: int, end: int) -> None:
        unit = self.memory.units.known((self.text[begin:end] + "}\n", bool(self.open)), _unit)
        if not unit.whole or unit.diagnostics or len(unit.statements) != 1:
            raise _Odd
        (head,) = unit.placed(begin)
        if not isinstance(head, Suite | ForEach | ForAny) or head.body:
            raise _Odd
        self.open.append(_Open(head, begin, len(self.found)))
        self.into = self.open[-1].body

    def _end(self, brace: int, end: int) -> None:
        self.docs = -1
        if not self.open:
            raise _Odd
        ended = self.open.pop()
        self.into = self.open[-1].body if self.open else self.top
        node = replace(ended.head, span=Span(ended.head.span.start, brace + 1), body=tuple(ended.body))
        self.into.append(node)
        if not self.open and end <= len(self.text) and isinstance(node, Suite):
            self._remember(node, ended, end)

    def _remember(self, node: Suite, ended: _Open, end: int) -> None:
        text = self.text[ended.begin : end]
        if not any(edition.start >= ended.begin for edition in self.editions):
            found = [shifting.diagnostic(each, -ended.begin, self.source) for each in self.found[ended.found :]]
            self.blocks[text] = Unit(shifting.statements((node,), -ended.begin), tuple(found), True)


def _row(line: str) -> Row:
    ignored = load().ignored
    tokens = tuple(lex(line + "\n"))
    significant = [token for token in tokens if token.kind not in ignored]
    kinds = [token.kind for token in mend(Source("", line), significant)[0] if token.kind != "NEWLINE"]
    if not kinds and all(token.kind == "NEWLINE" for token in significant):
        return Row(Role.NOTHING, doc=any(token.kind == "DOC" for token in tokens))
    depth = low = high = 0
    for kind in kinds:
        depth += (kind in ("LBRACE", "LSQB")) - (kind in ("RBRACE", "RSQB"))
        low, high = min(low, depth), max(high, depth)
    edition = any(token.kind == "EDITION" for token in tokens)
    brace = next((token.start for token in significant if token.kind == "RBRACE"), 0)
    begun = kinds[:1] == ["LBRACE"]
    if kinds == ["RBRACE"]:
        role = Role.END
    elif kinds and kinds[0] in ("SUITE", "FOR") and kinds[-1] == "LBRACE" and kinds.count("LBRACE") == depth == 1:
        role = Role.HEAD
    else:
        role = Role.WHOLE if depth == 0 and low == 0 else Role.PART
    return Row(role, edition=edition, opens=depth, low=low, high=high, brace=brace, begun=begun)


def _unit(key: tuple[str, bool]) -> Unit:
    """Parse a statement alone; one that stands inside a block, inside of one."""
    text, inside = key
    if not inside:
        # Not at the very top, where a mark of byte order would be no mistake.
        source = Source("", text)
        spec, found = parse_statements(source, tuple(lex(text)))
        return Unit(spec.statements, tuple(found), _is_whole(found))
    source = Source("", AROUND + text + BEHIND)
    spec, found = parse_statements(source, tuple(lex(source.text)))
    around = spec.statements[0] if len(spec.statements) == 1 else None
    whole = isinstance(around, Suite) and around.span.end == len(source.text) - 1 and _is_whole(found)
    body = around.body if isinstance(around, Suite) else ()
    by = -len(AROUND)
    moved = tuple(shifting.diagnostic(each, by, source) for each in found)
    return Unit(shifting.statements(body, by), moved, whole)


def _is_whole(found: list[Diagnostic]) -> bool:
    return len(found) < MOST and UNBALANCED.isdisjoint(each.name for each in found)
