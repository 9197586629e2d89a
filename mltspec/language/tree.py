"""The tree of a spec: what was written, with its place, before anything is given meaning.

Statements are known to the grammar; the words inside them are not. An ``expect`` line is a flat run of
items, so that a new kind of expectation needs no new grammar.
"""

from __future__ import annotations

from dataclasses import dataclass

from mltspec.language.quantity import Amount
from mltspec.language.source import Source, Span


@dataclass(frozen=True)
class Node:
    """Anything with a place in the text."""

    span: Span


# ------------------------------------------------------------------ items


@dataclass(frozen=True)
class Word(Node):
    """A name or a word of a phrase; may be dotted (``std.smoke``)."""

    text: str


@dataclass(frozen=True)
class Number(Node):
    """A number, with its unit if it has one."""

    amount: Amount


@dataclass(frozen=True)
class Text(Node):
    """A quoted string, its value with escapes resolved."""

    value: str


@dataclass(frozen=True)
class Date(Node):
    """``2027-01-31``, unvalidated."""

    text: str


@dataclass(frozen=True)
class Operator(Node):
    """``<= >= < > = != + - ..`` and the comma, in ASCII whatever was typed."""

    text: str


@dataclass(frozen=True)
class Items(Node):
    """A bracketed list ``[a, b]``; commas are not kept."""

    items: tuple[Item, ...]


Item = Word | Number | Text | Date | Operator | Items


# ------------------------------------------------------------------ statements


@dataclass(frozen=True)
class Line(Node):
    """A line of items inside a block of a declaration or an expectation."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Edition(Node):
    """``edition 2026``."""

    year: str


@dataclass(frozen=True)
class Use(Node):
    """``use "path" [as name]``; ``use std/training`` may also be written quoted."""

    path: Text
    alias: Word | None


@dataclass(frozen=True)
class Let(Node):
    """``let name = items``."""

    name: Word
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Declaration(Node):
    """``model|data|baseline|server|pipeline|profile|attest NAME [= items] [{ lines }]``."""

    keyword: str
    name: Word
    items: tuple[Item, ...]
    lines: tuple[Line, ...] | None
    doc: str


@dataclass(frozen=True)
class Expect(Node):
    """``expect items [{ lines }]``. ``keyword`` is the span of the word ``expect``."""

    keyword: Span
    items: tuple[Item, ...]
    lines: tuple[Line, ...] | None
    doc: str


@dataclass(frozen=True)
class ForEach(Node):
    """``for each name in [items] { statements }``."""

    name: Word
    values: Items
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class ForAny(Node):
    """``for any items { statements }``: a search over generated batches. ``items`` follow ``any``."""

    items: tuple[Item, ...]
    body: tuple[Statement, ...]
    doc: str


@dataclass(frozen=True)
class Suite(Node):
    """``suite "title" items { statements }``."""

    title: Text
    items: tuple[Item, ...]
    body: tuple[Statement, ...]
    doc: str


Statement = Edition | Use | Let | Declaration | Suite | Expect | ForEach | ForAny


@dataclass(frozen=True)
class Spec:
    """A whole file."""

    source: Source
    statements: tuple[Statement, ...]
