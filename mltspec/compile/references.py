"""Readers of names: declared ones, features and metrics, and where a subject comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mltspec.compile import values
from mltspec.compile.fault import SILENT, Fault, Faulty
from mltspec.compile.forms import Slot
from mltspec.compile.names import unknown
from mltspec.compile.reading import Read, Reading, shown
from mltspec.compile.values import amount
from mltspec.language.quantity import parse_amount
from mltspec.language.suggest import closest
from mltspec.language.tree import Item, Items, Number, Operator, Text, Word

ORIGINS = ("python", "keras", "savedmodel", "csv", "parquet", "npz", "tfrecord", "recorded")


def name(reading: Reading) -> Read:
    """Read a name, bare or in quotes."""
    item = reading.value()
    if isinstance(item, Text):
        return item.value, reading.at + 1
    if not isinstance(item, Word):
        raise reading.wanted("a name", "carrier")
    return item.text, reading.at + 1


def _plain(item: Item) -> str:
    """Return an element of a list as a name: what stands in its quotes, else the words themselves."""
    return item.value if isinstance(item, Text) else shown(item)


def names(reading: Reading) -> Read:
    """Read names with commas, or a list."""
    item = reading.value()
    if isinstance(item, Items):
        return [_plain(reading.names.value(each)) for each in item.items], reading.at + 1
    found, at = [], reading.at
    while True:
        each, at = name(replace(reading, at=at))
        found.append(each)
        following = reading.items[at] if at < len(reading.items) else None
        if not (isinstance(following, Operator) and following.text == ","):
            return found, at
        at += 1


def filters(reading: Reading) -> Read:
    """Read ``carrier = UA and distance > 500``: conditions on features, joined by ``and``."""
    found, at = [], reading.at
    while True:
        feature, at = name(replace(reading, at=at))
        compare, at = _filter_compare(replace(reading, at=at))
        wanted, at = _filter_values(replace(reading, at=at), compare)
        found.append({"feature": feature, "compare": compare, "values": wanted})
        following = reading.items[at] if at < len(reading.items) else None
        if not (isinstance(following, Word) and following.text == "and"):
            return found, at
        at += 1


def _filter_compare(reading: Reading) -> Read:
    item = reading.item
    if isinstance(item, Word) and item.text == "in":
        return "in", reading.at + 1
    return values.compare(reading)


def _filter_values(reading: Reading, compare: str) -> Read:
    item = reading.value()
    if compare == "in" and isinstance(item, Items):
        return [_plain(reading.names.value(each)) for each in item.items], reading.at + 1
    ordered = compare not in ("=", "!=", "in")
    if compare == "in" or not isinstance(item, Number if ordered else Number | Word | Text):
        example = "[JFK, LGA]" if compare == "in" else "100" if ordered else "JFK"
        raise reading.wanted("a number" if ordered else "a value", example)
    return [item.value if isinstance(item, Text) else shown(item)], reading.at + 1


def declared(kind: str) -> Callable[[Reading], Read]:
    """Return a reader of the name of a declared model, data set or server."""

    def reader(reading: Reading) -> Read:
        item = reading.value()
        if not isinstance(item, Word):
            raise reading.wanted(f"the name of a {kind}", kind)
        candidates = reading.names.of(kind)
        if item.text not in candidates:
            raise Faulty(unknown(kind, item, list(candidates)))
        if candidates[item.text].faulty:
            raise Faulty(SILENT)
        return item.text, reading.at + 1

    return reader


AFTER_A_PIPELINE = frozenset({"completes"})
"""Words that may follow ``pipeline`` at once, where only one is declared and needs no name."""


def pipeline(reading: Reading) -> Read:
    """Read the name of a pipeline; ``pipeline completes`` means the only one there is."""
    item, candidates = reading.value(), reading.names.of("pipeline")
    if not isinstance(item, Word) or item.text not in AFTER_A_PIPELINE:
        return declared("pipeline")(reading)
    if len(candidates) != 1:
        several = " or ".join(f"`pipeline {each} {item.text}`" for each in list(candidates)[:4])
        message = "several pipelines are declared" if candidates else "no pipeline is declared"
        way_out = (
            f"say which: {several}" if candidates else 'declare one: `pipeline name { stage source python "m:f" }`'
        )
        raise Faulty(Fault("which-pipeline", message, item.span, label="which one?", help=way_out))
    name, found = next(iter(candidates.items()))
    if found.faulty:
        raise Faulty(SILENT)
    return name, reading.at


def stage(reading: Reading) -> Read:
    """Read the name of a stage of any pipeline that is declared."""
    item, pipelines = reading.value(), reading.names.of("pipeline").values()
    known = list(dict.fromkeys(name for each in pipelines for name in each.stages))
    if not isinstance(item, Word):
        raise reading.wanted("the name of a stage", "features")
    if item.text not in known:
        raise Faulty(unknown("stage", item, known))
    if all(each.faulty for each in pipelines if item.text in each.stages):
        raise Faulty(SILENT)
    return item.text, reading.at + 1


def baseline(reading: Reading) -> Read:
    """Read ``prod - 3pp``: a baseline and, perhaps, a margin; ``prod - 0.02x`` is a share of its value."""
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
    margin, after = amount(Reading(reading.items, at + 1, reading.names, sign.text, sign.span, True, slot))
    _refuse_ratio(reading, margin["text"], at + 1)
    return {"baseline": item.text, "sign": sign.text, "margin": margin}, after


def _refuse_ratio(reading: Reading, text: str, at: int) -> None:
    """A percentage of a metric that is itself a ratio has two readings; neither is guessed."""
    if not text.endswith("%"):
        return
    digits = text[:-1].strip()
    factor = f"{parse_amount(text).base.normalize():f}x"
    raise Faulty(
        Fault(
            name="ambiguous-margin",
            message=f"{text} of a metric may be {digits} percentage points or a share of the baseline's value",
            span=reading.items[at].span,
            label="points, or a share?",
            help=f"write `{digits}pp` for percentage points, or `{factor}` for a share of the baseline's value",
            replacements=(f"{digits}pp", factor),
        )
    )


def metric(reading: Reading) -> Read:
    """Read a metric's name, or ``python "module:function"``; which exist is known only where the model is."""
    item = reading.value()
    following = reading.items[reading.at + 1] if reading.at + 1 < len(reading.items) else None
    if isinstance(item, Word) and item.text == "python" and isinstance(following, Text):
        return target(reading)
    if not isinstance(item, Word):
        raise reading.wanted("a metric", "accuracy")
    return item.text, reading.at + 1


def origin(reading: Reading) -> Read:
    """Read ``python "module:callable"`` or a kind of file and its path."""
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


def artifact(reading: Reading) -> Read:
    """Read a model in files: ``keras "prod.keras"`` or ``savedmodel "models/delay"``."""
    value, at = origin(reading)
    if value["kind"] not in ("keras", "savedmodel"):
        raise reading.wanted("a model in files", 'savedmodel "models/delay"')
    return value, at


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


def callable_of(reading: Reading) -> Read:
    """Read ``"module:callable"``, after the word that says that it is Python."""
    item = reading.value()
    if not isinstance(item, Text):
        raise reading.wanted("a Python target in quotes", '"module:callable"')
    _check_target(item)
    return item.value, reading.at + 1


def target(reading: Reading) -> Read:
    """Read a Python target."""
    value, at = origin(reading)
    if value["kind"] != "python":
        raise reading.wanted("a Python target", 'python "module:callable"')
    return value["target"], at
