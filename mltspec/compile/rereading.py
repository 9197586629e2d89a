"""Understanding a spec again and again while it is typed: a claim that stands as it stood means what it meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from mltspec.compile.expectations import Claim, understand
from mltspec.compile.fault import SILENT, Fault, Faulty
from mltspec.compile.names import Names
from mltspec.compile.reading import shown
from mltspec.compile.suites import Understand
from mltspec.language.diagnostic import Label
from mltspec.language.memo import Memo
from mltspec.language.shifting import span
from mltspec.language.source import Source
from mltspec.language.tree import Expect, Item, Items

Key = tuple[str, int, bool]


class Understanding:
    """Reads claims as ``understand`` does, each but once for its text and what the names around it mean.

    What is kept knows no place, or one relative to its statement.
    """

    def __init__(self) -> None:
        self._claims: Memo[Key, Claim | Fault] = Memo()
        self._meanings: Memo[Any, int] = Memo()
        self._fresh = count()
        self._last: tuple[Names, int] | None = None

    def turn(self) -> None:
        """A new state of the spec begins."""
        self._claims.turn()
        self._meanings.turn()
        self._last = None

    def of(self, source: Source) -> Understand:
        """Return what reads the claims of one source."""

        def read(expect: Expect, names: Names, in_batch: bool) -> Claim:
            start = expect.span.start
            key = (source.text[start : expect.span.end], self._number(names), in_batch)
            found = self._claims.known(key, lambda _: _read(expect, names, in_batch))
            if isinstance(found, Fault):
                raise Faulty(_moved(found, start))
            return found

        return read

    def _number(self, names: Names) -> int:
        """Return the same number for names that mean the same, wherever they were declared."""
        if self._last is None or self._last[0] is not names:
            self._last = (names, self._meanings.known(_meaning(names), lambda _: next(self._fresh)))
        return self._last[1]


def _read(expect: Expect, names: Names, in_batch: bool) -> Claim | Fault:
    try:
        return understand(expect, names, in_batch)
    except Faulty as faulty:
        return _moved(faulty.fault, -expect.span.start)


def _moved(fault: Fault, by: int) -> Fault:
    if fault is SILENT:
        return fault
    related = tuple(Label(span(label.span, by), label.text) for label in fault.related)
    return replace(fault, span=span(fault.span, by), related=related)


def _meaning(names: Names) -> object:
    """Everything about names that a claim's meaning depends on; where they were written is no part of it."""
    declared = tuple((name, each.kind, each.faulty, each.stages) for name, each in names.declared.items())
    return declared, tuple((name, _plain(items)) for name, items in names.lets.items())


def _plain(items: Sequence[Item]) -> object:
    return tuple((type(item), _plain(item.items) if isinstance(item, Items) else shown(item)) for item in items)
