"""Weighted means slice by slice, with bounds, from sums that can be added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Floats: TypeAlias = NDArray[np.float64]


@dataclass
class WeightedMoments:
    """Sums of a number and its weights, slice by slice.

    Args:
        sums: (slices, 5), of the weights w, of w d, of w**2, w**2 d and w**2 d**2 for differences d from ``around``.
        around: a number near the mean, so that large values with a small spread lose no digits.
    """

    sums: Floats
    around: float = 0.0

    @classmethod
    def of(
        cls, values: Floats, weights: Floats, codes: NDArray[np.intp], slices: int, around: float
    ) -> WeightedMoments:
        """Return the sums of some rows: values, weights and slices, (rows,) each."""
        away = values - around
        terms = (weights, weights * away, weights**2, weights**2 * away, (weights * away) ** 2)
        return cls(np.stack([np.bincount(codes, term, slices) for term in terms], axis=1), around)

    def merge(self, other: WeightedMoments) -> None:
        """Add the sums of other rows, taken around the same number."""
        assert other.around == self.around
        self.sums += other.sums

    @property
    def mean(self) -> Floats:
        """(slices,), NaN where weights sum to zero."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.sums[:, 1] / self.sums[:, 0] + self.around)

    def bounds(self, confidence: float) -> tuple[Floats, Floats]:
        """Return one-sided bounds of each mean, by how far each row pulls it.

        Source: Särndal, Swensson and Wretman, "Model Assisted Survey Sampling", 1992, section 5.7 (ratio estimator).
        """
        weight, first, square, square_first, square_second = self.sums.T
        with np.errstate(invalid="ignore", divide="ignore"):
            away = first / weight
            pull = np.maximum(square_second - 2 * away * square_first + away**2 * square, 0.0)
            reach = norm.ppf(confidence) * np.sqrt(pull) / weight
        return self.mean - reach, self.mean + reach
