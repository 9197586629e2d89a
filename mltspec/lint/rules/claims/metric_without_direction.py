"""A metric of whose name it is not known which way is better, held against a baseline.

The comparison sign alone then says what an improvement is, and nobody notices when it points the wrong way.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.bounds import against_baselines
from mltspec.lint.measures import MEASURES, UNDECIDED
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find comparisons with baselines by metrics that are not known."""
    for claim in against_baselines(view):
        metric = claim.values["metric"]
        if metric not in MEASURES and metric not in UNDECIDED and ":" not in metric:
            better = "higher" if claim.values["compare"].startswith(">") else "lower"
            yield Offence(
                f"whether a higher `{metric}` is better is not known from its name",
                claim.span_of(metric),
                f"read as: {better} is better",
                "make sure that it is meant so, and say so in a waiver",
            )


RULE = Rule(
    look,
    bad="expect fairness_gap on holdout >= prod",
    good="expect auc on holdout >= prod",
)
