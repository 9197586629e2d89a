import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import kendalltau

from mltspec.statistics import rank
from mltspec.statistics.rank import mann_kendall_decreasing


def score(values):
    return sum((b > a) - (b < a) for a, b in itertools.combinations(values, 2))


@pytest.mark.parametrize("values", [[3, 2, 1], [1, 2, 3, 4], [2, 1, 2, 1, 0], [5, 5, 4, 4, 4, 1, 1], [1, 1, 1, 0]])
def test_it_counts_all_orders(values):
    orders = list(itertools.permutations(values))
    share = sum(score(order) <= score(values) for order in orders) / len(orders)
    assert mann_kendall_decreasing(values) == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize("count", [2, 5, 12, 40])
def test_without_ties_it_is_kendall_against_time(count):
    values = np.random.default_rng(count).normal(size=count) - 0.05 * np.arange(count)
    expected = kendalltau(np.arange(count), values, alternative="less", method="exact").pvalue
    assert mann_kendall_decreasing(values.tolist()) == pytest.approx(expected, rel=1e-9)


def test_long_series_are_approximated_closely(monkeypatch):
    values = (np.random.default_rng(3).normal(size=60) - 0.01 * np.arange(60)).round(1).tolist()
    approximate = mann_kendall_decreasing(values)
    monkeypatch.setattr(rank, "EXACT_UP_TO", 60)
    assert mann_kendall_decreasing(values) == pytest.approx(approximate, abs=0.002)


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0, 2.0]])
def test_what_shows_nothing_has_p_one(values):
    assert mann_kendall_decreasing(values) == 1.0


def test_a_loss_that_blows_up_does_not_fall():
    assert mann_kendall_decreasing([3, 2, math.nan, math.nan, math.inf, math.nan]) > 0.5


def test_false_alarms_stay_below_the_level():
    generator = np.random.default_rng(0)
    alarms = [mann_kendall_decreasing(generator.normal(size=12).tolist()) <= 0.05 for _ in range(2000)]
    assert np.mean(alarms) < 0.06


def test_it_needs_no_numpy():
    code = "import sys, mltspec.statistics.rank; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
