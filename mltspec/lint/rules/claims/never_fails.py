"""A bound that every model meets.

`auc >= 0` holds whatever the model does: the claim is green for ever and tests nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.bounds import always, bounds
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find bounds at or beyond the bad end of their metric's range, falls and limits that ask for nothing."""
    for bound in bounds(view):
        if always(bound):
            message = f"`{bound.metric} {bound.compare} {bound.text}` cannot fail"
            yield Offence(
                message, bound.span, f"{bound.metric} is never worse", "write the bound that you would act on"
            )
    for claim in view.claims:
        fall = claim.amount("by") if claim.check == "loss-decreases" else None
        if fall is not None and fall.base <= 0:
            yield Offence(
                f"a loss that falls by {fall.text} need not fall",
                claim.span_of(fall.text),
                "asks for nothing",
                "leave `by` out to ask for any significant fall, or write how much",
            )


RULE = Rule(look, bad="expect auc on holdout >= 0", good="expect auc on holdout >= 0.8")
