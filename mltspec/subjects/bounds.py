"""A metric slice by slice with bounds on either side, by the sharpest method that its kind allows."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mltspec.statistics.areas import Areas
from mltspec.statistics.moments import Moments
from mltspec.statistics.shares import wilson
from mltspec.statistics.weighted import WeightedMoments
from mltspec.subjects.answers import Answers, Array, Floats, Task
from mltspec.subjects.rulers import Ruler

Codes: TypeAlias = NDArray[np.intp]


class Bounded(NamedTuple):
    """Values and bounds, (slices,) each; bounds None where the metric has none."""

    value: Floats
    low: Floats | None
    high: Floats | None
    method: str


def bounded(ruler: Ruler, codes: Codes, slices: int, confidence: float) -> Bounded:
    """Return a metric on each slice with one-sided bounds.

    Args:
        ruler: the metric.
        codes: (rows,), the slice of each row.
        slices: how many there are.
        confidence: of each bound.
    """
    if ruler.contribution is not None and ruler.weights is None:
        return _mean(ruler.contribution - ruler.shift, codes, slices, confidence)
    if ruler.contribution is not None and ruler.weights is not None:
        values, weights = ruler.contribution - ruler.shift, ruler.weights
        around = float(values[0]) if len(values) and math.isfinite(values[0]) else 0.0
        return of_weighted(WeightedMoments.of(values, weights, codes, slices, around), confidence)
    area = _area(ruler, codes, slices, confidence)
    if area is not None:
        return area
    return Bounded(_each(ruler, codes, slices), None, None, "")


def _mean(values: Floats, codes: Codes, slices: int, confidence: float) -> Bounded:
    zero_one = bool(np.isin(values, (0.0, 1.0)).all())
    around = float(values[0]) if not zero_one and len(values) and math.isfinite(values[0]) else 0.0
    return of_mean(Moments.of(values, codes, slices, around), zero_one, confidence)


def of_mean(sums: Moments, zero_one: bool, confidence: float) -> Bounded:
    """Return means with bounds; of numbers that are all 0 or 1, those of shares."""
    if zero_one:
        low, high = wilson(sums.sums[:, 1], sums.rows, confidence)
        return Bounded(sums.mean, low, high, "score interval of a share (Wilson)")
    low, high = sums.bounds(confidence)
    return Bounded(sums.mean, low, high, "Student's t, corrected for skew (Hall)")


def of_weighted(sums: WeightedMoments, confidence: float) -> Bounded:
    """Return weighted means with bounds."""
    return Bounded(sums.mean, *sums.bounds(confidence), "linearised weighted mean")


def of_areas(areas: Areas, confidence: float, value: Floats | None = None) -> Bounded:
    """Return areas with bounds; a ``value`` of its own (a compiled AUC's) takes over the exact area's reach."""
    exact = areas.values()
    low, high = areas.bounds(confidence)
    if value is None:
        return Bounded(exact, low, high, "DeLong, on log-odds")
    return Bounded(value, value - (exact - low), value + (high - exact), "DeLong, on log-odds")


def _area(ruler: Ruler, codes: Codes, slices: int, confidence: float) -> Bounded | None:
    """Areas of a yes-or-no question."""
    found = ordered(ruler)
    if found is None:
        return None
    areas = Areas(slices)
    areas.add(*found, codes)
    return of_areas(areas, confidence, _each(ruler, codes, slices) if ruler.compiled else None)


def ordered(ruler: Ruler) -> tuple[Array, Floats] | None:
    """Return labels and scores, (rows,) each, of a metric that is the area of a yes-or-no question, else None."""
    head = ruler.head
    if ruler.name != "auc" or head is None or head.weights is not None or head.asked is Task.NUMBERS:
        return None
    score = _one_score(head)
    return None if score is None else (head.labels.reshape(-1), score)


def _one_score(head: Answers) -> Floats | None:
    outputs = head.score.shape[-1] if head.score.ndim > 1 else 1
    if head.asked is Task.BINARY:
        return head.score.reshape(-1)
    if head.asked is Task.CLASSES and outputs == 2 and head.score.ndim == 2:
        return head.probabilities[:, 1]
    return None


def _each(ruler: Ruler, codes: Codes, slices: int) -> Floats:
    """Return the metric's own value on each slice, one after the other."""
    if ruler.on is None:
        return np.full(slices, math.nan)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=slices))
    parts = np.split(order, ends[:-1])
    return np.array([ruler.on(part) if len(part) else math.nan for part in parts])
