"""What a rule looks at: one spec, what was understood of it, and what lies around it on the disk."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from mltspec.compile.expectations import Claim, whole
from mltspec.compile.files import roots_of
from mltspec.compile.linking import Linked
from mltspec.compile.setting import Setting
from mltspec.language.quantity import Amount, parse_amount
from mltspec.language.source import Source, Span
from mltspec.language.tokens import Token
from mltspec.language.tree import Declaration, Expect, ForAny, ForEach, Item, Items, Number, Statement, Suite, Word
from mltspec.lint.waivers import Waiver

T = TypeVar("T")


@dataclass(frozen=True)
class Stated:
    """One claim: the statement it was made by (several, where that stands in a loop) and what it is about."""

    expect: Expect
    claim: Claim
    id: str
    setting: Setting

    @property
    def check(self) -> str:
        """The name of its check."""
        return self.claim.words.name

    @property
    def values(self) -> Mapping[str, Any]:
        """What was written, by field; a quantity is ``{"text": …}``."""
        return self.claim.values

    @property
    def place(self) -> Span:
        """The claim without its block."""
        return whole(self.expect)

    @property
    def decides(self) -> bool:
        """Whether a failure counts."""
        marks = self.setting.marks | self.claim.marks
        return marks.get("severity") != "warn" and not marks.get("dry_run")

    @property
    def tags(self) -> tuple[str, ...]:
        """Its own tags and its suite's."""
        return (*self.setting.marks.get("tags", ()), *self.claim.marks.get("tags", ()))

    @property
    def data(self) -> str:
        """The name of the data that it is measured on; the training data where it does not say."""
        return str(self.values.get("on") or self.setting.training)

    def amount(self, field: str) -> Amount | None:
        """Return the quantity of a field, None where none was written."""
        value = self.values.get(field)
        return parse_amount(value["text"]) if isinstance(value, dict) and "text" in value else None

    def span_of(self, text: str) -> Span:
        """Return where a number or a word of the claim stands; all of it where that was written as a `let`."""
        lines = (item for line in self.expect.lines or () for item in line.items)
        for item in (*self.expect.items, *lines):
            written = item.amount.text if isinstance(item, Number) else getattr(item, "text", None)
            if written == text:
                return item.span
        return self.place


@dataclass
class Hearing:
    """Takes claims as they are understood."""

    claims: list[Stated] = field(default_factory=list)

    def add(self, expect: Expect, claim: Claim, name: str, setting: Setting) -> None:
        """Keep a claim."""
        self.claims.append(Stated(expect, claim, name, setting))


@dataclass(frozen=True)
class View:
    """A spec. ``used`` are the waivers that something was waived by, known once all other rules have looked."""

    linked: Linked
    claims: Sequence[Stated]
    waivers: Sequence[Waiver]
    today: datetime.date
    used: frozenset[tuple[Waiver, str]] = frozenset()
    active: frozenset[str] = frozenset()
    memo: dict[object, tuple[Any, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def source(self) -> Source:
        """Its text."""
        return self.linked.loaded.spec.source

    @property
    def tokens(self) -> Sequence[Token]:
        """Every token, comments included, blank space left out."""
        return self.linked.loaded.tokens

    @cached_property
    def roots(self) -> tuple[Path, ...]:
        """The folders that modules and files are looked up in."""
        return roots_of(self.linked.loaded.path)

    @property
    def top(self) -> Sequence[Statement]:
        """The statements at its top."""
        return self.linked.loaded.spec.statements

    @cached_property
    def statements(self) -> Sequence[Statement]:
        """Every statement, outer before inner."""
        return tuple(_walk(self.top))

    def declarations(self, keyword: str) -> Iterator[Declaration]:
        """Return the declarations of a kind."""
        return (each for each in self.top if isinstance(each, Declaration) and each.keyword == keyword)

    @cached_property
    def words(self) -> Counter[str]:
        """How often each word stands in the text, a name's own declaration counted in."""
        return Counter(token.text for token in self.tokens if token.kind == "WORD")

    def mentions(self, name: str) -> int:
        """Return how often a name stands in the text besides where it is declared."""
        return self.words[name] - 1

    def is_expecting(self) -> bool:
        """Whether it claims anything itself; else it may be there to be used by others."""
        return any(isinstance(each, Expect) for each in self.statements)


def once(function: Callable[[View], Iterator[T]]) -> Callable[[View], tuple[T, ...]]:
    """Let a function look at each view but once, however many rules ask."""

    @wraps(function)
    def remembered(view: View) -> tuple[T, ...]:
        if function not in view.memo:
            view.memo[function] = tuple(function(view))
        return view.memo[function]

    return remembered


def items_of(statement: Statement) -> Iterator[Item]:
    """Return the items of one statement and of its block's lines, those inside lists too."""
    match statement:
        case Declaration() | Expect():
            groups = [statement.items, *(line.items for line in statement.lines or ())]
        case Suite() | ForAny():
            groups = [statement.items]
        case ForEach():
            groups = [(statement.values,)]
        case _:
            groups = []
    for group in groups:
        yield from _flat(group)


def _flat(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        if isinstance(item, Items):
            yield from _flat(item.items)


def _walk(statements: Sequence[Statement]) -> Iterator[Statement]:
    for statement in statements:
        yield statement
        if isinstance(statement, Suite | ForEach | ForAny):
            yield from _walk(statement.body)


def word_after(items: Sequence[Item], word: str) -> Item | None:
    """Return the item after a word, None where there is none."""
    for item, following in pairwise(items):
        if isinstance(item, Word) and item.text == word:
            return following
    return None
