"""Bounds where they stand in the text of specs, and edits that set them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from mltspec.compile.files import parse_file
from mltspec.language.diagnostic import Edit, Fix
from mltspec.language.fixing import apply
from mltspec.language.parse import Parsed
from mltspec.language.source import Span
from mltspec.language.tree import Expect, ForAny, ForEach, Item, Number, Operator, Statement, Suite, Word
from mltspec.plan.plan import Expectation

BEFORE_A_BOUND = frozenset({"<=", ">=", "<", ">", "+", "-"})


def edited(file: Path, wanted: Sequence[tuple[Expectation, str, str]]) -> tuple[str, str, list[str]]:
    """Return a spec's text before and after, and what could not be edited.

    Args:
        file: the spec.
        wanted: expectations that stand in it, each with the bound as written and as it shall be.
    """
    parsed = parse_file(file, str(file))
    if not isinstance(parsed, Parsed):
        return "", "", [f"{file} cannot be read"]
    source = parsed.spec.source
    places = {source.position(each.keyword.start): each for each in _expects(parsed.spec.statements)}
    found: dict[Span, dict[str, str]] = {}
    obstacles = []
    for expectation, old, new in wanted:
        claim = places.get((expectation.at.line, expectation.at.column))
        span = _bound(claim.items, old) if claim else None
        if span is None:
            obstacles.append(f"{expectation.id}: its bound `{old}` is written elsewhere; set it there to `{new}`")
        else:
            found.setdefault(span, {})[new] = expectation.id
    fixes = [Fix("", (Edit(span, new),)) for span, texts in found.items() for new in texts if len(texts) == 1]
    for texts in found.values():
        if len(texts) > 1:
            several = ", ".join(f"`{new}` for {id}" for new, id in texts.items())
            obstacles.append(f"one bound has to do for several claims, choose one: {several}")
    return source.text, apply(source.text, fixes), obstacles


def _expects(statements: Sequence[Statement]) -> Iterator[Expect]:
    for statement in statements:
        if isinstance(statement, Expect):
            yield statement
        elif isinstance(statement, Suite | ForEach | ForAny):
            yield from _expects(statement.body)


def _bound(items: Sequence[Item], text: str) -> Span | None:
    """Return where a bound stands: a number after a comparison or a sign, that is no number of rows."""
    for at, (sign, item) in enumerate(pairwise(items)):
        if not (isinstance(sign, Operator) and sign.text in BEFORE_A_BOUND):
            continue
        about = items[at - 1] if at else None
        of_rows = isinstance(about, Word) and about.text == "rows"
        if isinstance(item, Number) and item.amount.text == text and not of_rows:
            return item.span
    return None
