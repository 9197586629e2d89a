"""The part that each token plays, for whoever colours a spec: the one table behind all highlighters.

A word like ``data`` declares something where it begins a line, and is a word like any other in ``expect data
well fed``. What the TextMate, tree-sitter and Vim grammars know of the language is generated from here
(``grammar/generate.py``), and a test holds what they make of every spec against what ``parts`` makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from mltspec.language.quantity import UNITS
from mltspec.language.tokens import Token

KINDS = ("model", "data", "baseline", "server", "pipeline", "profile", "attest")
"""What can be declared."""

STATEMENTS = ("edition", "use", "let", "suite", "expect", "for")
"""What else begins a statement."""

JOINING = ("for", "each", "any", "in", "as")
"""Keywords wherever they stand between other words."""

RESERVED = ("edition", "let", "suite", "expect")
"""Keywords that are never words of a phrase."""

MARKS = ("id", "tags", "severity", "owner", "skip", "xfail", "because", "until", "dry")
"""Words that begin what is said about an expectation rather than what it expects."""

UNIT_WORDS = tuple(sorted(UNITS))


class Part(StrEnum):
    """What a piece of text is to a reader."""

    KEYWORD = "keyword"
    KIND = "kind"
    NAME = "name"
    MARK = "mark"
    WORD = "word"
    NUMBER = "number"
    UNIT = "unit"
    DATE = "date"
    STRING = "string"
    OPERATOR = "operator"
    PUNCTUATION = "punctuation"
    COMMENT = "comment"
    DOC = "doc"
    BLANK = "blank"
    ERROR = "error"


OF_KIND = {
    "NUMBER": Part.NUMBER,
    "DATE": Part.DATE,
    "STRING": Part.STRING,
    "COMMENT": Part.COMMENT,
    "DOC": Part.DOC,
    "WHITESPACE": Part.BLANK,
    "NEWLINE": Part.BLANK,
} | dict.fromkeys(("COMPARE", "SIGN", "RANGE", "EQUAL"), Part.OPERATOR) | dict.fromkeys(
    ("COMMA", "LBRACE", "RBRACE", "LSQB", "RSQB"), Part.PUNCTUATION
)  # fmt: skip
LINE = "LINE"
"""Stands for what a plain line in a block begins with: no keyword."""

NAMES = frozenset(("WORD", "EACH", "ANY", "IN", "AS"))
NUMBER = re.compile(r"[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?")


class Stretch(NamedTuple):
    """A text at an offset, and the part it plays."""

    part: Part
    start: int
    text: str


def parts(tokens: Iterable[Token]) -> Iterator[Stretch]:
    """Return the parts of a text's tokens, in their order; together they are the text."""
    statement: list[str] = []
    blocks = [True]  # whether each open block holds statements, as that of a suite does, or plain lines
    depth = 0
    for token in tokens:
        kind = token.kind
        depth += (kind == "LSQB") - (kind == "RSQB" and depth > 0)
        if kind == "QUANTITY":
            yield from _quantity(token)
        elif kind.startswith("ERROR"):
            yield Stretch(Part.ERROR, token.start, token.text)
        else:
            yield Stretch(OF_KIND.get(kind) or _word(token, statement), token.start, token.text)
        if kind == "LBRACE":
            blocks.append(statement[:1] in (["SUITE"], ["FOR"]))
        elif kind == "RBRACE" and len(blocks) > 1:
            blocks.pop()
        if kind == "LBRACE" or (kind == "NEWLINE" and not depth):
            statement = [] if blocks[-1] else [LINE]
        elif OF_KIND.get(kind) not in (Part.BLANK, Part.COMMENT, Part.DOC):
            statement.append(kind)


def _quantity(token: Token) -> Iterator[Stretch]:
    number = NUMBER.match(token.text)
    assert number is not None
    unit = token.text[number.end() :]
    gap = len(unit) - len(unit.lstrip())
    yield Stretch(Part.NUMBER, token.start, number[0])
    if gap:
        yield Stretch(Part.BLANK, token.start + number.end(), unit[:gap])
    yield Stretch(Part.UNIT, token.start + number.end() + gap, unit[gap:])


def _word(token: Token, statement: list[str]) -> Part:
    """Return the part of a word or keyword after those tokens of its statement."""
    first = statement[0].lower() if statement else ""
    if token.kind in NAMES and (
        (len(statement) == 1 and first in (*KINDS, "let"))
        or statement == ["FOR", "EACH"]
        or statement == ["USE", "STRING", "AS"]
    ):
        return Part.NAME
    if token.kind == "WORD":
        return Part.MARK if token.text in MARKS else Part.WORD
    if not statement and token.text in KINDS:
        return Part.KIND
    if token.text in RESERVED or token.text in JOINING or (not statement and token.text in STATEMENTS):
        return Part.KEYWORD
    return Part.WORD
