"""A metric slice by slice with bounds on either side, by the sharpest method that its kind allows."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from mltspec.statistics.areas import Areas
from mltspec.statistics.moments import Moments
from mltspec.statistics.shares import wilson
from mltspec.subjects.answers import Answers, Floats, Task
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
        return _weighted(ruler.contribution - ruler.shift, ruler.weights, codes, slices, confidence)
    area = _area(ruler, codes, slices, confidence)
    if area is not None:
        return area
    return Bounded(_each(ruler, codes, slices), None, None, "")


def _mean(values: Floats, codes: Codes, slices: int, confidence: float) -> Bounded:
    around = float(values[0]) if len(values) and math.isfinite(values[0]) else 0.0
    if np.isin(values, (0.0, 1.0)).all():
        sums = Moments.of(values, codes, slices)
        low, high = wilson(sums.sums[:, 1], sums.rows, confidence)
        return Bounded(sums.mean, low, high, "score interval of a share (Wilson)")
    sums = Moments.of(values, codes, slices, around)
    low, high = sums.bounds(confidence)
    return Bounded(sums.mean, low, high, "Student's t, corrected for skew (Hall)")


def _weighted(values: Floats, weights: Floats, codes: Codes, slices: int, confidence: float) -> Bounded:
    """Bounds of a weighted mean by how far each row pulls it.

    Source: Särndal, Swensson and Wretman, "Model Assisted Survey Sampling", 1992, section 5.7 (ratio estimator).
    """
    total = np.bincount(codes, weights, slices)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(codes, weights * values, slices) / total
        pull = weights * (values - mean[codes])
        reach = norm.ppf(confidence) * np.sqrt(np.bincount(codes, pull**2, slices)) / total
    return Bounded(mean, mean - reach, mean + reach, "linearised weighted mean")


def _area(ruler: Ruler, codes: Codes, slices: int, confidence: float) -> Bounded | None:
    """Areas of a yes-or-no question; a compiled AUC keeps its own value, with the exact area's reach."""
    head = ruler.head
    if ruler.name != "auc" or head is None or head.weights is not None or head.asked is Task.NUMBERS:
        return None
    score = _one_score(head)
    if score is None:
        return None
    areas = Areas(slices)
    areas.add(head.labels.reshape(-1), score, codes)
    exact = areas.values()
    low, high = areas.bounds(confidence)
    if ruler.settings.startswith("mltspec"):
        return Bounded(exact, low, high, "DeLong, on log-odds")
    value = _each(ruler, codes, slices)
    return Bounded(value, value - (exact - low), value + (high - exact), "DeLong, on log-odds")


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
