"""What a bound can decide at the rows at hand, before it is asked: false alarms, and the smallest drop seen.

Plain Python: plans are shown without numpy.

Source: Chow, Shao and Wang, "Sample Size Calculations in Clinical Research", 2nd ed. 2008, section 3.1 (one mean) and
3.2.3 (non-inferiority).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

POWER = 0.8
"""A drop is called detectable if four runs in five see it."""

NORMAL = NormalDist()


@dataclass(frozen=True)
class Power:
    """What a bound can decide.

    ``false_alarms`` is the chance that a model that is as good as the last fails; ``detectable`` is the true value from
    which on, towards the bad side, at least ``POWER`` of runs fail.
    """

    false_alarms: float
    detectable: float


def of_value(value: float, spread: float, bound: float, more_is_better: bool) -> Power:
    """Return the power of a bound that is compared with a measured value.

    Args:
        value: the metric as last measured; an unchanged model is taken to have it.
        spread: its standard error over samples of as many rows.
        bound: what is asked of it.
        more_is_better: whether smaller values fail.
    """
    sign = 1.0 if more_is_better else -1.0
    gap = sign * (value - bound)
    alarms = (0.0 if gap >= 0 else 1.0) if spread <= 0 else NORMAL.cdf(-gap / spread)
    return Power(alarms, bound - sign * NORMAL.inv_cdf(POWER) * max(spread, 0.0))


def of_interval(spread: float, edge: float, confidence: float, more_is_better: bool) -> Power:
    """Return the power of a margin that is decided by the end of a paired interval, for an unchanged model.

    Args:
        spread: the standard error of the difference.
        edge: the difference allowed, negative where more is better.
        confidence: of the interval's ends.
        more_is_better: whether smaller differences fail.
    """
    sign = 1.0 if more_is_better else -1.0
    reach = NORMAL.inv_cdf(confidence) * spread
    alarms = 0.0 if spread <= 0 else NORMAL.cdf((sign * edge - reach) / spread)
    return Power(alarms, edge - sign * (reach + NORMAL.inv_cdf(POWER) * spread))


def spread_of(low: float, high: float, confidence: float) -> float:
    """Return the standard error that an interval with these one-sided ends has; NaN where it has none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return math.nan
    return (high - low) / 2 / NORMAL.inv_cdf(confidence)
