"""How checks write numbers and lists, so that all reports sound alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from mltspec.plan.verdict import Figure, Judgement, Verdict


def number(value: float | Decimal) -> str:
    """Return at most four significant digits; exact small decimals as written."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if abs(value) >= Decimal("1e-4") or not value else f"{value.normalize()}"
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("infinity" if value > 0 else "-infinity")
    return f"{value:.4g}"


def share(value: float) -> str:
    """Return a ratio as a percentage with one decimal."""
    return f"{value:.1%}"


def plural(count: int, noun: str) -> str:
    """Return ``1 step``, ``2 steps``, ``1,297 rows``."""
    if count == 1 or noun.endswith("s"):
        return f"{count:,} {noun}"
    return f"{count:,} {noun}{'es' if noun.endswith('batch') else 's'}"


def listed(names: Sequence[str], most: int = 4) -> str:
    """Return names with commas and ``and``; those past ``most`` are counted."""
    shown = [f"`{name}`" for name in names[:most]]
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def where(conditions: Iterable[tuple[str, str]]) -> str:
    """Return ``carrier=UA, origin=JFK``."""
    return ", ".join(f"{feature}={value}" for feature, value in conditions)


def figure(value: float, text: str | None = None) -> Figure:
    """Return a figure that is one number."""
    return Figure(text=number(value) if text is None else text, value=value)


def passed(explanation: str, measured: Figure | None = None, bound: Figure | None = None) -> Judgement:
    """Return a passed judgement."""
    return Judgement(verdict=Verdict.PASSED, explanation=explanation, measured=measured, bound=bound)


def failed(
    explanation: str, measured: Figure | None = None, bound: Figure | None = None, details: Sequence[str] = ()
) -> Judgement:
    """Return a failed judgement."""
    return Judgement(
        verdict=Verdict.FAILED,
        explanation=explanation,
        measured=measured,
        bound=bound,
        details=tuple(details),
    )


def nothing(explanation: str, bound: Figure | None = None) -> Judgement:
    """Return the judgement of a claim about what is not there: skipped, for nothing measured is no pass."""
    return Judgement(verdict=Verdict.SKIPPED, explanation=explanation, bound=bound)


def inconclusive(explanation: str, measured: Figure | None = None, bound: Figure | None = None) -> Judgement:
    """Return a judgement of evidence that cannot decide."""
    return Judgement(verdict=Verdict.INCONCLUSIVE, explanation=explanation, measured=measured, bound=bound)
