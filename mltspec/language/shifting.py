"""What was read at one place, as it would have been read at another: every span moved by the same distance."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from mltspec.language.diagnostic import Diagnostic, Edit, Fix, Label
from mltspec.language.source import Source, Span
from mltspec.language.tree import (
    Declaration,
    Edition,
    Expect,
    ForAny,
    ForEach,
    Item,
    Items,
    Let,
    Line,
    Statement,
    Suite,
    Text,
    Use,
    Word,
)


class MovedExpect(Expect):
    """An expectation that was read elsewhere. Its items are moved when somebody looks at them.

    After most edits nobody looks at most of a long spec, so to move it must cost next to nothing.
    """

    _read: Expect
    _by: int

    @classmethod
    def of(cls, read: Expect, by: int) -> MovedExpect:
        """Return an expectation that was moved."""
        if isinstance(read, MovedExpect) and "_read" in vars(read):  # one that was changed since is like any other
            by += read._by
            read = read._read
        moved = cls.__new__(cls)
        vars(moved).update(span=span(read.span, by), keyword=span(read.keyword, by), doc=read.doc, _read=read, _by=by)
        return moved

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The words of the claim."""
        return _items(self._read.items, self._by)

    @cached_property
    def lines(self) -> tuple[Line, ...] | None:
        """The lines of its block."""
        return _lines(self._read.lines, self._by)


class MovedSuite(Suite):
    """A suite that was read elsewhere. What stands in it is moved when somebody looks at it."""

    _read: Suite
    _by: int

    @classmethod
    def of(cls, read: Suite, by: int) -> MovedSuite:
        """Return a suite that was moved."""
        if isinstance(read, MovedSuite) and "_read" in vars(read):  # one that was changed since is like any other
            by += read._by
            read = read._read
        moved = cls.__new__(cls)
        vars(moved).update(span=span(read.span, by), doc=read.doc, _read=read, _by=by)
        return moved

    @cached_property
    def title(self) -> Text:
        """What it is called."""
        return _text(self._read.title, self._by)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The words of its head."""
        return _items(self._read.items, self._by)

    @cached_property
    def body(self) -> tuple[Statement, ...]:
        """What it claims."""
        return statements(self._read.body, self._by)


def span(place: Span, by: int) -> Span:
    """Return a span that was moved."""
    return Span(place.start + by, place.end + by)


def statement(node: Statement, by: int) -> Statement:
    """Return a statement that was moved."""
    at = span(node.span, by)
    match node:
        case Expect():
            return MovedExpect.of(node, by)
        case Suite():
            return MovedSuite.of(node, by)
        case Edition():
            return replace(node, span=at)
        case Use():
            return replace(
                node, span=at, path=_text(node.path, by), alias=_word(node.alias, by) if node.alias else None
            )
        case Let():
            return replace(node, span=at, name=_word(node.name, by), items=_items(node.items, by))
        case Declaration():
            moved = replace(node, span=at, name=_word(node.name, by), items=_items(node.items, by))
            return replace(moved, lines=_lines(node.lines, by))
        case ForEach():
            name, values = _word(node.name, by), _item(node.values, by)
            assert isinstance(values, Items)
            return replace(node, span=at, name=name, values=values, body=statements(node.body, by))
        case ForAny():
            return replace(node, span=at, items=_items(node.items, by), body=statements(node.body, by))


def statements(nodes: tuple[Statement, ...], by: int) -> tuple[Statement, ...]:
    """Return statements that were moved."""
    return tuple(statement(node, by) for node in nodes)


def diagnostic(found: Diagnostic, by: int, source: Source) -> Diagnostic:
    """Return a diagnostic that was moved into another source."""
    return replace(
        found,
        source=source,
        primary=_label(found.primary, by),
        related=tuple(_label(label, by) for label in found.related),
        fixes=tuple(_fix(fix, by) for fix in found.fixes),
    )


def _label(label: Label, by: int) -> Label:
    return Label(span(label.span, by), label.text)


def _fix(fix: Fix, by: int) -> Fix:
    return replace(fix, edits=tuple(Edit(span(edit.span, by), edit.text) for edit in fix.edits))


def _word(word: Word, by: int) -> Word:
    return Word(span(word.span, by), word.text)


def _text(text: Text, by: int) -> Text:
    return Text(span(text.span, by), text.value)


def _item(item: Item, by: int) -> Item:
    moved = replace(item, span=span(item.span, by))
    return replace(moved, items=_items(moved.items, by)) if isinstance(moved, Items) else moved


def _items(items: tuple[Item, ...], by: int) -> tuple[Item, ...]:
    return tuple(_item(item, by) for item in items)


def _lines(lines: tuple[Line, ...] | None, by: int) -> tuple[Line, ...] | None:
    if lines is None:
        return None
    return tuple(Line(span(line.span, by), _items(line.items, by)) for line in lines)
