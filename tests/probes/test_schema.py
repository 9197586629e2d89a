import numpy as np
import pytest

from mltspec.probes.schema import UNSEEN, derive, differing


def test_numbers_have_a_median_that_was_seen_and_a_finite_range():
    values = np.array([[1.0, np.nan], [2.0, 5.0], [np.inf, 7.0], [9.0, 6.0]], "float32")
    feature = derive({"x": values}).features[0]
    assert feature.kind == "number"
    assert feature.low.tolist() == [1, 5]
    assert feature.high.tolist() == [9, 7]
    assert feature.typical.tolist() == [2, 6]
    assert feature.missing


def test_a_column_without_finite_values_has_a_range_of_zero():
    feature = derive({"x": np.full((3, 1), np.nan, "float32")}).features[0]
    assert (feature.low, feature.high) == (0, 0)
    assert np.isnan(feature.typical).all()


def test_integers_and_texts_have_modes_and_vocabularies():
    schema = derive({"id": np.array([7, 3, 7, 9]), "origin": np.array(["JFK", "EWR", "EWR", None], dtype=object)})
    ids, origins = schema.features
    assert ids.vocabulary.tolist() == [3, 7, 9]
    assert ids.typical.tolist() == [7]
    assert origins.vocabulary.tolist() == ["", "EWR", "JFK"]
    assert origins.typical.tolist() == ["EWR"]
    assert origins.missing
    assert origins.pool.dtype.itemsize // 4 >= len(UNSEEN)


def test_flags_and_bytes_are_understood():
    schema = derive({"known": np.array([True, False, True]), "name": np.array([b"a", b"a", b"b"])})
    assert [feature.kind for feature in schema.features] == ["flag", "text"]
    assert schema.features[1].pool[:, 0].tolist() == ["a", "a", "b"]


def test_ids_of_several_columns_are_not_mixed():
    assert derive({"ids": np.array([[1, 100], [2, 200]])}).features[0].vocabulary is None


def test_the_pool_is_spread_over_sorted_data_and_the_range_is_that_of_all_rows():
    schema = derive({"x": np.arange(100_000, dtype="float32")}, [np.arange(100_000)])
    assert schema.pool_rows == 2048
    assert schema.features[0].high == 99_999
    assert schema.labels[0][0] == 0
    assert schema.labels[0][-1] == 99_999


def test_large_rows_fill_a_smaller_pool(monkeypatch):
    monkeypatch.setattr("mltspec.probes.schema.POOL_BYTES", 40 * 300 * 4)
    assert derive({"image": np.zeros((100, 300), "float32")}).pool_rows == 40
    assert derive({"image": np.zeros((100, 900), "float32")}).pool_rows == 32


def test_pixels_of_whole_numbers_have_a_median():
    pixels = np.tile(np.array([[0], [0], [7], [9], [200]], "uint8"), (1, 300))
    assert derive({"image": pixels}).features[0].typical.tolist() == [7] * 300


def test_the_typical_row_brings_the_labels_of_the_row_nearest_to_it():
    schema = derive({"x": np.array([0.0, 5.0, 10.0], "float32")}, [np.array(["low", "middle", "high"])])
    assert schema.labels[0][schema.typical_row] == "middle"


def test_columns_are_named_by_place():
    feature = derive({"image": np.zeros((2, 3, 4), "float32")}).features[0]
    assert feature.column(5) == "image[1,1]"
    assert derive({"age": np.zeros((2, 1))}).features[0].column(0) == "age"


def test_missing_equals_missing():
    values = np.array([[np.nan, 1.0], [2.0, np.nan]])
    assert differing(values, np.array([np.nan, 1.0])).tolist() == [[False, False], [True, True]]


@pytest.mark.parametrize("inputs", [{}, {"x": np.zeros((0, 2))}, {"x": np.zeros(2, complex)}])
def test_what_cannot_be_probed_is_said(inputs):
    with pytest.raises(ValueError, match=r"there is no|cannot be probed"):
        derive(inputs)
