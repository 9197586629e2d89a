import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from mltspec.statistics.proportions import _statistic, paired_proportions


def test_swapping_the_models_mirrors_the_bounds():
    found, mirrored = paired_proportions(44, 3, 1, 0.95), paired_proportions(44, 1, 3, 0.95)
    assert (found.low, found.high) == pytest.approx((-mirrored.high, -mirrored.low))


def test_two_models_that_agree_everywhere_still_have_a_width():
    small, large = paired_proportions(30, 0, 0, 0.95), paired_proportions(3000, 0, 0, 0.95)
    assert small.low == pytest.approx(-small.high)
    assert small.high > 0.05 > 0.005 > large.high > 0


def test_all_discordant_reaches_the_edge():
    found = paired_proportions(20, 20, 0, 0.95)
    assert found.estimate == 1.0
    assert 0.7 < found.low < 1.0
    assert found.high == pytest.approx(1.0)


@pytest.mark.parametrize(("ours", "theirs", "difference"), [(7, 3, 0.05), (2, 9, 0.1), (5, 5, -0.2)])
def test_the_nuisance_share_is_the_likeliest(ours, theirs, difference):
    rows = 60

    def surprise(share):
        left = 1 - 2 * share - difference
        parts = [(ours, share + difference), (theirs, share), (rows - ours - theirs, left)]
        return 1e9 if min(p for _, p in parts) <= 0 else -sum(k * np.log(p) for k, p in parts)

    best = minimize_scalar(surprise, bounds=(max(0, -difference), (1 - difference) / 2), method="bounded").x
    variance = rows * (2 * best + difference * (1 - difference))
    expected = (ours - theirs - rows * difference) / np.sqrt(variance)
    assert _statistic(rows, ours, theirs, difference) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("shares", [(0.02, 0.02), (0.1, 0.05), (0.01, 0.0)])
def test_it_covers_as_often_as_it_says(shares):
    generator = np.random.default_rng(7)
    true, missed = shares[0] - shares[1], np.zeros(2)
    for ours, theirs, _ in generator.multinomial(120, [*shares, 1 - sum(shares)], 1500):
        found = paired_proportions(120, int(ours), int(theirs), 0.95)
        missed += [found.low > true, found.high < true]
    assert (missed / 1500 < 0.075).all()
