"""Where the next value will lie, from a few values before it: for bounds that a sound model seldom misses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t


@dataclass(frozen=True)
class Spread:
    """How a number scatters over training runs that differ in nothing but their seed.

    Args:
        count: how many runs; at least two.
        mean: of them.
        deviation: the standard deviation of one run.
        rows_error: the standard error that the rows measured on bring in, 0 where the next run is on the same ones.
    """

    count: int
    mean: float
    deviation: float
    rows_error: float = 0.0

    @classmethod
    def of(cls, values: Sequence[float], rows_error: float = 0.0) -> Spread:
        """Return the spread of some runs' values.

        Raises:
            ValueError: there are fewer than two.
        """
        if len(values) < 2:
            raise ValueError("one value has no spread")
        found = np.asarray(values, np.float64)
        return cls(len(found), float(found.mean()), float(found.std(ddof=1)), rows_error)

    @property
    def reach(self) -> float:
        """The standard deviation of the next value less the mean of those seen.

        Rows drawn anew count twice: those of the next run, and those that the mean rests on.
        """
        return math.hypot(self._of_seeds, self.rows_error * math.sqrt(2))

    def bound(self, rate: float, more_is_better: bool) -> float:
        """Return the bound that the next run misses with a chance of ``rate``.

        Exact for values that scatter normally; where rows bring in an error too, by degrees of freedom as Satterthwaite
        counts them.

        Args:
            rate: of false alarms, above 0 and below one half.
            more_is_better: whether it is a least value, or a largest one.

        Source: Hahn and Meeker, "Statistical Intervals", 1991, section 4.7 (a bound for one future observation);
            Satterthwaite, "An Approximate Distribution of Estimates of Variance Components", Biometrics Bulletin 2,
            1946.
        """
        away = float(t.isf(rate, self._freedom)) * self.reach
        return self.mean - away if more_is_better else self.mean + away

    def missed(self, bound: float, more_is_better: bool) -> float:
        """Return the chance that the next run misses a bound."""
        gap = self.mean - bound if more_is_better else bound - self.mean
        if self.reach == 0:
            return float(gap < 0)
        return float(t.sf(gap / self.reach, self._freedom))

    @property
    def _of_seeds(self) -> float:
        return self.deviation * math.sqrt(1 + 1 / self.count)

    @property
    def _freedom(self) -> float:
        return (self.count - 1) * (self.reach / self._of_seeds) ** 4 if self._of_seeds else math.inf
