"""The difference of two shares of right answers, paired on the same rows."""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.stats import norm

from mltspec.statistics.interval import Interval

INNER = 1e-9
"""How far inside -1 and 1 the bound is looked for: at the very ends the statistic has no spread."""


def paired_proportions(rows: int, only_ours: int, only_theirs: int, confidence: float) -> Interval:
    """Return the difference of two paired shares with one-sided score bounds.

    It inverts the score test of non-inferiority, so a bound and that test agree, and two models that answer
    every row alike still get a width (a resampling of zeros has none).

    Args:
        rows: how many rows both models answered; at least one.
        only_ours: rows that only our model has right.
        only_theirs: rows that only the other has right.
        confidence: of each one-sided bound.

    Source: Tango, "Equivalence test and confidence interval for the difference in proportions for the
        paired-sample design", Statistics in Medicine 17, 1998, sections 3 and 4.
    """
    estimate = (only_ours - only_theirs) / rows
    z = float(norm.ppf(confidence))
    high = _upper(rows, only_ours, only_theirs, z, estimate)
    low = -_upper(rows, only_theirs, only_ours, z, -estimate)
    return Interval(estimate, low, high, "score interval of paired shares (Tango)")


def _statistic(rows: int, ours: int, theirs: int, difference: float) -> float:
    """Return Tango's score statistic for a true difference of ``difference``."""
    a = 2 * rows
    b = -ours - theirs + (2 * rows - ours + theirs) * difference
    c = -theirs * difference * (1 - difference)
    share_theirs = (math.sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
    variance = rows * (2 * share_theirs + difference * (1 - difference))
    gap = ours - theirs - rows * difference
    return math.copysign(math.inf, gap) if variance <= 0 else gap / math.sqrt(variance)


def _upper(rows: int, ours: int, theirs: int, z: float, estimate: float) -> float:
    """Return the largest difference that the score test does not reject."""

    def beyond(difference: float) -> float:
        return max(-1e6, min(1e6, _statistic(rows, ours, theirs, difference) + z))

    left, right = max(estimate, INNER - 1), 1 - INNER
    if left >= right or beyond(left) * beyond(right) > 0:
        return 1.0
    return float(brentq(beyond, left, right, xtol=1e-10))
