"""Two arms of one stream of requests, compared exactly: who met which was drawn by lot, and by nothing else.

If the versions are equal, a request would have fared alike in the other arm; its fate is fixed and only the lot is
random. So the tests hold whatever the requests did to each other: queues, pauses and bursts hit both arms.

Source: Fisher, "The Design of Experiments", 1935, chapter II (exact test); Westenberg, "Significance Test for Median
and Interquartile Range", 1948 (the same for any quantile); Lan and DeMets, "Discrete sequential boundaries", Biometrika
1983 (error rates spent over looks).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]


def more_often(bad: int, count: int, other_bad: int, other_count: int, margin: float = 0.0) -> float:
    """Return the one-sided p-value that something bad befalls the first arm no more often than the second.

    Args:
        bad: how often in the first arm.
        count: the first arm's size.
        other_bad: how often in the second.
        other_count: the second arm's size.
        margin: a share of the first arm that is forgiven.
    """
    forgiven = math.floor(margin * count)
    counted = max(0, bad - forgiven)
    if counted == 0:
        return 1.0
    return float(stats.hypergeom.sf(counted - 1, count + other_count, counted + other_bad, count))


def longer(times: Floats, other: Floats, quantile: float, ratio: float) -> float:
    """Return the one-sided p-value that a quantile of the first times is at most ``ratio`` that of the second.

    The second times are stretched by the ratio; beyond the quantile of both together lie, by lot, as many of each.
    """
    if not len(times) or not len(other):
        return 1.0
    stretched = other * ratio
    edge = np.quantile(np.concatenate([times, stretched]), quantile, method="lower")
    return more_often(int((times > edge).sum()), len(times), int((stretched > edge).sum()), len(stretched))


def elsewhere(values: Floats, other: Floats, distance: float) -> float:
    """Return the p-value that two samples' distributions lie at most ``distance`` apart (Kolmogorov-Smirnov)."""
    if not len(values) or not len(other):
        return 1.0
    found = float(stats.ks_2samp(values, other).statistic) - distance
    size = len(values) * len(other) / (len(values) + len(other))
    return float(stats.kstwobign.sf(found * math.sqrt(size))) if found > 0 else 1.0


def spent(alpha: float, look: int, looks: int) -> float:
    """Return the error rate that may be spent at a look, 1 to ``looks``: most of it late, all of it together.

    The sum over looks is ``alpha``, so the chance of any false alarm is at most that, however the looks hang together.
    """
    return alpha * ((look / looks) ** 2 - ((look - 1) / looks) ** 2)


def smallest_caught(count: int, rate: float, alpha: float, power: float = 0.9) -> float:
    """Return the smallest excess over ``rate`` that arms of ``count`` requests each catch with ``power``; 1 if none.

    By the normal approximation; for planning, not for a verdict.
    """
    if count < 1:
        return 1.0
    z = float(stats.norm.isf(alpha) + stats.norm.isf(1 - power))
    low, high = 0.0, 1.0 - rate
    for _ in range(40):
        excess = (low + high) / 2
        mean = rate + excess / 2
        enough = excess >= z * math.sqrt(2 * mean * (1 - mean) / count)
        low, high = (low, excess) if enough else (excess, high)
    return high
