"""From reductions to nodes: one function for each named rule of the grammar.

The parser calls them bottom-up, so that no depth of nesting needs recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mltspec.language import tree
from mltspec.language.quantity import parse_amount
from mltspec.language.source import Source, Span
from mltspec.language.tokens import Token

ASCII = {"≤": "<=", "≥": ">=", "≠": "!="}
ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}


class _Block(NamedTuple):
    """What stands in braces. ``end`` is 0 where there are none."""

    content: tuple[Any, ...] | None
    end: int


class Builder:
    """Builds the nodes of one source."""

    def __init__(self, source: Source, docs: dict[int, str]) -> None:
        self.source = source
        self.docs = docs
        self.actions: dict[str, Callable[..., Any]] = {
            name: getattr(self, name)
            for name in dir(type(self))
            if not name.startswith("_") and callable(getattr(self, name))
        }

    # ------------------------------------------------------------- sequences

    def none(self) -> list[Any]:
        """An empty sequence. Sequences grow in place: a copy a step would make long files slow."""
        return []

    def blank(self, sequence: list[Any], _newline: Token) -> list[Any]:
        """A line without content."""
        return sequence

    def more(self, sequence: list[Any], entry: Any, _newline: Token) -> list[Any]:
        """One more statement or line."""
        sequence.append(entry)
        return sequence

    def one(self, entry: Any) -> list[Any]:
        """The first of several."""
        return [entry]

    def another(self, sequence: list[Any], entry: Any) -> list[Any]:
        """One more item of a phrase."""
        sequence.append(entry)
        return sequence

    def next(self, sequence: list[Any], _comma: Token, entry: Any) -> list[Any]:
        """One more element of a list."""
        return self.another(sequence, entry)

    # ------------------------------------------------------------- items

    def word(self, token: Token) -> tree.Word:
        """A word, be it a keyword elsewhere or not."""
        return tree.Word(token.span, token.text)

    name = word

    def number(self, token: Token) -> tree.Number:
        """A number with or without a unit."""
        return tree.Number(token.span, parse_amount(token.text))

    def text(self, token: Token) -> tree.Text:
        """A quoted string."""
        return tree.Text(token.span, unquote(token.text))

    def date(self, token: Token) -> tree.Date:
        """A date."""
        return tree.Date(token.span, token.text)

    def operator(self, token: Token) -> tree.Operator:
        """A comparison, sign, comma or range, in ASCII."""
        return tree.Operator(token.span, ASCII.get(token.text, token.text))

    def bracketed(self, first: Token, *rest: Any) -> tree.Items:
        """A bracketed list."""
        elements = rest[0] if len(rest) > 1 else ()
        return tree.Items(Span(first.start, rest[-1].end), tuple(elements))

    # ------------------------------------------------------------- blocks

    def no_block(self) -> _Block:
        """Nothing in braces."""
        return _Block(None, 0)

    def block(self, _brace: Token, lines: list[Any], *rest: Any) -> _Block:
        """Lines in braces; the last one may lack its newline."""
        return _Block((*lines, *rest[:-1]), rest[-1].end)

    body = block

    def line(self, items: list[tree.Item]) -> tree.Line:
        """A line in a block."""
        return tree.Line(items[0].span.to(items[-1].span), tuple(items))

    # ------------------------------------------------------------- statements

    def edition(self, keyword: Token, year: Token) -> tree.Edition:
        """``edition 2026``."""
        return tree.Edition(Span(keyword.start, year.end), year.text)

    def use(self, keyword: Token, path: Token, *rest: Any) -> tree.Use:
        """``use "path" as name``."""
        alias: tree.Word | None = rest[1] if rest else None
        end = alias.span.end if alias else path.end
        return tree.Use(Span(keyword.start, end), self.text(path), alias)

    def let(self, keyword: Token, name: tree.Word, _equal: Token, items: list[tree.Item]) -> tree.Let:
        """``let name = items``."""
        return tree.Let(Span(keyword.start, items[-1].span.end), name, tuple(items))

    def declaration(self, keyword: Token, name: tree.Word, block: _Block) -> tree.Declaration:
        """``model name { … }``."""
        return self._declared(keyword, name, (), block)

    def defined(
        self, keyword: Token, name: tree.Word, _equal: Token, items: list[tree.Item], block: _Block
    ) -> tree.Declaration:
        """``data name = items``."""
        return self._declared(keyword, name, items, block)

    def _declared(self, keyword: Token, name: tree.Word, items: Sequence[tree.Item], block: _Block) -> tree.Declaration:
        end = block.end or (items[-1] if items else name).span.end
        span = Span(keyword.start, end)
        doc = self.docs.get(keyword.start, "")
        return tree.Declaration(span, keyword.text, name, tuple(items), block.content, doc)

    def suite(self, keyword: Token, title: Token, *rest: Any) -> tree.Suite:
        """``suite "title" items { … }``."""
        items = rest[0] if len(rest) > 1 else ()
        body: _Block = rest[-1]
        return tree.Suite(
            Span(keyword.start, body.end),
            self.text(title),
            tuple(items),
            body.content or (),
            self.docs.get(keyword.start, ""),
        )

    def expect(self, keyword: Token, items: list[tree.Item], block: _Block) -> tree.Expect:
        """``expect items { … }``."""
        span = Span(keyword.start, block.end or items[-1].span.end)
        doc = self.docs.get(keyword.start, "")
        return tree.Expect(span, keyword.span, tuple(items), block.content, doc)

    def for_each(
        self, keyword: Token, _each: Token, name: tree.Word, _in: Token, values: tree.Items, body: _Block
    ) -> tree.ForEach:
        """``for each name in [ … ] { … }``."""
        return tree.ForEach(Span(keyword.start, body.end), name, values, body.content or ())

    def for_any(self, keyword: Token, _any: Token, items: list[tree.Item], body: _Block) -> tree.ForAny:
        """``for any items { … }``."""
        doc = self.docs.get(keyword.start, "")
        return tree.ForAny(Span(keyword.start, body.end), tuple(items), body.content or (), doc)

    def spec(self, statements: list[tree.Statement], *last: tree.Statement) -> tree.Spec:
        """The whole file; its last statement may lack a newline."""
        return tree.Spec(self.source, (*statements, *last))


def unquote(text: str) -> str:
    r"""Return the value of a quoted string; ``\"``, ``\\``, ``\n`` and ``\t`` are the only escapes."""
    pieces = text[1:-1].split("\\")
    value = [pieces[0]]
    position = 1
    while position < len(pieces):
        piece = pieces[position]
        if piece:
            value.append(ESCAPES.get(piece[0], "\\" + piece[0]) + piece[1:])
            position += 1
        else:  # two backslashes in a row
            value.append("\\" + (pieces[position + 1] if position + 1 < len(pieces) else ""))
            position += 2
    return "".join(value)
