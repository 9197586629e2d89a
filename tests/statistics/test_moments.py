import numpy as np
import pytest

from mltspec.statistics.moments import Moments

GENERATOR = np.random.default_rng(0)


def test_means_by_slice_and_merged():
    values, codes = GENERATOR.exponential(size=900), GENERATOR.integers(0, 5, 900)
    whole, merged = Moments.of(values, codes, 6), Moments.of(values[:1], codes[:1], 6)
    for part in np.array_split(np.arange(1, 900), 7):
        merged.merge(Moments.of(values[part], codes[part], 6))
    expected = [values[codes == at].mean() for at in range(5)]
    assert whole.mean[:5] == pytest.approx(expected)
    assert np.isnan(whole.mean[5])
    assert merged.sums == pytest.approx(whole.sums)
    assert whole.bounds(0.95)[0][5] == -np.inf


def test_large_values_with_a_small_spread_keep_their_digits():
    values = 1e9 + GENERATOR.normal(size=400)
    found = Moments.of(values, np.zeros(400, np.intp), 1, around=1e9)
    low, high = found.bounds(0.975)
    assert high[0] - low[0] == pytest.approx(2 * 1.96 / 20, rel=0.15)
    with pytest.raises(ValueError, match="cannot be added"):
        found.merge(Moments.of(values, np.zeros(400, np.intp), 1, around=0.0))


def test_without_skew_it_is_students():
    from scipy.stats import t

    values = np.concatenate([GENERATOR.normal(size=20)] * 2) * np.repeat([1, -1], 20)
    low, high = (end[0] for end in Moments.of(values, np.zeros(40, np.intp), 1).bounds(0.975))
    expected = t.interval(0.95, 39, loc=values.mean(), scale=values.std(ddof=1) / np.sqrt(40))
    assert (low, high) == pytest.approx(expected)


@pytest.mark.parametrize("rows", [50, 300])
def test_skewed_means_are_covered_on_both_sides(rows):
    values = GENERATOR.exponential(size=(4000, rows))
    codes = np.repeat(np.arange(4000), rows)
    low, high = Moments.of(values.reshape(-1), codes, 4000).bounds(0.975)
    assert 0.01 < np.mean(low > 1) < 0.04
    assert 0.01 < np.mean(high < 1) < 0.045
