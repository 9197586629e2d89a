"""Bounds as numbers: what a claim allows its metric to be."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from mltspec.language.source import Span
from mltspec.lint.measures import MEASURES, Measure
from mltspec.lint.view import Stated, View, once

METRIC, AGAINST = "metric-holds", "not-worse-than-baseline"
OPPOSITE = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}


@dataclass(frozen=True)
class Bound:
    """One claim that a metric is on one side of a number."""

    claim: Stated
    metric: str
    compare: str
    value: float
    text: str

    @property
    def span(self) -> Span:
        """Where the number stands."""
        return self.claim.span_of(self.text)

    @property
    def measure(self) -> Measure | None:
        """What is known of the metric."""
        return MEASURES.get(self.metric)

    @property
    def of(self) -> tuple[object, ...]:
        """What is measured: two bounds with the same are about one number, or about the same slices."""
        values = self.claim.values
        rows = tuple(repr(values.get(field)) for field in ("by", "quantiles", "least_rows", "only"))
        return (self.claim.setting.model, self.metric, self.claim.data, *rows)

    def allows(self, value: float) -> bool:
        """Whether a value meets it."""
        match self.compare:
            case ">=":
                return value >= self.value
            case ">":
                return value > self.value
            case "<=":
                return value <= self.value
            case "<":
                return value < self.value
            case "=":
                return value == self.value
        return value != self.value


@once
def bounds(view: View) -> Iterator[Bound]:
    """Return every bound of a metric by a number."""
    for claim in view.claims:
        amount = claim.amount("bound") if claim.check == METRIC else None
        if amount is not None:
            yield Bound(claim, claim.values["metric"], claim.values["compare"], float(amount.base), amount.text)


def against_baselines(view: View) -> Iterator[Stated]:
    """Return every comparison with a baseline."""
    return (claim for claim in view.claims if claim.check == AGAINST)


def always(bound: Bound) -> bool:
    """Whether every value that the metric can have meets the bound."""
    measure = bound.measure
    if measure is None or not bound.compare.startswith((">", "<")):
        return False
    worst = measure.low if bound.compare.startswith(">") else measure.high
    return math.isfinite(worst) and bound.allows(worst)


def never(bound: Bound) -> bool:
    """Whether no value that the metric can have meets the bound."""
    measure = bound.measure
    if measure is None or bound.compare == "!=":
        return False
    if bound.compare == "=":
        return not measure.low <= bound.value <= measure.high
    best = measure.high if bound.compare.startswith(">") else measure.low
    return math.isfinite(best) and not bound.allows(best)
