import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from mltspec.statistics.auc import (
    auc_influence,
    delong_difference,
    macro_difference,
    one_vs_rest_auc,
    roc_auc,
)


def rows(seed, count=300, rounding=None):
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, 2, count)
    score = truth + generator.normal(size=count)
    return truth, score if rounding is None else score.round(rounding), generator.random(count)


@pytest.mark.parametrize("rounding", [None, 1, 0])
def test_the_area_is_scikit_learns(rounding):
    truth, score, weights = rows(1, rounding=rounding)
    assert roc_auc(truth, score) == pytest.approx(roc_auc_score(truth, score))
    assert roc_auc(truth, score, weights) == pytest.approx(roc_auc_score(truth, score, sample_weight=weights))


def test_many_classes_are_averaged():
    generator = np.random.default_rng(2)
    truth = generator.integers(0, 3, 200)
    score = generator.dirichlet([1, 1, 1], 200)
    expected = roc_auc_score(truth, score, multi_class="ovr", average="macro")
    assert one_vs_rest_auc(truth, score) == pytest.approx(expected)


def test_one_class_or_nan_has_no_area():
    assert math.isnan(roc_auc(np.ones(3), np.arange(3.0)))
    assert math.isnan(roc_auc(np.array([0, 1]), np.array([math.nan, 1.0])))
    assert math.isnan(one_vs_rest_auc(np.zeros(3, int), np.full((3, 2), math.nan)))
    assert math.isnan(delong_difference(np.ones(3), np.arange(3.0), np.arange(3.0), 0.95).low)


def test_a_single_row_of_a_class_bounds_nothing():
    found = delong_difference(np.array([1, 0, 0]), np.array([2.0, 1, 0]), np.array([0.0, 1, 2]), 0.95)
    assert (found.estimate, found.low, found.high) == (1.0, -math.inf, math.inf)


def test_delong_is_the_textbook_sum_over_pairs():
    truth, ours, _ = rows(4, count=40, rounding=0)
    theirs = ours + np.random.default_rng(5).normal(size=40)
    plus, minus = truth == 1, truth == 0

    def placements(score):
        wins = (score[plus][:, None] > score[minus]) + 0.5 * (score[plus][:, None] == score[minus])
        return wins.mean(axis=1), wins.mean(axis=0)

    (p1, m1), (p2, m2) = placements(ours), placements(theirs)
    variance = np.var(p1 - p2, ddof=1) / plus.sum() + np.var(m1 - m2, ddof=1) / minus.sum()
    found = delong_difference(truth, ours, theirs, 0.95)
    assert found.estimate == pytest.approx(roc_auc(truth, ours) - roc_auc(truth, theirs))
    assert found.high - found.estimate == pytest.approx(1.6448536 * math.sqrt(variance))


def test_delong_covers_as_often_as_it_says():
    generator = np.random.default_rng(6)
    missed = 0
    for _ in range(600):
        truth = generator.integers(0, 2, 200)
        shared = generator.normal(size=200)
        ours, theirs = (truth + shared + 0.5 * generator.normal(size=200) for _ in range(2))
        missed += delong_difference(truth, ours, theirs, 0.95).low > 0
    assert 0.025 < missed / 600 < 0.08


def test_influence_gives_the_spread_that_delong_gives():
    truth, ours, _ = rows(8, count=400, rounding=1)
    theirs = ours + np.random.default_rng(9).normal(size=400)
    found = macro_difference(truth[:, None], ours[:, None], theirs[:, None], 0.95)
    expected = delong_difference(truth, ours, theirs, 0.95)
    assert found.estimate == pytest.approx(expected.estimate)
    assert found.low == pytest.approx(expected.low, rel=0.01)


def test_influence_is_what_a_row_more_or_less_would_change():
    truth, score, weights = rows(10, count=50)
    area, pull = auc_influence(truth, score, weights)
    assert area == pytest.approx(roc_auc(truth, score, weights))
    assert pull.mean() == pytest.approx(0, abs=1e-12)
    step = 1e-6
    for row in (0, 7, 31):
        heavier = weights.copy()
        heavier[row] *= 1 + step
        change = (roc_auc(truth, score, heavier) - area) / step * 50
        assert pull[row] == pytest.approx(change, abs=1e-3)


def test_a_mean_over_classes_is_covered_as_often_as_it_says():
    generator = np.random.default_rng(11)
    missed = 0
    for _ in range(300):
        labels = generator.integers(0, 3, 200)
        truth = labels[:, None] == np.arange(3)
        shared = generator.normal(size=(200, 3))
        ours, theirs = (truth + shared + 0.7 * generator.normal(size=(200, 3)) for _ in range(2))
        missed += macro_difference(truth, ours, theirs, 0.95).low > 0
    assert 0.02 < missed / 300 < 0.09
