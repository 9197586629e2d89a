"""A bound that no model meets.

Mostly a slip of the unit: `auc >= 80` means eighty, not eighty percent.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.diagnostic import Fix
from mltspec.lint.bounds import Bound, bounds, never
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find bounds beyond the good end of their metric's range, and limits that nothing can keep."""
    for bound in bounds(view):
        if never(bound):
            message = f"`{bound.metric} {bound.compare} {bound.text}` cannot hold"
            yield Offence(message, bound.span, f"{bound.metric} is never so good", fixes=_percent(bound))
    for claim in view.claims:
        fall = claim.amount("by") if claim.check == "loss-decreases" else None
        if fall is not None and fall.base >= 1:
            message = f"no loss falls by {fall.text}: at 100% nothing of it would be left"
            yield Offence(message, claim.span_of(fall.text), "cannot hold")
        limit = claim.amount("limit")
        if limit is not None and limit.base <= 0 and str(claim.values.get("compare")).startswith("<"):
            yield Offence(f"nothing is done in {limit.text}", claim.span_of(limit.text), "cannot hold")


def _percent(bound: Bound) -> tuple[Fix, ...]:
    if 1 < bound.value <= 100 and bound.span != bound.claim.place and not bound.text.endswith(("%", "x")):
        return (replacement(bound.span, f"{bound.text}%"),)
    return ()


RULE = Rule(look, bad="expect auc on holdout >= 80", good="expect auc on holdout >= 80%")
