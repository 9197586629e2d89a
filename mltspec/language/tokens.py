"""Text to tokens: every character belongs to exactly one, so that they join to the text again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from mltspec.language.source import Span
from mltspec.language.tables import BLANK, load

BYTE_ORDER_MARK = "\ufeff"


class Token(NamedTuple):
    """A piece of text with the name of its terminal in the grammar (``WORD``, ``LBRACE``, ``COMMENT``).

    A repaired token stands for what was meant: its text may differ from what lies between its offsets.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where the token lies."""
        return Span(self.start, self.end)


_token = partial(tuple.__new__, Token)
"""Make a token from its four fields: half the time of the constructor, which a long spec calls very often."""


def lex(text: str, spaces: bool = True) -> Iterator[Token]:
    """Cut a text into tokens, comments and, unless parsing alone is wanted, blank space included; never raises."""
    tables = load()
    keyword = tables.keywords.get
    position = 0
    if text.startswith(BYTE_ORDER_MARK):
        if spaces:
            yield Token(BLANK, BYTE_ORDER_MARK, 0, 1)
        position = 1
    for found in (tables.terminals if spaces else tables.solid).finditer(text, position):
        kind = found.lastgroup
        if kind is None:
            return  # nothing but blank space is left
        value, end = found[kind], found.end()
        yield _token((keyword(value, kind) if kind == "WORD" else kind, value, end - len(value), end))


def docs_by_statement(tokens: tuple[Token, ...]) -> dict[int, str]:
    """Map the offset of a statement's first token to the ``##`` lines before it, without their marks.

    A ``##`` at the end of a line documents nothing: it stands after what it could speak of.
    """
    docs: dict[int, str] = {}
    pending: list[str] = []
    fresh = True
    for token in tokens:
        if token.kind == "NEWLINE":
            fresh = True
        elif token.kind == "DOC":
            if fresh:
                pending.append(token.text.lstrip("#").removeprefix(" ").rstrip())
        elif token.kind not in ("WHITESPACE", "COMMENT"):
            if pending:
                docs[token.start] = "\n".join(pending)
                pending = []
            fresh = False
    return docs
