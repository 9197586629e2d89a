"""Readers of plain values: quantities, counts, comparisons, choices, ranges, texts and dates."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

from mltspec.compile.dimensions import SPEECH, mismatch
from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.forms import OPERATORS, Slot
from mltspec.compile.reading import Read, Reading, shown
from mltspec.language.quantity import Amount
from mltspec.language.suggest import closest
from mltspec.language.tree import Date, Items, Number, Operator, Text, Word


def amount(reading: Reading) -> Read:
    """Read a quantity of one of the slot's dimensions."""
    item, slot = reading.value(), reading.slot
    wanted = slot.dimensions
    negative = _negative(reading, reading.at) if "number" in wanted else None
    if negative is not None:
        return {"text": negative}, reading.at + 2
    if not isinstance(item, Number):
        if isinstance(item, Word):
            raise _not_a_value(reading, item)
        raise reading.wanted(SPEECH[wanted[0]].a, f"5{SPEECH[wanted[0]].units[0]}")
    if item.amount.dimension not in wanted:
        raise Faulty(mismatch(reading.subject, reading.subject_span, wanted, item.amount, item.span, reading.compared))
    return {"text": item.amount.text}, reading.at + 1


def _negative(reading: Reading, at: int) -> str | None:
    """Return ``-1`` where a minus and a bare number stand there."""
    items = reading.items
    sign = items[at] if at < len(items) else None
    number = reading.names.value(items[at + 1]) if at + 1 < len(items) else None
    if isinstance(sign, Operator) and sign.text == "-" and isinstance(number, Number) and not number.amount.unit:
        return f"-{number.amount.text}"
    return None


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


def ratios(reading: Reading) -> Read:
    """Read one ratio or several with commas."""
    slot = Slot(reading.slot.field, "amount", dimensions=("ratio",))
    found, at = [], reading.at
    while True:
        value, at = amount(replace(reading, at=at, slot=slot))
        found.append(value)
        following = reading.items[at] if at < len(reading.items) else None
        if not (isinstance(following, Operator) and following.text == ","):
            return found, at
        at += 1


def count(reading: Reading) -> Read:
    """Read a bare whole number."""
    item = reading.value()
    if not isinstance(item, Number) or item.amount.unit or not _is_whole(item.amount) or item.amount.number < 0:
        raise reading.wanted("a whole number", "3")
    return int(item.amount.number), reading.at + 1


def version(reading: Reading) -> Read:
    """Read a version's number; ``latest`` is None."""
    item = reading.value()
    if isinstance(item, Word) and item.text == "latest":
        return None, reading.at + 1
    if isinstance(item, Text):
        return item.value, reading.at + 1
    number, at = count(reading)
    return str(number), at


def _is_whole(amount: Amount) -> bool:
    """Whether nothing stands behind the point; the remainder of a very large number could not be computed."""
    return amount.number == amount.number.to_integral_value()


def compare(reading: Reading) -> Read:
    """Read a comparison operator."""
    item = reading.item
    if not isinstance(item, Operator) or item.text not in OPERATORS:
        raise reading.wanted("a comparison", ">=")
    return item.text, reading.at + 1


def choice(reading: Reading) -> Read:
    """Read one of the slot's choices, the longest that fits."""
    for choice in sorted(reading.slot.choices, key=len, reverse=True):
        words = choice.split()
        run = reading.items[reading.at : reading.at + len(words)]
        if [shown(item) for item in run] == words and len(run) == len(words):
            return choice, reading.at + len(words)
    raise reading.wanted(
        "one of " + ", ".join(f"`{choice}`" for choice in reading.slot.choices), reading.slot.choices[0]
    )


def range_of(reading: Reading) -> Read:
    """Read ``0..1`` or ``-1..1``."""
    low, at = _end(reading, reading.at)
    dots = reading.items[at] if at < len(reading.items) else None
    high, after = _end(reading, at + 1)
    if low is None or high is None or not (isinstance(dots, Operator) and dots.text == ".."):
        raise reading.wanted("a range", "0..1")
    return {"low": {"text": low}, "high": {"text": high}}, after


def _end(reading: Reading, at: int) -> tuple[str | None, int]:
    """Read one end of a range; None where no number stands there."""
    negative = _negative(reading, at)
    if negative is not None:
        return negative, at + 2
    value = reading.names.value(reading.items[at]) if at < len(reading.items) else None
    return (value.amount.text, at + 1) if isinstance(value, Number) else (None, at)


def rows(reading: Reading) -> Read:
    """Read ``1..64 rows`` into two whole numbers."""
    value, at = range_of(reading)
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


def text(reading: Reading) -> Read:
    """Read a text in quotes."""
    item = reading.value()
    if not isinstance(item, Text):
        raise reading.wanted("a text in quotes", '"…"')
    return item.value, reading.at + 1


def texts(reading: Reading) -> Read:
    """Read one text or a list of them."""
    item = reading.value()
    if isinstance(item, Items) and all(isinstance(each, Text) for each in item.items):
        return [each.value for each in item.items if isinstance(each, Text)], reading.at + 1
    value, at = text(reading)
    return [value], at


def shape(reading: Reading) -> Read:
    """Read ``[28, 28, any]``: whole numbers, and ``any`` for any size; ``[]`` is a single number."""
    item = reading.value()
    if not isinstance(item, Items):
        raise reading.wanted("a shape", "[10]")
    sizes: list[int | None] = []
    for each in item.items:
        value = reading.names.value(each)
        if isinstance(value, Word) and value.text == "any":
            sizes.append(None)
        elif isinstance(value, Number) and not value.amount.unit and _is_whole(value.amount):
            sizes.append(int(value.amount.number))
        else:
            raise Faulty(
                Fault(
                    "unexpected-item",
                    f"a shape holds whole numbers and `any`, not `{shown(each)}`",
                    each.span,
                    label="no size",
                    help="for example `[10]` or `[any, 4]`",
                )
            )
    return sizes, reading.at + 1


def literal(reading: Reading) -> Read:
    """Read a value as data hold it: a number, a text in quotes, or a word."""
    item, negative = reading.value(), _negative(reading, reading.at)
    if negative is not None:
        return float(negative), reading.at + 2
    if isinstance(item, Number) and not item.amount.unit:
        return float(item.amount.number), reading.at + 1
    if isinstance(item, Text):
        return item.value, reading.at + 1
    if isinstance(item, Word):
        return item.text, reading.at + 1
    raise reading.wanted("a number or a text", '"UA"')


def flag(word: str) -> Callable[[Reading], Read]:
    """Return a reader of one fixed word, which means yes."""

    def reader(reading: Reading) -> Read:
        if not (isinstance(reading.item, Word) and reading.item.text == word):
            raise reading.wanted(f"`{word}`", word)
        return True, reading.at + 1

    return reader


def date(reading: Reading) -> Read:
    """Read a date that exists."""
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
