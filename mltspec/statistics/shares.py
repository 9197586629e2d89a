"""One share of rows: its bounds by score and by exact count, and the exact test of two paired shares."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, binom, norm

from mltspec.statistics.interval import Interval

Floats: TypeAlias = NDArray[np.float64]


def wilson(right: Any, rows: Any, confidence: float) -> tuple[Floats, Floats]:
    """Return the score bounds of shares; of many at once, if arrays are given.

    Args:
        right: how many rows count, a number or (slices,).
        rows: of how many; where there is none, the bounds are 0 and 1.
        confidence: of each one-sided bound.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    """
    z, count = norm.ppf(confidence), np.asarray(rows, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(right, np.float64) / count
        middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
        reach = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    low = np.where(count > 0, np.maximum(middle - reach, 0.0), 0.0)
    high = np.where(count > 0, np.minimum(middle + reach, 1.0), 1.0)
    return low, high


def exact_share(right: int, rows: int, confidence: float) -> Interval:
    """Return a share with exact binomial bounds, which cover at least as often as they say.

    Source: Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the
        binomial", Biometrika 26, 1934.
    """
    low = float(beta.ppf(1 - confidence, right, rows - right + 1)) if right > 0 else 0.0
    high = float(beta.ppf(confidence, right + 1, rows - right)) if right < rows else 1.0
    return Interval(right / rows if rows else float("nan"), low, high, "exact binomial (Clopper-Pearson)")


def mcnemar(only_ours: int, only_theirs: int) -> float:
    """Return the exact one-sided p-value that ours has no fewer rows right than theirs.

    Only the rows that the two models answer differently say anything; of these, each is as likely to be either's
    if the models are equally good. Small: ours is worse.

    Source: McNemar, "Note on the sampling error of the difference between correlated proportions or
        percentages", Psychometrika 12, 1947; exact by the binomial distribution.
    """
    return float(binom.cdf(only_ours, only_ours + only_theirs, 0.5))
