"""A suite, a loop or a search over batches that expects nothing.

It looks like a test in the file and in the table of contents, and tests nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltspec.language.source import Span
from mltspec.language.tree import Expect, ForAny, ForEach, Statement, Suite
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find blocks without an expectation, the outermost only."""
    yield from _empty(view.top)


def _empty(statements: Sequence[Statement]) -> Iterator[Offence]:
    for statement in statements:
        if not isinstance(statement, Suite | ForEach | ForAny):
            continue
        if _expects(statement):
            yield from _empty(statement.body)
            continue
        span = statement.title.span if isinstance(statement, Suite) else _head(statement)
        yield Offence("nothing is expected here", span, "no `expect` stands in its braces", "add one, or remove it")


def _expects(statement: Suite | ForEach | ForAny) -> bool:
    return any(
        isinstance(each, Expect) or (isinstance(each, Suite | ForEach | ForAny) and _expects(each))
        for each in statement.body
    )


def _head(statement: ForEach | ForAny) -> Span:
    return Span(statement.span.start, statement.span.start + len("for"))


RULE = Rule(look, bad='suite "later" {\n}', good='suite "later" {\n  expect loss decreases\n}')
