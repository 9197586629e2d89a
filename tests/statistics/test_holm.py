import math

import numpy as np
import pytest
from scipy.stats import norm

from mltspec.statistics.holm import chance_of_reaching, holm


def test_adjusted_by_hand():
    # Holm's own step-down: 4 * 0.005, max(that, 3 * 0.01), then 2 * 0.03 and 1 * 0.04, never falling.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_nan_says_nothing_and_nothing_is_nothing():
    assert holm([math.nan, 0.01]) == pytest.approx([1.0, 0.02])
    assert holm([]) == []


def test_the_whole_family_keeps_its_rate_of_false_alarms():
    generator, alarms = np.random.default_rng(0), 0
    for _ in range(4000):
        alarms += min(holm(list(generator.random(20)))) < 0.05
    assert 0.04 < alarms / 4000 < 0.06
    assert np.mean([generator.random(20).min() < 0.05 for _ in range(500)]) > 0.5  # without it, most runs alarm


def test_the_chance_at_the_intervals_own_end_is_what_it_leaves_out():
    assert chance_of_reaching(0.8, 0.9, 0.95, 0.9) == pytest.approx(0.05)
    spread = 0.1 / norm.ppf(0.95)
    assert chance_of_reaching(0.8, 0.9, 0.95, 0.85) == pytest.approx(norm.cdf((0.8 - 0.85) / spread))


@pytest.mark.parametrize(
    ("estimate", "high", "bound", "chance"),
    [(0.8, 0.8, 0.9, 0.0), (0.9, 0.9, 0.9, 1.0), (0.8, math.inf, 0.9, 1.0)],
)
def test_intervals_without_width_or_end(estimate, high, bound, chance):
    assert chance_of_reaching(estimate, high, 0.95, bound) == chance


def test_what_is_not_known_has_no_chance():
    assert math.isnan(chance_of_reaching(math.nan, 0.9, 0.95, 0.5))
