"""Held against statsmodels' formulas as SciPy has them, and against what the bounds promise."""

import numpy as np
import pytest
from scipy.stats import binomtest

from mltspec.statistics.shares import exact_share, mcnemar, wilson


@pytest.mark.parametrize(("right", "rows"), [(0, 10), (3, 10), (10, 10), (412, 1000), (1, 3)])
def test_bounds_are_scipys(right, rows):
    for method, (low, high) in {
        "wilson": wilson(right, rows, 0.975),
        "exact": (exact_share(right, rows, 0.975).low, exact_share(right, rows, 0.975).high),
    }.items():
        expected = binomtest(right, rows).proportion_ci(0.95, method)
        assert low == pytest.approx(expected.low, abs=1e-12)
        assert high == pytest.approx(expected.high, abs=1e-12)


def test_many_slices_at_once_and_one_without_rows():
    low, high = wilson(np.array([3, 0]), np.array([10, 0]), 0.95)
    assert low[0] == pytest.approx(wilson(3, 10, 0.95)[0])
    assert (low[1], high[1]) == (0, 1)


@pytest.mark.parametrize(("ours", "theirs"), [(3, 12), (0, 0), (20, 20), (1, 9)])
def test_mcnemar_is_the_exact_binomial_test(ours, theirs):
    expected = binomtest(ours, ours + theirs, 0.5, alternative="less").pvalue if ours + theirs else 1.0
    assert mcnemar(ours, theirs) == pytest.approx(expected)


def test_an_exact_bound_covers_at_least_as_often_as_it_says():
    rows, share = 30, 0.1
    draws = np.random.default_rng(0).binomial(rows, share, 3000)
    bounds = {int(right): exact_share(int(right), rows, 0.975) for right in np.unique(draws)}
    covered = np.mean([bounds[int(right)].low <= share <= bounds[int(right)].high for right in draws])
    assert covered >= 0.95
