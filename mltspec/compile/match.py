"""Hold a line of items against a phrase and its clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mltspec.checks.clause import Clause
from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.forms import Literal, Sign, Slot, form
from mltspec.compile.names import Names
from mltspec.compile.reading import Reading, shown
from mltspec.compile.slots import READERS
from mltspec.language.diagnostic import Label
from mltspec.language.source import Span
from mltspec.language.suggest import closest
from mltspec.language.tree import Item, Number, Operator, Text, Word


@dataclass(slots=True)
class Matched:
    """Values by field, the index of the first item not taken, and the forms that were used."""

    values: dict[str, Any]
    end: int
    used: frozenset[str] = frozenset()


class Clauses:
    """Clauses that may follow a phrase, found by how they begin without trying each."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self.all = tuple(clauses)
        self._by_word: dict[str, list[Clause]] = {}
        self._others: list[Clause] = []
        for clause in clauses:
            first = form(clause.form)[0]
            home = self._by_word.setdefault(first.word, []) if isinstance(first, Literal) else self._others
            home.append(clause)

    def beginning(self, items: Sequence[Item], at: int) -> list[Clause]:
        """Return those that the items at ``at`` may begin."""
        item = items[at]
        named = self._by_word.get(item.text, []) if isinstance(item, Word) else []
        return named or [clause for clause in self._others if begins(clause.form, items, at)]


@dataclass(frozen=True)
class Line:
    """A line being read: its items, the names around it, and its phrase for messages."""

    items: Sequence[Item]
    names: Names
    phrase: str
    phrase_span: Span


def is_word(item: Item | None, word: str) -> bool:
    """Tell whether an item is a word of a phrase; a number may be one (``sum to 1``)."""
    return item.text == word if isinstance(item, Word) else isinstance(item, Number) and shown(item) == word


def begins(text: str, items: Sequence[Item], at: int = 0) -> bool:
    """Tell whether the items at ``at`` begin as a form does."""
    token = form(text)[0]
    if at >= len(items):
        return False
    item = items[at]
    match token:
        case Literal(word):
            return isinstance(item, Word) and item.text == word
        case Sign(sign):
            return isinstance(item, Operator) and item.text == sign
        case Slot(_, "compare"):
            return isinstance(item, Operator) and item.text in ("<=", ">=", "<", ">", "=", "!=")
        case Slot(_, "metric"):
            return isinstance(item, Word)
        case Slot(_, "name"):
            return isinstance(item, Word | Text)
    return True


def match_form(text: str, line: Line, at: int) -> Matched:
    """Match one form at ``at``.

    Raises:
        Faulty: the items do not follow the form.
    """
    values: dict[str, Any] = {}
    start, word = at, ""
    items, count = line.items, len(line.items)
    for token in form(text):
        if isinstance(token, Slot):
            subject, span = (word, items[start].span) if word else (line.phrase, line.phrase_span)
            reading = Reading(items, at, line.names, subject, span, not word, token)
            values[token.field], at = READERS[token.kind](reading)
            continue
        item = items[at] if at < count else None
        if isinstance(token, Literal):
            if not is_word(item, token.word):
                raise _expected(f"`{token.word}`", text, line, at)
            word = word or token.word
        elif not (isinstance(item, Operator) and item.text == token.text):
            raise _expected(f"`{token.text}`", text, line, at)
        at += 1
    return Matched(values, at)


def match_clauses(clauses: Clauses, line: Line, at: int) -> Matched:
    """Match clauses in any order, each at most once, to the end of the line.

    Raises:
        Faulty: an item belongs to no clause, or a clause is cut short, stands twice, or is required and not there.
    """
    values: dict[str, Any] = {}
    used: dict[str, Span] = {}
    while at < len(line.items):
        fitting = clauses.beginning(line.items, at)
        if not fitting:
            raise Faulty(_unknown_clause(clauses.all, line, at))
        fresh = [clause for clause in fitting if clause.form not in used]
        if not fresh:
            raise Faulty(_twice(line, at, used[fitting[0].form]))
        matched, clause = _first(fresh, line, at)
        used[clause.form] = line.items[at].span
        values |= matched.values
        at = matched.end
    for clause in clauses.all:
        if clause.required and clause.form not in used:
            raise Faulty(_missing(clause, line))
    return Matched(values, at, frozenset(used))


def _first(clauses: Sequence[Clause], line: Line, at: int) -> tuple[Matched, Clause]:
    """Return the first clause that matches, unless a longer one was begun and went wrong further on.

    ``skip because "…" until 2026-13-01`` is a bad date, not a good reason followed by an unknown clause.
    """
    faults: list[Faulty] = []
    for clause in clauses:
        try:
            matched = match_form(clause.form, line, at)
        except Faulty as faulty:
            faults.append(faulty)
            continue
        further = [
            f for f in faults if matched.end < len(line.items) and f.fault.span.start > _start(line, matched.end)
        ]
        if further:
            raise further[0]
        return matched, clause
    raise faults[0]


def _start(line: Line, at: int) -> int:
    return line.items[at].span.start


def as_written(text: str) -> str:
    """Return a form as an author would write it, slots as their names: ``by >= RATIO``."""
    words = []
    for token in form(text):
        match token:
            case Literal(word) | Sign(word):
                words.append(word)
            case Slot(_, "amount", dimensions):
                words.append("|".join(dimensions).upper())
            case Slot(_, "choice", _, choices):
                words.append("|".join(choices))
            case Slot(_, "compare"):
                words.append(">=")
            case Slot(_, kind):
                words.append(kind.upper())
    return " ".join(words)


def _expected(what: str, text: str, line: Line, at: int) -> Faulty:
    if at < len(line.items):
        span, met = line.items[at].span, f"`{shown(line.items[at])}` stands there"
    else:
        end = line.items[-1].span.end
        span, met = Span(end - 1, end), "the line ends"
    return Faulty(
        Fault(
            name="unexpected-item",
            message=f"{what} is due, but {met}",
            span=span,
            label=f"{what} is due here",
            help=f"the clause reads `{as_written(text)}`",
        )
    )


def _unknown_clause(clauses: Sequence[Clause], line: Line, at: int) -> Fault:
    item = line.items[at]
    words = [token.word for clause in clauses if isinstance(token := form(clause.form)[0], Literal)]
    near = closest(item.text, words) if isinstance(item, Word) else []
    forms = [as_written(clause.form) for clause in clauses]
    return Fault(
        name="unknown-clause",
        message=f"`{line.phrase}` has no clause that begins with `{shown(item)}`",
        span=item.span,
        label="not understood",
        help=f"did you mean `{near[0]}`?" if near else f"it may be followed by {', '.join(f'`{f}`' for f in forms)}",
        replacements=tuple(near[:1]),
    )


def _twice(line: Line, at: int, first: Span) -> Fault:
    return Fault(
        name="clause-twice",
        message=f"`{shown(line.items[at])}` stands twice",
        span=line.items[at].span,
        label="again here",
        related=(Label(first, "first here"),),
        help="leave one of them out",
    )


def _missing(clause: Clause, line: Line) -> Fault:
    whole = line.items[0].span.to(line.items[-1].span) if line.items else line.phrase_span
    return Fault(
        name="missing-clause",
        message=f"`{line.phrase}` needs `{as_written(clause.form)}`: {clause.help}",
        span=whole,
        label="nothing here says it",
        help=f"add `{as_written(clause.form)}`",
    )
