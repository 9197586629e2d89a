import numpy as np
import pytest
from scipy.stats import bootstrap

from mltspec.statistics.auc import roc_auc
from mltspec.statistics.bootstrap import POISSON_ABOVE_ROWS, bootstrap_over_rows, paired_bootstrap


def test_bounds_are_scipys():
    differences = np.random.default_rng(0).exponential(size=80) - 1
    found = paired_bootstrap(differences, 0.95, resamples=9999)
    expected = bootstrap(
        (differences,),
        np.mean,
        confidence_level=0.9,
        n_resamples=9999,
        method="BCa",
        rng=np.random.default_rng(1),
    ).confidence_interval
    assert found.estimate == pytest.approx(differences.mean())
    assert found.low == pytest.approx(expected.low, abs=0.015)
    assert found.high == pytest.approx(expected.high, abs=0.015)


def test_equal_seeds_give_equal_bounds():
    differences = np.random.default_rng(0).normal(size=200)
    assert paired_bootstrap(differences, 0.95, seed=3) == paired_bootstrap(differences, 0.95, seed=3)
    assert paired_bootstrap(differences, 0.95, seed=3) != paired_bootstrap(differences, 0.95, seed=4)


def test_equal_differences_have_no_width():
    found = paired_bootstrap(np.full(10, 0.25), 0.95)
    assert (found.low, found.high) == (0.25, 0.25)


def test_rows_of_weight_zero_do_not_count():
    generator = np.random.default_rng(1)
    differences = generator.normal(size=100)
    weights = np.repeat([1.0, 0.0], 50)
    differences[50:] = 1e6
    found = paired_bootstrap(differences, 0.95, weights=weights)
    assert found.estimate == pytest.approx(differences[:50].mean())
    assert abs(found.high) < 1


def test_counting_values_and_drawing_rows_agree():
    values = np.random.default_rng(2).choice([-1.0, 0.0, 1.0], 400, p=[0.05, 0.85, 0.1])
    counted = paired_bootstrap(values, 0.95, resamples=5000)
    drawn = paired_bootstrap(values, 0.95, resamples=5000, weights=np.ones(400))
    assert counted.low == pytest.approx(drawn.low, abs=0.004)
    assert counted.high == pytest.approx(drawn.high, abs=0.004)


def test_many_rows_are_drawn_by_poisson():
    rows = POISSON_ABOVE_ROWS + 1
    differences = np.random.default_rng(3).normal(size=rows)
    found = paired_bootstrap(differences, 0.95, resamples=200)
    assert found.high - found.low == pytest.approx(2 * 1.645 / np.sqrt(rows), rel=0.25)
    assert found.low < found.estimate < found.high


@pytest.mark.parametrize("rows", [40, 150])
def test_skewed_means_are_covered(rows):
    generator = np.random.default_rng(rows)
    low = high = 0
    for seed in range(400):
        found = paired_bootstrap(generator.exponential(size=rows) - 1, 0.95, resamples=500, seed=seed)
        low += found.low > 0
        high += found.high < 0
    assert 0.015 < low / 400 < 0.10
    assert 0.015 < high / 400 < 0.10


def test_a_statistic_that_is_no_mean():
    generator = np.random.default_rng(4)
    truth = generator.integers(0, 2, 200)
    score = truth + generator.normal(size=200)
    found = bootstrap_over_rows(lambda at: roc_auc(truth[at], score[at]), 200, 0.95, resamples=300)
    assert found.low < found.estimate < found.high


def test_a_statistic_that_is_never_defined():
    found = bootstrap_over_rows(lambda at: float("nan"), 5, 0.95, resamples=10)
    assert np.isnan(found.low)
