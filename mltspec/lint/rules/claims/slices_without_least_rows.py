"""A bound on every slice that says nothing about small ones.

A slice of three rows has an accuracy of 0, 33, 67 or 100 percent: the worst slice is then mostly the smallest one.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.bounds import METRIC
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find sliced bounds without a least number of rows."""
    for claim in view.claims:
        if claim.check == METRIC and claim.values.get("by") and claim.values.get("least_rows") is None:
            if claim.values["by"] == ["label"]:
                continue  # labels are few, and each of them matters
            yield Offence(
                "small slices are judged as large ones are",
                claim.span_of("by"),
                help="add `where rows >= 200`, or how many you need to believe a slice",
            )


RULE = Rule(
    look,
    bad="expect accuracy on holdout by carrier >= 0.8",
    good="expect accuracy on holdout by carrier >= 0.8 where rows >= 200",
)
