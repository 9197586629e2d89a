"""The shape of a spec: what it declares and claims, which lines fold, and what a selection grows to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mltspec.assist.desk import Page
from mltspec.language.source import Source, Span
from mltspec.language.tree import Declaration, Expect, ForAny, ForEach, Items, Let, Statement, Suite


@dataclass(frozen=True)
class Symbol:
    """Something of a spec that has a name. ``kind`` is the keyword it begins with; ``named`` is where its name is."""

    name: str
    kind: str
    span: Span
    named: Span
    inside: tuple[Symbol, ...] = ()


@dataclass(frozen=True)
class Fold:
    """Lines that fold into the first of them, counted from 1; ``comment`` for a run of comments."""

    first: int
    last: int
    comment: bool = False


def symbols(page: Page) -> tuple[Symbol, ...]:
    """Return what a spec declares and claims, nested as it is written."""
    return tuple(_symbols(page.source, page.parsed.spec.statements))


def _symbols(source: Source, statements: Sequence[Statement]) -> Iterator[Symbol]:
    for statement in statements:
        match statement:
            case Declaration():
                yield Symbol(statement.name.text, statement.keyword, statement.span, statement.name.span)
            case Let():
                yield Symbol(statement.name.text, "let", statement.span, statement.name.span)
            case Suite():
                inside = tuple(_symbols(source, statement.body))
                yield Symbol(statement.title.value or "suite", "suite", statement.span, statement.title.span, inside)
            case ForEach() | ForAny():
                head = _line(source, statement.span)
                inside = tuple(_symbols(source, statement.body))
                yield Symbol(source.slice(head).rstrip(" {"), "for", statement.span, head, inside)
            case Expect():
                start, end = statement.keyword.end, _line(source, statement.span).end
                text = " ".join(source.text[start:end].rstrip(" {").split())
                yield Symbol(text or "expect", "expect", statement.span, statement.keyword)


def _line(source: Source, span: Span) -> Span:
    """The first line of a span."""
    return Span(span.start, min(span.end, source.line_end(span.start)))


# ----------------------------------------------------------------- folding


def folds(page: Page) -> list[Fold]:
    """Return what can be folded: blocks, lists over several lines, and runs of comments."""
    found = list(_comments(page.source))
    open_: list[tuple[str, int]] = []
    for token in page.parsed.tokens:
        if token.kind in ("LBRACE", "LSQB"):
            open_.append((token.kind, page.source.position(token.start)[0]))
        elif token.kind in ("RBRACE", "RSQB"):
            wanted = "LBRACE" if token.kind == "RBRACE" else "LSQB"
            if open_ and open_[-1][0] == wanted:
                first, last = open_.pop()[1], page.source.position(token.start)[0]
                if last > first:
                    found.append(Fold(first, last - 1 if last - 1 > first else last))
    return sorted(found, key=lambda fold: (fold.first, -fold.last))


def _comments(source: Source) -> Iterator[Fold]:
    first = 0
    lines = [*source.text.split("\n"), ""]
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("#"):
            first = first or number
            continue
        if first and number - 1 > first:
            yield Fold(first, number - 1, comment=True)
        first = 0


# ----------------------------------------------------------------- selection


def selections(page: Page, offset: int) -> list[Span]:
    """Return what a selection grows to from an offset: word, list, line, statement, body, block, file."""
    source = page.source
    whole = Span(0, len(source.text))
    start, end = source.line_start(offset), source.line_end(offset)
    text = source.text[start:end]
    line = Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
    found = [token.span for token in page.tokens_at(offset) if token.kind not in ("WHITESPACE", "NEWLINE")][:1]
    found += [line, *_around(page.parsed.spec.statements, offset), whole]
    inside = [span for span in found if span.start <= offset <= span.end and span.end > span.start]
    inside.sort(key=lambda span: span.end - span.start)
    growing: list[Span] = []
    for span in inside:
        if not growing or (span.start <= growing[-1].start and span.end >= growing[-1].end and span != growing[-1]):
            growing.append(span)
    return growing or [Span(offset, offset)]


def _around(statements: Sequence[Statement], offset: int) -> Iterator[Span]:
    for statement in statements:
        if not statement.span.start <= offset <= statement.span.end:
            continue
        yield statement.span
        if isinstance(statement, Suite | ForEach | ForAny):
            if statement.body:
                yield statement.body[0].span.to(statement.body[-1].span)
            yield from _around(statement.body, offset)
        items = getattr(statement, "items", ())
        if items:
            yield items[0].span.to(items[-1].span)
        lists = [item for item in items if isinstance(item, Items)]
        yield from (each.span for each in lists if each.span.start <= offset <= each.span.end)
