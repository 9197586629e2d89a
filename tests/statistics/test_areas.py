import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from mltspec.statistics.areas import Areas
from mltspec.statistics.auc import delong_difference

ROWS, SLICES = 6000, 7
GENERATOR = np.random.default_rng(0)
TRUTH = GENERATOR.integers(0, 2, ROWS)
SCORE = (TRUTH + 1.5 * GENERATOR.normal(size=ROWS)).round(2).astype(np.float32)
CODES = GENERATOR.integers(0, SLICES, ROWS)


def taken(part, most=1 << 20):
    areas = Areas(SLICES, most)
    areas.add(TRUTH[part], SCORE[part], CODES[part])
    return areas


def test_each_slice_is_scikit_learns_with_ties_and_negative_scores():
    expected = [roc_auc_score(TRUTH[at == CODES], SCORE[at == CODES]) for at in range(SLICES)]
    assert taken(slice(None)).values() == pytest.approx(expected, abs=1e-12)


def test_parts_merged_in_any_order_are_the_whole():
    whole = taken(slice(None))
    parts = [taken(part) for part in np.array_split(GENERATOR.permutation(ROWS), 9)]
    merged = Areas(SLICES)
    for part in parts[::-1]:
        merged.merge(part)
    assert merged.values() == pytest.approx(whole.values(), abs=1e-12)
    for one, other in zip(merged.bounds(0.95), whole.bounds(0.95), strict=True):
        assert one == pytest.approx(other, abs=1e-12)
    assert not merged.unsure().any()


def test_room_for_few_scores_costs_no_more_than_is_told():
    exact, coarse = taken(slice(None)), taken(slice(None), most=200)
    assert len(coarse.keys) <= 200
    assert coarse.unsure().max() > 0
    assert (np.abs(coarse.values() - exact.values()) <= coarse.unsure() + 1e-12).all()
    mixed = taken(slice(0, 3000), most=200)
    mixed.merge(taken(slice(3000, None)))
    assert (np.abs(mixed.values() - exact.values()) <= mixed.unsure() + 1e-12).all()


def test_the_variance_is_delongs():
    areas = Areas(1)
    areas.add(TRUTH, SCORE, np.zeros(ROWS, np.intp))
    low, high = areas.bounds(0.95)
    area = areas.values()[0]
    against_chance = delong_difference(TRUTH, SCORE.astype(float), np.zeros(ROWS), 0.95)
    # On log-odds the reach is a hair other than DeLong's own.
    assert area - low[0] == pytest.approx(area - (against_chance.low + 0.5), rel=0.03)
    assert high[0] - area == pytest.approx(against_chance.high + 0.5 - area, rel=0.03)


def test_what_has_no_area():
    areas = Areas(4)
    areas.add(np.array([1, 1, 0, 1, 0]), np.array([0.1, 0.2, 0.3, np.nan, 0.5]), np.array([0, 0, 1, 2, 2]))
    assert np.isnan(areas.values()).all()
    assert np.isnan(areas.bounds(0.95)[0]).all()


def test_a_perfect_order_still_has_a_width():
    areas = Areas(1)
    areas.add(np.array([0] * 20 + [1] * 10), np.arange(30.0), np.zeros(30, np.intp))
    low, high = areas.bounds(0.95)
    assert areas.values()[0] == 1
    assert 0.7 < low[0] < 0.9
    assert high[0] == 1


def test_rows_of_no_slice_are_left_out():
    areas = Areas(SLICES)
    areas.add(TRUTH, SCORE, np.where(CODES == 0, -1, CODES))
    assert np.isnan(areas.values()[0])
    assert areas.values()[1:] == pytest.approx(taken(slice(None)).values()[1:])
