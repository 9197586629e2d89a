"""Quality that is measured on the rows that the model was trained on, though others are declared.

A model that has learnt its rows by heart is perfect there. What users will see is told by rows it has not seen.

Source: Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 2009, section 7.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.bounds import AGAINST, METRIC
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find bounds of metrics on training data."""
    others = [each.name.text for each in view.declarations("data")]
    for claim in view.claims:
        if claim.check not in (METRIC, AGAINST) or claim.data != claim.setting.training:
            continue
        unseen = [name for name in others if name != claim.data]
        if unseen:
            metric = claim.values["metric"]
            yield Offence(
                f"{metric} is measured on `{claim.data}`, which the model is trained on",
                claim.span_of(claim.data) if claim.values.get("on") else claim.span_of(metric),
                "rows that it has seen",
                f"write `on {unseen[0]}`, or what else it has not seen",
            )


RULE = Rule(look, bad="expect accuracy >= 0.9", good="expect accuracy on holdout >= 0.9")
