"""What a change of specs does to each expectation: adds, removes, weakens or tightens it.

Whatever cannot be ordered (another metric, another data set) is *changed*: it is for a person to say whether the new
claim is as strict as the old one, so it never counts as harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mltspec.compile.stating import Stated
from mltspec.language.quantity import parse_amount


class Effect(StrEnum):
    """What a change does. The first three want somebody's consent."""

    REMOVED = "removed"
    WEAKENED = "weakened"
    CHANGED = "changed"
    TIGHTENED = "tightened"
    ADDED = "added"


LOOSENING = frozenset({Effect.REMOVED, Effect.WEAKENED, Effect.CHANGED})

LARGER_IS_STRICTER: Mapping[str, bool] = {
    "by": True,  # a fall by at least
    "confidence": True,
    "held": True,  # k of n seeds
    "over": True,  # batches looked at
    "runs": True,
    "within": False,  # a tolerance, or steps to get there
    "loss": False,  # a loss to reach
    "least_rows": False,  # slices with fewer rows are not judged
}
"""Which way a field of a check's parameters is stricter, wherever it is one quantity."""


@dataclass(frozen=True)
class Change:
    """One expectation that is not as it was, and why. ``line`` is where it stands now, else where it stood."""

    id: str
    effect: Effect
    reasons: tuple[str, ...]
    old: str
    new: str
    line: int


def changes(old: Sequence[Stated], new: Sequence[Stated]) -> list[Change]:
    """Return every expectation that differs, those that want consent first."""
    before = {each.id: each for each in old}
    after = {each.id: each for each in new}
    found = [Change(id, Effect.REMOVED, (), each.text, "", each.line) for id, each in before.items() if id not in after]
    found += [change for id in before if id in after for change in _changed(before[id], after[id])]
    found += [Change(id, Effect.ADDED, (), "", each.text, each.line) for id, each in after.items() if id not in before]
    order = list(Effect)
    return sorted(found, key=lambda change: order.index(change.effect))


def _changed(old: Stated, new: Stated) -> Iterator[Change]:
    told = [*_marks(old, new)]
    if old.check != new.check:
        told.append((Effect.CHANGED, f"another claim: {old.check}, now {new.check}"))
    else:
        told += _params(old.params, new.params)
    if not told and old.measured != new.measured:
        told.append((Effect.CHANGED, "measured on something else: its model, data, training or seed is declared anew"))
    if told:
        effects = {effect for effect, _ in told}
        worst = next(effect for effect in Effect if effect in effects)
        reasons = tuple(f"{effect}: {reason}" for effect, reason in told)
        yield Change(new.id, worst, reasons, old.text, new.text, new.line)


def _marks(old: Stated, new: Stated) -> Iterator[tuple[Effect, str]]:
    for name, was, now in (
        ("skip", old.skip is not None, new.skip is not None),
        ("xfail", old.xfail is not None, new.xfail is not None),
        ("severity warn", old.warns, new.warns),
        ("dry run", old.dry_run, new.dry_run),
    ):
        if was != now:
            yield (Effect.WEAKENED, f"marked {name}") if now else (Effect.TIGHTENED, f"no longer marked {name}")
    for name, first, second in (("skip", old.skip, new.skip), ("xfail", old.xfail, new.xfail)):
        if first and second and first.until != second.until:
            later = second.until is None or (first.until is not None and second.until > first.until)
            effect = Effect.WEAKENED if later else Effect.TIGHTENED
            yield effect, f"{name} until {second.until or 'further notice'}, was {first.until or 'further notice'}"


def _params(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Effect, str]]:
    """Compare a check's parameters field by field; a bound by its operator, other fields by the table."""
    operator = old.get("compare")
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        if was == now or (_amount(was) is not None and _amount(was) == _amount(now)):
            continue  # 0.9 and 0.90 are one bound
        larger_is_stricter = LARGER_IS_STRICTER.get(name)
        if name == "bound":
            larger_is_stricter = _stricter_way(operator) if operator == new.get("compare") else None
        yield _ordered(larger_is_stricter, was, now), f"{name.replace('_', ' ')} {_said(now)}, was {_said(was)}"


def _stricter_way(operator: Any) -> bool | None:
    return {">=": True, ">": True, "<=": False, "<": False}.get(str(operator))


def _ordered(larger_is_stricter: bool | None, was: Any, now: Any) -> Effect:
    first, second = _amount(was), _amount(now)
    if larger_is_stricter is None or first is None or second is None or first[1] != second[1]:
        return Effect.CHANGED
    return Effect.TIGHTENED if (second[0] > first[0]) == larger_is_stricter else Effect.WEAKENED


def _amount(value: Any) -> tuple[Decimal, str] | None:
    """Return a number with its dimension; a baseline's margin as what may be lost or must be gained on it."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value), "count"
    if not isinstance(value, dict):
        return None
    if set(value) == {"text"}:
        try:
            amount = parse_amount(value["text"])
        except ValueError:
            return None
        return amount.base, str(amount.dimension)
    if "baseline" in value:
        margin = _amount(value.get("margin")) or (Decimal(0), "")
        return (-margin[0] if value.get("sign") == "-" else margin[0]), f"on {value['baseline']}"
    return None


def _said(value: Any) -> str:
    match value:
        case None:
            return "not given"
        case {"text": str() as text}:
            return text
        case {"baseline": name, "sign": sign, "margin": {"text": text}}:
            return f"{name} {sign} {text}"
        case {"baseline": name}:
            return str(name)
        case list() | tuple():
            return ", ".join(map(_said, value)) or "none"
        case dict():
            return " ".join(f"{key} {_said(item)}" for key, item in value.items() if item is not None)
        case _:
            return str(value)
