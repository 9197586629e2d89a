"""Many claims at once: which of them are refuted, at one rate of false alarms for all together.

Plain Python: it judges evidence, and judging loads neither numpy nor scipy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

NORMAL = NormalDist()


def holm(p_values: Sequence[float]) -> list[float]:
    """Return each p-value adjusted for all: below alpha, the claim is refuted and alpha holds for the whole family.

    A NaN says nothing and is 1.

    Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6,
        1979.
    """
    known = [1.0 if math.isnan(value) else value for value in p_values]
    order = sorted(range(len(known)), key=known.__getitem__)
    adjusted, highest = [1.0] * len(known), 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, known[at] * (len(known) - rank)))
        adjusted[at] = highest
    return adjusted


def chance_of_reaching(estimate: float, high: float, confidence: float, bound: float) -> float:
    """Return the p-value of a true value at ``bound`` or above it, from an estimate and its upper bound.

    The upper side of the interval is taken to stretch as a normal one does, so that at the interval's own end the
    p-value is ``1 - confidence`` exactly. NaN where there is no interval.

    Args:
        estimate: the estimate.
        high: its one-sided upper bound.
        confidence: of that bound, a share above one half.
        bound: the value claimed to be reached.
    """
    if math.isnan(estimate) or math.isnan(high) or math.isnan(bound):
        return math.nan
    if high <= estimate or math.isinf(high):
        return 1.0 if estimate >= bound or math.isinf(high) else 0.0
    spread = (high - estimate) / NORMAL.inv_cdf(confidence)
    return NORMAL.cdf((estimate - bound) / spread)
