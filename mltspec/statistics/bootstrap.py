"""The bootstrap of a mean of per-row differences, and of any statistic over rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from mltspec.statistics.interval import Interval

Floats: TypeAlias = NDArray[np.float64]

POISSON_ABOVE_ROWS = 100_000
"""Above it, how often each row is drawn is Poisson: rows can then be read in chunks, in one pass."""

FEW_VALUES = 64
"""Up to that many distinct values, draws are counted value by value instead of row by row."""

JACKKNIFE_GROUPS = 100
"""Groups of rows that are left out in turn; more would cost time and change the skew found by little."""

CELLS = 4_000_000
"""Most draws held in memory at a time (rows times resamples): 32 MB."""


def paired_bootstrap(
    differences: Floats,
    confidence: float,
    resamples: int = 2000,
    seed: int = 0,
    weights: Floats | None = None,
) -> Interval:
    """Return the mean of paired differences with one-sided bounds.

    Rows are drawn as wholes, so what both models find hard together cancels. The bounds are bias-corrected
    and accelerated: plain percentiles of a skewed mean cover too little on one side.

    Args:
        differences: (rows,), ours minus theirs; at least one row.
        confidence: of each one-sided bound, a share below 1.
        resamples: how often the rows are drawn anew.
        seed: equal seeds give equal bounds.
        weights: (rows,), the sample weights of a weighted mean.

    Source: Efron, "Better bootstrap confidence intervals", JASA 82, 1987, sections 4 and 6; Chamandy et al.,
        "Estimating uncertainty for massive data streams", Google 2012, section 3 (Poisson).
    """
    if weights is None and np.all(differences == differences[0]):
        only = float(differences[0])
        return Interval(only, only, only, "paired bootstrap (all differences are equal)")
    shares = np.ones(len(differences)) if weights is None else np.asarray(weights, np.float64)
    estimate = float(np.average(differences, weights=shares))
    means = _resampled_means(differences, shares, resamples, np.random.default_rng(seed), weights is None)
    influence = shares * (differences - estimate)
    spread = float(np.sum(influence**2))
    acceleration = 0.0 if spread == 0 else float(np.sum(influence**3)) / (6 * spread**1.5)
    low, high = _corrected(means, estimate, acceleration, confidence)
    return Interval(estimate, low, high, f"paired bootstrap, {resamples} resamples")


def bootstrap_over_rows(
    statistic: Callable[[NDArray[np.int64]], float],
    rows: int,
    confidence: float,
    resamples: int = 2000,
    seed: int = 0,
) -> Interval:
    """Return a statistic of drawn rows with one-sided bounds; for what is no mean over rows.

    They are bias-corrected and accelerated, as those of a mean are; how skewed the statistic is shows in what it is
    without a hundredth of the rows, each hundredth in turn. Resamples on which the statistic is undefined (NaN: one
    class was not drawn) are left out.

    Args:
        statistic: takes the indices of the rows drawn, (rows,), and returns a number.
        rows: how many rows there are.
        confidence: of each one-sided bound.
        resamples: how often rows are drawn.
        seed: equal seeds give equal bounds.

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 14.3; groups of rows left out:
        Shao and Wu, "A General Theory for Jackknife Variance Estimation", Annals of Statistics 17, 1989.
    """
    generator = np.random.default_rng(seed)
    estimate = statistic(np.arange(rows))
    drawn = np.array([statistic(generator.integers(0, rows, rows)) for _ in range(resamples)])
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size == 0:
        return Interval(estimate, math.nan, math.nan, "bootstrap over rows (undefined on every resample)")
    acceleration = _acceleration(statistic, rows, generator)
    low, high = _corrected(drawn, estimate, acceleration, confidence)
    return Interval(estimate, low, high, f"bootstrap over rows, {drawn.size} resamples")


def _acceleration(statistic: Callable[[NDArray[np.int64]], float], rows: int, generator: np.random.Generator) -> float:
    """Return how fast the statistic's spread changes with it: a sixth of the skew of what groups of rows pull."""
    groups = np.array_split(generator.permutation(rows), min(rows, JACKKNIFE_GROUPS))
    every = np.arange(rows)
    without = np.array([statistic(np.delete(every, group)) for group in groups])
    pull = np.mean(without) - without
    spread = float(np.sum(pull**2))
    return float(np.sum(pull**3)) / (6 * spread**1.5) if spread > 0 and math.isfinite(spread) else 0.0


def _resampled_means(
    differences: Floats, shares: Floats, resamples: int, generator: np.random.Generator, plain: bool
) -> Floats:
    """Return the mean of each resample, (resamples,)."""
    rows = len(differences)
    if plain:
        values, counts = np.unique(differences, return_counts=True)
        if len(values) <= FEW_VALUES:
            return np.asarray(generator.multinomial(rows, counts / rows, resamples) @ values / rows)
    if rows > POISSON_ABOVE_ROWS:
        return _poisson_means(differences, shares, resamples, generator)
    means = np.empty(resamples)
    at_once = max(1, CELLS // rows)
    products = shares * differences
    for start in range(0, resamples, at_once):
        size = min(at_once, resamples - start)
        drawn = generator.integers(0, rows, (size, rows))
        with np.errstate(invalid="ignore", divide="ignore"):
            means[start : start + size] = products[drawn].sum(axis=1) / shares[drawn].sum(axis=1)
    return means[np.isfinite(means)]


def _poisson_means(differences: Floats, shares: Floats, resamples: int, generator: np.random.Generator) -> Floats:
    """Return the mean of each resample with every row drawn a Poisson(1) number of times."""
    above, below = np.zeros(resamples), np.zeros(resamples)
    at_once = max(1, CELLS // resamples)
    for start in range(0, len(differences), at_once):
        part = slice(start, start + at_once)
        times = generator.poisson(1.0, (len(shares[part]), resamples)).astype(np.float32)
        above += (shares[part] * differences[part]) @ times
        below += shares[part] @ times
    return np.asarray(above / below)


def _corrected(means: Floats, estimate: float, acceleration: float, confidence: float) -> tuple[float, float]:
    """Return the quantiles at which bias and skew are corrected for."""
    below = (np.sum(means < estimate) + 0.5 * np.sum(means == estimate)) / len(means)
    if not 0 < below < 1:
        low, high = np.quantile(means, [1 - confidence, confidence])
        return float(low), float(high)
    bias = norm.ppf(below)
    wanted = norm.ppf(np.array([1 - confidence, confidence])) + bias
    levels = norm.cdf(bias + wanted / (1 - acceleration * wanted))
    low, high = np.quantile(means, levels)
    return float(low), float(high)
