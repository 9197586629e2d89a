"""A margin within which a useless model is not worse than its baseline.

A share lies between 0 and 1. Half of that for a margin lets a model through that has forgotten most of what its
baseline knew; mostly `50pp` was meant to be `0.5pp`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.quantity import parse_amount
from mltspec.lint.bounds import against_baselines
from mltspec.lint.measures import MEASURES
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View

WIDEST = 0.25


def look(view: View) -> Iterator[Offence]:
    """Find wide margins of metrics that are shares."""
    for claim in against_baselines(view):
        measure = MEASURES.get(claim.values["metric"])
        margin = claim.values["bound"].get("margin")
        if measure is None or margin is None or (measure.low, measure.high) != (0.0, 1.0):
            continue
        amount = parse_amount(margin["text"])
        if float(amount.base) >= WIDEST:
            yield Offence(
                f"a model that is {amount.text} worse would still be taken",
                claim.span_of(amount.text),
                "a wide margin for a share",
                "for example `1pp`",
            )


RULE = Rule(look, bad="expect auc on holdout >= prod - 50pp", good="expect auc on holdout >= prod - 0.5pp")
