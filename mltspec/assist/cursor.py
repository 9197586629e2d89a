"""Where a cursor stands: what is typed of the word under it, and the statement and blocks around it.

Read from the tokens, not from the tree: while a line is typed, it is seldom a statement yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mltspec.language.build import Builder
from mltspec.language.source import Source, Span
from mltspec.language.tables import load
from mltspec.language.tokens import Token, lex
from mltspec.language.tree import Item

BLANK = frozenset({"WHITESPACE"})
COMMENTS = frozenset({"COMMENT", "DOC"})
STRINGS = frozenset({"STRING", "ERROR_STRING"})
TYPED = frozenset({"WORD", "NUMBER", "QUANTITY", "ERROR_NUMBER", "ERROR_RATE"})
BRACKETS = frozenset("{}")


@dataclass(frozen=True)
class Cursor:
    """A place in a text.

    Args:
        offset: the place.
        typed: the word or number that ends at it, empty where there is none, and ``span`` where it stands.
        string: the content of the text in quotes around it, up to it; None outside of one.
        comment: it stands in a comment.
        before: the tokens of the statement up to the word that is typed.
        blocks: the first tokens of the lines whose braces are open around it, outermost first.
    """

    offset: int
    typed: str
    span: Span
    string: str | None
    comment: bool
    before: tuple[Token, ...]
    blocks: tuple[tuple[Token, ...], ...]


def cursor_at(source: Source, offset: int) -> Cursor:
    """Return where an offset is."""
    start = source.line_start(offset)
    line = tuple(_moved(lex(source.text[start : source.line_end(offset)]), start))
    inside = next((t for t in line if t.start < offset <= t.end and t.kind in STRINGS and not _closed(t, offset)), None)
    comment = any(t.start < offset <= t.end and t.kind in COMMENTS for t in line)
    last = next((t for t in line if t.start < offset <= t.end and _is_word(t)), None)
    begin = inside.start if inside else last.start if last else offset
    end = last.end if last and not inside else offset
    blocks, before = _around(source.text, start)
    for token in line:
        if token.start >= begin:
            break
        if token.kind == "LBRACE":
            blocks, before = [*blocks, tuple(before)], []
        elif token.kind == "RBRACE":
            blocks, before = blocks[:-1], []
        elif token.kind not in BLANK and token.kind not in COMMENTS:
            before = [*before, token]
    return Cursor(
        offset=offset,
        typed=source.text[begin:offset] if last and not inside else "",
        span=Span(begin, end),
        string=source.text[inside.start + 1 : offset] if inside else None,
        comment=comment,
        before=tuple(before),
        blocks=tuple(blocks),
    )


def items_of(tokens: tuple[Token, ...]) -> list[Item]:
    """Return tokens as items of a line; brackets are left out, and what is no item is passed over."""
    builder = Builder(Source("", ""), {})
    items: list[Item] = []
    for token in tokens:
        if token.kind in ("NUMBER", "QUANTITY"):
            items.append(builder.number(token))
        elif token.kind == "STRING":
            items.append(builder.text(token))
        elif token.kind == "DATE":
            items.append(builder.date(token))
        elif token.kind in ("COMPARE", "SIGN", "RANGE", "EQUAL", "COMMA"):
            items.append(builder.operator(token))
        elif _is_word(token):
            items.append(builder.word(token))
    return items


def _around(text: str, end: int) -> tuple[list[tuple[Token, ...]], list[Token]]:
    """The blocks open at the beginning of a line, and the tokens of a list that goes on from lines above."""
    blocks: list[tuple[Token, ...]] = []
    before: list[Token] = []
    depth = 0
    start = 0
    while start < end:
        stop = text.find("\n", start) + 1 or end
        line = text[start:stop]
        if depth or not BRACKETS.isdisjoint(line) or "[" in line:
            blocks, before, depth = _line(line, start, blocks, before if depth else [], depth)
        start = stop
    return blocks, before if depth else []


def _line(
    line: str, start: int, blocks: list[tuple[Token, ...]], before: list[Token], depth: int
) -> tuple[list[tuple[Token, ...]], list[Token], int]:
    for token in _moved(_lexed(line), start):
        if token.kind == "LBRACE":
            blocks, before = [*blocks, tuple(before)], []
        elif token.kind == "RBRACE":
            blocks, before = blocks[:-1], []
        elif token.kind not in BLANK and token.kind not in COMMENTS and token.kind != "NEWLINE":
            before.append(token)
            depth = max(0, depth + (token.kind == "LSQB") - (token.kind == "RSQB"))
    return blocks, before, depth


@lru_cache(4096)
def _lexed(line: str) -> tuple[Token, ...]:
    return tuple(lex(line))


def _moved(tokens: tuple[Token, ...] | Iterator[Token], by: int) -> Iterator[Token]:
    return (Token(t.kind, t.text, t.start + by, t.end + by) for t in tokens)


def _is_word(token: Token) -> bool:
    return token.kind in TYPED or token.text in load().keywords


def _closed(token: Token, offset: int) -> bool:
    """Whether an offset lies behind the closing quote of a text."""
    return token.kind == "STRING" and offset == token.end
