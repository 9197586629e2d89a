"""Means over rows, of all rows and slice by slice, from sums that can be added up: mergeable, one pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

Floats: TypeAlias = NDArray[np.float64]

POWERS = 4
"""Sums are kept of the powers 0 to 3: rows, mean, spread and skew."""


@dataclass
class Moments:
    """Sums of the powers of a number, slice by slice.

    Args:
        sums: (slices, 4), of the powers 0 to 3 of the difference from ``around``.
        around: a number near the mean, so that large values with a small spread lose no digits.
    """

    sums: Floats
    around: float = 0.0

    @classmethod
    def of(cls, values: Floats, codes: NDArray[np.intp], slices: int, around: float | None = None) -> Moments:
        """Return the sums of some rows.

        Args:
            values: (rows,).
            codes: (rows,), the slice of each row; a negative one is left out.
            slices: how many there are.
            around: equal for all that is merged; by default 0 for shares, else the first rows' mean.
        """
        around = float(around if around is not None else 0.0)
        away = np.asarray(values, np.float64) - around
        inside = codes >= 0
        if not inside.all():
            away, codes = away[inside], codes[inside]
        sums = np.empty((slices, POWERS))
        sums[:, 0] = np.bincount(codes, minlength=slices)
        weighted = away
        for power in range(1, POWERS):
            sums[:, power] = np.bincount(codes, weighted, minlength=slices)
            weighted = weighted * away
        return cls(sums, around)

    def merge(self, other: Moments) -> None:
        """Add the sums of other rows.

        Raises:
            ValueError: they are taken around another number.
        """
        if other.around != self.around:
            raise ValueError(f"sums around {self.around} and {other.around} cannot be added")
        self.sums += other.sums

    @property
    def rows(self) -> Floats:
        """(slices,), how many rows each has."""
        return np.asarray(self.sums[:, 0])

    @property
    def mean(self) -> Floats:
        """(slices,), NaN where there is no row."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.sums[:, 1] / self.rows + self.around)

    def bounds(self, confidence: float) -> tuple[Floats, Floats]:
        """Return one-sided bounds of each mean: Student's, corrected for skew; infinite below two rows.

        Source: Hall, "On the removal of skewness by transformation", JRSS B 54, 1992, section 3 (the cubic
            transformation of the studentised mean).
        """
        rows = self.rows
        with np.errstate(invalid="ignore", divide="ignore"):
            first, second, third = (self.sums[:, power] / rows for power in (1, 2, 3))
            variance = np.maximum(second - first**2, 0.0)
            skew = np.where(variance > 0, (third - 3 * first * second + 2 * first**3) / variance**1.5, 0.0)
            error = np.sqrt(variance / (rows - 1))
            reach: Any = t.ppf(confidence, np.maximum(rows - 1, 1))
            low = self.mean - error * _untransformed(reach, skew, rows)
            high = self.mean - error * _untransformed(-reach, skew, rows)
        enough = rows > 1
        return np.where(enough, low, -np.inf), np.where(enough, high, np.inf)


def _untransformed(value: Any, skew: Any, rows: Floats) -> Any:
    """Return the studentised mean that Hall's transformation takes to ``value``."""
    a, b = skew / 3, skew / 6
    root = np.sqrt(rows)
    safe = np.where(np.abs(a) < 1e-9, 1.0, a)
    inner = 1 + 3 * safe * (value / root - b / rows)
    return np.where(np.abs(a) < 1e-9, value, root * (np.cbrt(inner) - 1) / safe)
