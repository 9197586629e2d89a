"""Readers: one for each kind of slot, from items to a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mltspec.compile.dimensions import SPEECH, mismatch
from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.forms import OPERATORS, Slot
from mltspec.compile.names import Names, unknown
from mltspec.language.source import Span
from mltspec.language.suggest import closest
from mltspec.language.tree import Date, Item, Items, Node, Number, Operator, Text, Word

ORIGINS = ("python", "keras", "savedmodel", "csv", "parquet", "npz", "tfrecord")


@dataclass(frozen=True)
class Reading:
    """What a reader may look at: the items, from where, and what stands around them.

    ``subject`` are the words that the value belongs to, for messages; ``compared`` when it follows an operator.
    """

    items: Sequence[Item]
    at: int
    names: Names
    subject: str
    subject_span: Span
    compared: bool
    slot: Slot

    @property
    def item(self) -> Item | None:
        """The next item, None at the end of the line."""
        return self.items[self.at] if self.at < len(self.items) else None

    def value(self) -> Item | None:
        """The next item with `let` names and loop variables replaced by what they stand for."""
        return None if self.item is None else self.names.value(self.item)

    def wanted(self, what: str, example: str) -> Faulty:
        """Return the fault of something else, or nothing, standing where ``what`` is due."""
        item = self.item
        span = item.span if item is not None else Span(self.items[-1].span.end - 1, self.items[-1].span.end)
        met = "the line ends" if item is None else f"`{shown(item)}` stands there"
        return Faulty(
            Fault(
                name="unexpected-item",
                message=f"{what} is due after `{self.subject}`, but {met}",
                span=span,
                label=f"{what} is due here",
                help=f"for example `{example}`",
            )
        )


Read = tuple[Any, int]
"""A value, and the index of the item after it."""


def shown(item: Node) -> str:
    """Return an item as an author would write it."""
    match item:
        case Word() | Operator() | Date():
            return item.text
        case Number():
            return item.amount.text
        case Text():
            return f'"{item.value}"'
        case Items():
            return "[…]"
    return "…"


def read(reading: Reading) -> Read:
    """Read one slot's value.

    Raises:
        Faulty: something else stands there.
    """
    return READERS[reading.slot.kind](reading)


def _amount(reading: Reading) -> Read:
    item, slot = reading.value(), reading.slot
    wanted = slot.dimensions
    if not isinstance(item, Number):
        if isinstance(item, Word):
            raise _not_a_value(reading, item)
        raise reading.wanted(SPEECH[wanted[0]].a, f"5{SPEECH[wanted[0]].units[0]}")
    if item.amount.dimension not in wanted:
        raise Faulty(mismatch(reading.subject, reading.subject_span, wanted, item.amount, item.span, reading.compared))
    return {"text": item.amount.text}, reading.at + 1


def _not_a_value(reading: Reading, word: Word) -> Faulty:
    near = closest(word.text, list(reading.names.lets))
    wanted = SPEECH[reading.slot.dimensions[0]].a
    return Faulty(
        Fault(
            name="unknown-name",
            message=f"{wanted} is due after `{reading.subject}`, and no `let` defines `{word.text}`",
            span=word.span,
            label="not defined",
            help=f"did you mean `{near[0]}`?" if near else f"write {wanted}, or `let {word.text} = …` above",
            replacements=tuple(near),
        )
    )


def _count(reading: Reading) -> Read:
    item = reading.value()
    if not isinstance(item, Number) or item.amount.unit or item.amount.number % 1 or item.amount.number < 0:
        raise reading.wanted("a whole number", "3")
    return int(item.amount.number), reading.at + 1


def _compare(reading: Reading) -> Read:
    item = reading.item
    if not isinstance(item, Operator) or item.text not in OPERATORS:
        raise reading.wanted("a comparison", ">=")
    return item.text, reading.at + 1


def _choice(reading: Reading) -> Read:
    for choice in sorted(reading.slot.choices, key=len, reverse=True):
        words = choice.split()
        run = reading.items[reading.at : reading.at + len(words)]
        if [shown(item) for item in run] == words and len(run) == len(words):
            return choice, reading.at + len(words)
    raise reading.wanted(
        "one of " + ", ".join(f"`{choice}`" for choice in reading.slot.choices), reading.slot.choices[0]
    )


def _name(reading: Reading) -> Read:
    item = reading.value()
    if isinstance(item, Text):
        return item.value, reading.at + 1
    if not isinstance(item, Word):
        raise reading.wanted("a name", "carrier")
    return item.text, reading.at + 1


def _names(reading: Reading) -> Read:
    item = reading.value()
    if isinstance(item, Items):
        return [shown(reading.names.value(each)).strip('"') for each in item.items], reading.at + 1
    names, at = [], reading.at
    while True:
        name, at = _name(_moved(reading, at))
        names.append(name)
        following = reading.items[at] if at < len(reading.items) else None
        if not (isinstance(following, Operator) and following.text == ","):
            return names, at
        at += 1


def _moved(reading: Reading, at: int) -> Reading:
    return Reading(
        reading.items, at, reading.names, reading.subject, reading.subject_span, reading.compared, reading.slot
    )


def _declared(kind: str) -> Callable[[Reading], Read]:
    def reader(reading: Reading) -> Read:
        item = reading.value()
        if not isinstance(item, Word):
            raise reading.wanted(f"the name of a {kind}", kind)
        candidates = reading.names.of(kind)
        if item.text not in candidates:
            raise Faulty(unknown(kind, item, list(candidates)))
        return item.text, reading.at + 1

    return reader


def _baseline(reading: Reading) -> Read:
    item = reading.value()
    if not isinstance(item, Word):
        raise reading.wanted("a number or the name of a baseline", "0.9")
    candidates = reading.names.of("baseline")
    # A spec that declares no baseline at all is told at run time that there is none yet.
    if candidates and item.text not in candidates:
        raise Faulty(unknown("baseline", item, [*candidates, *reading.names.lets]))
    at = reading.at + 1
    sign = reading.items[at] if at < len(reading.items) else None
    if not (isinstance(sign, Operator) and sign.text in ("+", "-")):
        return {"baseline": item.text, "sign": "-", "margin": None}, at
    slot = Slot(reading.slot.field, "amount", dimensions=("percentage points", "number", "ratio"))
    margin, after = _amount(Reading(reading.items, at + 1, reading.names, sign.text, sign.span, True, slot))
    _refuse_ratio(reading, margin["text"], at + 1)
    return {"baseline": item.text, "sign": sign.text, "margin": margin}, after


def _refuse_ratio(reading: Reading, text: str, at: int) -> None:
    """A ratio of a metric that is itself a ratio has two readings; neither is guessed."""
    if not text.endswith(("%", "x")):
        return
    digits = text[:-1].strip()
    raise Faulty(
        Fault(
            name="ambiguous-margin",
            message=f"{text} of a metric may be {digits} percentage points or a share of the baseline's value",
            span=reading.items[at].span,
            label="points, or a share?",
            help=f"write `{digits}pp` for percentage points; a share of a metric is not taken",
            replacements=(f"{digits}pp",) if text.endswith("%") else (),
        )
    )


def _range(reading: Reading) -> Read:
    low, dots, high = (reading.items[reading.at + i] if reading.at + i < len(reading.items) else None for i in range(3))
    first, last = (reading.names.value(item) if item is not None else None for item in (low, high))
    if not (
        isinstance(first, Number) and isinstance(dots, Operator) and dots.text == ".." and isinstance(last, Number)
    ):
        raise reading.wanted("a range", "0..1")
    return {"low": {"text": first.amount.text}, "high": {"text": last.amount.text}}, reading.at + 3


def _rows(reading: Reading) -> Read:
    value, at = _range(reading)
    last = reading.names.value(reading.items[at - 1])
    if not isinstance(last, Number) or last.amount.unit not in ("rows", "row"):
        raise Faulty(
            Fault(
                name="bound-without-unit",
                message="a batch has a range of rows",
                span=reading.items[at - 1].span,
                label="rows are due here",
                help=f"write `{value['low']['text']}..{value['high']['text']} rows`",
            )
        )
    return (int(value["low"]["text"].split()[0].replace("_", "")), int(last.amount.number)), at


def _text(reading: Reading) -> Read:
    item = reading.value()
    if not isinstance(item, Text):
        raise reading.wanted("a text in quotes", '"…"')
    return item.value, reading.at + 1


def _texts(reading: Reading) -> Read:
    item = reading.value()
    if isinstance(item, Items) and all(isinstance(each, Text) for each in item.items):
        return [each.value for each in item.items if isinstance(each, Text)], reading.at + 1
    value, at = _text(reading)
    return [value], at


def _flag(word: str) -> Callable[[Reading], Read]:
    def reader(reading: Reading) -> Read:
        if not (isinstance(reading.item, Word) and reading.item.text == word):
            raise reading.wanted(f"`{word}`", word)
        return True, reading.at + 1

    return reader


def _date(reading: Reading) -> Read:
    import datetime

    item = reading.value()
    if isinstance(item, Date):
        try:
            datetime.date.fromisoformat(item.text)
        except ValueError as problem:
            raise Faulty(
                Fault(
                    "no-such-date",
                    f"{item.text} is no date",
                    item.span,
                    label=str(problem),
                    help="write year-month-day",
                )
            ) from problem
        return item.text, reading.at + 1
    raise reading.wanted("a date", "2027-01-31")


def _metric(reading: Reading) -> Read:
    item = reading.value()
    if not isinstance(item, Word):
        raise reading.wanted("a metric", "accuracy")
    return item.text, reading.at + 1


def _origin(reading: Reading) -> Read:
    item, at = reading.item, reading.at
    following = reading.names.value(reading.items[at + 1]) if at + 1 < len(reading.items) else None
    if not isinstance(item, Word) or not isinstance(following, Text):
        raise reading.wanted("a source", 'python "module:callable"')
    if item.text not in ORIGINS:
        near = closest(item.text, ORIGINS)
        raise Faulty(
            Fault(
                name="unknown-source",
                message=f"`{item.text}` is no kind of source",
                span=item.span,
                label="no such source",
                help=f"did you mean `{near[0]}`?" if near else f"one of {', '.join(ORIGINS)}",
                replacements=tuple(near),
            )
        )
    if item.text == "python":
        _check_target(following)
    return {"kind": item.text, "target": following.value}, at + 2


def _check_target(text: Text) -> None:
    module, colon, name = text.value.partition(":")
    if colon and name.isidentifier() and all(part.isidentifier() for part in module.split(".")):
        return
    raise Faulty(
        Fault(
            name="malformed-target",
            message=f'a Python target is "module:callable", not "{text.value}"',
            span=text.span,
            label="module:callable is due",
            help='for example `python "flights.model:build"`',
        )
    )


def _target(reading: Reading) -> Read:
    value, at = _origin(reading)
    if value["kind"] != "python":
        raise reading.wanted("a Python target", 'python "module:callable"')
    return value["target"], at


READERS: Mapping[str, Callable[[Reading], Read]] = MappingProxyType(
    {
        "amount": _amount,
        "count": _count,
        "compare": _compare,
        "choice": _choice,
        "name": _name,
        "names": _names,
        "data": _declared("data"),
        "model": _declared("model"),
        "server": _declared("server"),
        "baseline": _baseline,
        "metric": _metric,
        "range": _range,
        "batch": _rows,
        "text": _text,
        "texts": _texts,
        "allowed": _flag("allowed"),
        "run": _flag("run"),
        "date": _date,
        "origin": _origin,
        "target": _target,
    }
)
