"""Skips and known failures as they were written, on suites and on claims."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mltspec.language.source import Span
from mltspec.language.tree import Date, Expect, Item, Suite, Text, Word
from mltspec.lint.view import View, once

WORDS = ("skip", "xfail")


@dataclass(frozen=True)
class Written:
    """One excuse: ``skip because "…" until DATE``. ``until`` is None where no day is named."""

    word: str
    span: Span
    reason: str
    reason_span: Span
    until: datetime.date | None
    until_span: Span


@once
def excuses(view: View) -> Iterator[Written]:
    """Return every excuse of a spec, in the order of its text."""
    for statement in view.statements:
        if isinstance(statement, Suite | Expect):
            # One whose day does not exist keeps the spec from running anyway.
            yield from (each for each in _written(statement.items) if each.until or each.until_span == each.span)


def _written(items: Sequence[Item]) -> Iterator[Written]:
    for at, item in enumerate(items):
        if not (isinstance(item, Word) and item.text in WORDS and at + 2 < len(items)):
            continue
        because, reason = items[at + 1], items[at + 2]
        if not (isinstance(because, Word) and because.text == "because" and isinstance(reason, Text)):
            continue
        day = items[at + 4] if at + 4 < len(items) else None
        dated = isinstance(day, Date) and getattr(items[at + 3], "text", "") == "until"
        yield Written(
            item.text,
            item.span,
            reason.value,
            reason.span,
            _day(day.text) if dated and isinstance(day, Date) else None,
            day.span if dated and day is not None else item.span,
        )


def _day(text: str) -> datetime.date | None:
    """A day that does not exist is told by the compiler."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
