import numpy as np
import pandas as pd
import pytest
from flights import data, raw
from flights.features import features, join
from flights.schema import CATEGORIES, NUMBERS

SPLITS = {"training": (data.training, 244_737, 0.2425), "holdout": (data.holdout, 82_609, 0.2214)}


@pytest.fixture(scope="module")
def tables():
    return raw.load()


@pytest.fixture(scope="module")
def joined(tables):
    return join(tables)


def test_the_raw_tables_are_whole(tables):
    assert [len(table) for table in tables] == [336_776, 26_115, 3_322]


def test_join_keeps_every_flight_in_its_place(tables, joined):
    assert len(joined) == len(tables.flights)
    for name in tables.flights:
        pd.testing.assert_series_equal(joined[name], tables.flights[name])


def test_join_finds_most_weather_and_planes(joined):
    assert joined["weather_known"].notna().mean() > 0.99
    assert joined["plane_known"].notna().mean() == pytest.approx(0.8438, abs=1e-4)


def test_join_takes_the_weather_of_the_airport_and_hour(tables, joined):
    flight = joined.iloc[100_000]
    at = (tables.weather["origin"] == flight["origin"]) & (tables.weather["time_hour"] == flight["time_hour"])
    (reading,) = tables.weather[at].to_dict("records")
    assert flight["temp"] == reading["temp"]
    assert flight["visib"] == reading["visib"]


def test_a_faulty_gauge_is_not_believed(tables, joined):
    assert tables.weather["wind_speed"].max() > 1000
    assert joined["wind_speed"].max() < 100


def test_what_is_missing_is_filled_and_told():
    flights = pd.DataFrame(
        {
            "dep_delay": [5.0],
            "hour": [7.0],
            "minute": [30.0],
            "distance": [500.0],
            "carrier": ["UA"],
            "origin": ["EWR"],
            "dest": ["ORD"],
            "tailnum": [None],
            "time_hour": ["2013-12-31T12:00:00Z"],
        }
    )
    weather = pd.DataFrame(columns=list(raw.WEATHER), dtype="float32").astype(raw.WEATHER)
    planes = pd.DataFrame(columns=list(raw.PLANES), dtype="float32").astype(raw.PLANES)
    row = features(join(raw.Tables(flights, weather, planes))).iloc[0]
    assert row["sched_hour"] == 7.5
    assert (row["weather_known"], row["plane_known"]) == (0, 0)
    assert row["temp"] == pytest.approx(NUMBERS["temp"].mean)
    assert row["plane_age"] == pytest.approx(NUMBERS["plane_age"].mean)


def test_a_flight_that_never_departed_is_not_given_a_delay(joined):
    cancelled = joined[joined["dep_delay"].isna()].head()
    assert features(cancelled)["dep_delay"].isna().all()


@pytest.mark.parametrize(("split", "rows", "late"), SPLITS.values(), ids=SPLITS)
def test_rows_types_and_share_of_labels(split, rows, late):
    x, y = split()
    assert list(x) == [*NUMBERS, *CATEGORIES]
    assert {column.shape for column in x.values()} == {(rows,)}
    assert {x[name].dtype for name in NUMBERS} == {np.dtype("float32")}
    assert all(isinstance(value, str) for name in CATEGORIES for value in x[name][:100])
    assert (y.shape, y.dtype) == ((rows, 1), np.float32)
    assert set(np.unique(y)) == {0, 1}
    assert y.mean() == pytest.approx(late, abs=1e-4)


@pytest.mark.parametrize("split", [data.training, data.holdout])
def test_no_number_is_missing(split):
    x, _ = split()
    assert all(np.isfinite(x[name]).all() for name in NUMBERS)


def test_the_months_are_cut_in_two_and_none_is_on_both_sides():
    months = data.arrived()["month"]
    fitted, held_out = (months[months <= 9], months[months > 9])
    assert (len(fitted), len(held_out)) == (len(data.training()[1]), len(data.holdout()[1]))
    assert sorted(set(fitted)) == list(range(1, 10))
    assert sorted(set(held_out)) == [10, 11, 12]


def test_no_input_tells_the_outcome_or_the_month():
    after_departure = {"arr_delay", "arr_time", "air_time", "month", "time_hour"}
    assert not after_departure & {*NUMBERS, *CATEGORIES}


def test_changing_the_outcome_changes_no_input(joined):
    rows = joined[joined["arr_delay"].notna()].head(1000)
    pd.testing.assert_frame_equal(features(rows), features(rows.assign(arr_delay=0.0)))


def test_no_input_repeats_the_label():
    x, y = data.training()
    agreement = [abs(np.corrcoef(x[name], y[:, 0])[0, 1]) for name in NUMBERS]
    assert max(agreement) < 0.7


def test_the_schema_describes_the_training_months():
    x, _ = data.training()
    for name, (mean, deviation) in NUMBERS.items():
        assert abs(x[name].mean() - mean) < 0.05 * deviation, name
        assert x[name].std() < 1.2 * deviation, name


@pytest.mark.parametrize("name", CATEGORIES)
def test_the_vocabulary_is_that_of_the_training_months(name):
    assert sorted(set(data.training()[0][name])) == CATEGORIES[name]


def test_one_destination_is_new_in_the_held_out_months():
    assert set(data.holdout()[0]["dest"]) - set(CATEGORIES["dest"]) == {"LEX"}
