import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltspec.probes.batch import expand, typical
from mltspec.probes.recipe import ALL_ROWS, BLOCK, RECIPE_BYTES, Edge, Recipe, Space, read, recipes_in
from mltspec.probes.schema import UNSEEN, derive, differing

WRITTEN = st.binary(min_size=RECIPE_BYTES, max_size=RECIPE_BYTES)
RNG = np.random.default_rng(0)
SCHEMA = derive(
    {
        "age": RNG.uniform(18, 80, (300, 1)).astype("float32"),
        "delay": np.where(RNG.random(300) < 0.1, np.nan, RNG.normal(0, 9, 300)),
        "image": RNG.uniform(0, 1, (300, 3, 4)).astype("float32"),
        "carrier": RNG.choice(["UA", "AA", "B6"], 300),
        "airport": RNG.choice([3, 17, 40], 300),
        "tokens": RNG.integers(0, 9, (300, 5)),
        "known": RNG.random(300) < 0.5,
    },
    [np.arange(300)],
)


def batch_of(*edges, rows=4, seed=1):
    return expand(SCHEMA, Recipe(rows, seed, edges))


def table(batch, name):
    return batch.tables[[feature.name for feature in SCHEMA.features].index(name)]


def test_zeros_are_the_plainest_recipe():
    recipe = read(bytes(RECIPE_BYTES), Space(3, 64))
    assert recipe == Recipe(3, 0, ())
    assert not any(
        differing(values, feature.typical).any()
        for values, feature in zip(expand(SCHEMA, recipe).tables, SCHEMA.features, strict=True)
    )


def test_recipes_of_zeros_after_the_first_are_no_batches():
    plain, other = bytes(RECIPE_BYTES), b"\1" * RECIPE_BYTES
    assert list(recipes_in(plain * BLOCK)) == [plain]
    assert list(recipes_in(plain + other + plain * (BLOCK - 2))) == [plain, other]


@given(WRITTEN, st.integers(1, 64), st.integers(0, 64))
def test_every_recipe_stays_in_its_space_and_in_the_ranges_seen(written, least, more):
    space = Space(least, least + more)
    batch = expand(SCHEMA, read(written, space))
    assert space.least_rows <= batch.rows <= space.most_rows
    for values, feature in zip(batch.tables, SCHEMA.features, strict=True):
        assert values.shape == (batch.rows, feature.width)
        assert values.dtype == feature.pool.dtype
        if feature.kind == "text":
            assert set(values.ravel().tolist()) <= {*feature.vocabulary.tolist(), UNSEEN}
        elif feature.vocabulary is not None:
            assert np.isin(values, feature.vocabulary).all()
        else:
            present = values[~np.isnan(values.astype(float)).any(axis=1)]
            assert ((present >= feature.low) & (present <= feature.high)).all()


@given(WRITTEN)
def test_equal_recipes_give_equal_batches(written):
    one, other = (expand(SCHEMA, read(written, Space(1, 64))) for _ in range(2))
    for left, right in zip((*one.tables, *one.labels), (*other.tables, *other.labels), strict=True):
        assert left.tobytes() == right.tobytes()


def test_rows_come_with_their_own_labels():
    batch = batch_of(rows=50, seed=77)
    assert (table(batch, "age") == SCHEMA.features[0].pool[batch.labels[0]]).all()
    assert len(set(batch.labels[0].tolist())) > 30


def test_expanding_leaves_the_pool_alone():
    before = [feature.pool.tobytes() for feature in SCHEMA.features]
    batch_of(Edge("maximum", ALL_ROWS, "everything", 0, 0), seed=0)
    batch_of(Edge("maximum", ALL_ROWS, "everything", 0, 0), seed=5)
    assert [feature.pool.tobytes() for feature in SCHEMA.features] == before


def test_ends_of_the_range_everywhere_in_one_feature_and_in_one_cell():
    everywhere = batch_of(Edge("maximum", ALL_ROWS, "everything", 0, 0))
    assert (table(everywhere, "image") == SCHEMA.features[2].high).all()
    assert (table(everywhere, "age") == SCHEMA.features[0].high).all()
    feature = batch_of(Edge("minimum", ALL_ROWS, "feature", 2, 0))
    assert (table(feature, "image") == SCHEMA.features[2].low).all()
    assert not (table(feature, "age") == SCHEMA.features[0].low).any()
    plain = typical(SCHEMA, 4)
    cell = batch_of(Edge("minimum", 6, "column", 2 + 7, 0), seed=0)
    changed = [
        (feature.name, *place)
        for feature, values, usual in zip(SCHEMA.features, cell.tables, plain.tables, strict=True)
        for place in np.argwhere(values != usual)
        if not np.isnan(values[tuple(place)])
    ]
    assert changed == [("image", 2, 7)]


def test_zero_only_where_the_range_holds_it():
    batch = batch_of(Edge("zero", ALL_ROWS, "everything", 0, 0))
    assert (table(batch, "delay") == 0).all()
    assert (table(batch, "age") >= 18).all()


def test_missing_only_where_the_data_has_it_and_unseen_only_for_text():
    batch = batch_of(Edge("missing or unseen", ALL_ROWS, "everything", 0, 0))
    assert np.isnan(table(batch, "delay")).all()
    assert not np.isnan(table(batch, "age")).any()
    assert (table(batch, "carrier") == UNSEEN).all()
    assert (table(batch, "airport") != 0).all()


def test_a_repeated_row_is_repeated_in_all_inputs():
    batch = batch_of(Edge("repeated row", ALL_ROWS, "column", 3, 2))
    assert all((values == values[0]).all() or np.isnan(values).all() for values in batch.tables)
    assert len(set(batch.labels[0].tolist())) == 1


@pytest.mark.parametrize("value", [0, 1, 2])
def test_every_word_of_a_vocabulary_can_be_drawn(value):
    batch = batch_of(Edge("seen value", 1, "feature", 3, value))
    assert table(batch, "carrier")[1, 0] == ["AA", "B6", "UA"][value]
