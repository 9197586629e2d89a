"""The area under the ROC curve, exactly, and the spread of a paired difference of two."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

from mltspec.statistics.interval import Interval

Floats: TypeAlias = NDArray[np.float64]


def roc_auc(truth: NDArray[Any], score: Floats, weights: Floats | None = None) -> float:
    """Return the chance that a positive row scores above a negative one, ties counting half.

    Args:
        truth: (rows,), true or 1 for positive rows.
        score: (rows,), higher for rows thought positive.
        weights: (rows,), sample weights; None weighs all rows alike.

    Returns:
        A share; NaN where a class is missing or a score is NaN, because then there is nothing to order.

    Source: Hanley and McNeil, "The meaning and use of the area under a ROC curve", Radiology 143, 1982.
    """
    positive = np.asarray(truth).astype(bool)
    weight = np.ones(len(score)) if weights is None else np.asarray(weights, np.float64)
    plus, minus = np.where(positive, weight, 0.0), np.where(positive, 0.0, weight)
    if plus.sum() <= 0 or minus.sum() <= 0 or np.isnan(score).any():
        return math.nan
    _, group = np.unique(score, return_inverse=True)
    plus_at, minus_at = np.bincount(group, plus), np.bincount(group, minus)
    below = np.cumsum(minus_at) - minus_at
    return float(np.sum(plus_at * (below + minus_at / 2)) / (plus.sum() * minus.sum()))


def one_vs_rest_auc(truth: NDArray[Any], score: Floats, weights: Floats | None = None) -> float:
    """Return the unweighted mean over classes of each class' area against all others.

    Classes that are absent, or that are all there is, are left out.

    Args:
        truth: (rows,), class numbers.
        score: (rows, classes).
        weights: (rows,), sample weights.

    Source: Provost and Domingos, "Well-trained PETs", NYU CeDER 2001, section 3.2.
    """
    if np.isnan(score).any():
        return math.nan
    areas = [roc_auc(truth == label, score[:, label], weights) for label in range(score.shape[1])]
    known = [area for area in areas if not math.isnan(area)]
    return float(np.mean(known)) if known else math.nan


def delong_difference(truth: NDArray[Any], ours: Floats, theirs: Floats, confidence: float) -> Interval:
    """Return the difference of two areas on the same rows with one-sided bounds.

    Args:
        truth: (rows,), true or 1 for positive rows.
        ours: (rows,), our model's scores.
        theirs: (rows,), the other model's scores.
        confidence: of each one-sided bound.

    Returns:
        All NaN where a class is missing or a score is NaN; bounds infinite where a class has a single row.

    Source: DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated ROC
        curves", Biometrics 44, 1988; computed by midranks: Sun and Xu, "Fast implementation of DeLong's
        algorithm", IEEE Signal Processing Letters 21, 2014.
    """
    positive = np.asarray(truth).astype(bool)
    plus, minus = int(positive.sum()), int((~positive).sum())
    if min(plus, minus) == 0 or np.isnan(ours).any() or np.isnan(theirs).any():
        return Interval(math.nan, math.nan, math.nan, "DeLong (undefined: a class is missing or a score is NaN)")
    (area_ours, plus_ours, minus_ours), (area_theirs, plus_theirs, minus_theirs) = (
        _placements(positive, score) for score in (ours, theirs)
    )
    estimate = area_ours - area_theirs
    if min(plus, minus) == 1:
        return Interval(estimate, -math.inf, math.inf, "DeLong (undefined: one row of a class)")
    variance = np.var(plus_ours - plus_theirs, ddof=1) / plus + np.var(minus_ours - minus_theirs, ddof=1) / minus
    reach = float(norm.ppf(confidence)) * math.sqrt(variance)
    return Interval(estimate, estimate - reach, estimate + reach, "DeLong")


def auc_influence(truth: NDArray[Any], score: Floats, weights: Floats | None = None) -> tuple[float, Floats]:
    """Return the area, and how far each row pulls it: the variance of their mean is that of the area.

    Influences of several areas on the same rows may be added or subtracted, so means over classes and paired
    differences have a variance too, with sample weights or without.

    Args:
        truth: (rows,), true or 1 for positive rows.
        score: (rows,).
        weights: (rows,), sample weights.

    Returns:
        The area and (rows,) influences of mean zero; NaN and zeros where a class is missing.

    Source: Hampel, "The influence curve and its role in robust estimation", JASA 69, 1974; for the area,
        Sen, "On some convergence properties of U-statistics", Calcutta Statistical Association Bulletin 10, 1960.
    """
    area = roc_auc(truth, score, weights)
    if math.isnan(area):
        return area, np.zeros(len(score))
    positive = np.asarray(truth).astype(bool)
    weight = np.ones(len(score)) if weights is None else np.asarray(weights, np.float64)
    plus, minus = np.where(positive, weight, 0.0), np.where(positive, 0.0, weight)
    _, group = np.unique(score, return_inverse=True)
    plus_at, minus_at = np.bincount(group, plus), np.bincount(group, minus)
    beaten = (np.cumsum(minus_at) - minus_at / 2) / minus.sum()
    beating = 1 - (np.cumsum(plus_at) - plus_at / 2) / plus.sum()
    pull = np.where(positive, plus / plus.sum() * (beaten[group] - area), minus / minus.sum() * (beating[group] - area))
    return area, pull * len(score)


def macro_difference(
    truth: NDArray[Any], ours: Floats, theirs: Floats, confidence: float, weights: Floats | None = None
) -> Interval:
    """Return the difference of two mean areas over columns, on the same rows, with one-sided bounds.

    Args:
        truth: (rows, columns), true or 1 for positive rows of each column; a column of one class is left out.
        ours: (rows, columns), our model's scores.
        theirs: (rows, columns), the other model's scores.
        confidence: of each one-sided bound.
        weights: (rows,), sample weights.
    """
    estimates, pulls = [], []
    for column in range(truth.shape[1]):
        area, pull = auc_influence(truth[:, column], ours[:, column], weights)
        other, other_pull = auc_influence(truth[:, column], theirs[:, column], weights)
        if not math.isnan(area - other):
            estimates.append(area - other)
            pulls.append(pull - other_pull)
    if not estimates or np.isnan(ours).any() or np.isnan(theirs).any():
        return Interval(math.nan, math.nan, math.nan, "influence of rows (undefined)")
    estimate, rows = float(np.mean(estimates)), len(truth)
    spread = math.sqrt(float(np.mean(pulls, axis=0).var(ddof=1)) / rows) if rows > 1 else math.inf
    reach = float(norm.ppf(confidence)) * spread
    return Interval(estimate, estimate - reach, estimate + reach, "influence of rows on the mean area")


def _placements(positive: NDArray[np.bool_], score: Floats) -> tuple[float, Floats, Floats]:
    """Return the area, and for each positive and each negative row the share of the others it beats."""
    plus, minus = score[positive], score[~positive]
    overall = rankdata(np.concatenate([plus, minus]))
    of_plus = (overall[: len(plus)] - rankdata(plus)) / len(minus)
    of_minus = 1 - (overall[len(plus) :] - rankdata(minus)) / len(plus)
    return float(of_plus.mean()), of_plus, of_minus
