import numpy as np
import pytest

from mltspec.probes.batch import Batch, typical
from mltspec.probes.reduction import fewest, reduced
from mltspec.probes.schema import derive, differing

RNG = np.random.default_rng(1)
VALUES = RNG.normal(size=(200, 20)).astype("float32")
SCHEMA = derive({"x": VALUES}, [np.arange(200)])


@pytest.mark.parametrize("needed", [set(), {5}, {0, 63}, {3, 30, 31, 50}])
def test_exactly_what_is_needed_is_kept(needed):
    kept = fewest(np.arange(64), lambda some: needed <= set(some.tolist()), 0)
    assert set(kept.tolist()) == needed


def test_no_fewer_than_the_least():
    kept = fewest(np.arange(64), lambda some: 7 in some, 4)
    assert len(kept) == 4
    assert 7 in kept


def test_one_row_and_the_two_cells_that_matter():
    values = VALUES[:40].copy()
    values[23, [4, 11]] = 50

    def breaks(batch):
        return bool(((batch.tables[0] > 40).sum(axis=1) >= 2).any())

    batch = reduced(Batch((values,), (np.arange(40),)), SCHEMA, breaks, 1)
    assert batch.rows == 1
    assert np.flatnonzero(differing(batch.tables[0], SCHEMA.features[0].typical)).tolist() == [4, 11]
    assert batch.labels[0].tolist() == [23]


def test_a_batch_that_cannot_be_made_plainer_stays():
    batch = typical(SCHEMA, 1)
    assert reduced(batch, SCHEMA, lambda _: True, 1).tables[0].tolist() == batch.tables[0].tolist()
    unlucky = Batch((VALUES[:3],), (np.arange(3),))
    assert reduced(unlucky, SCHEMA, lambda _: False, 1).tables[0].tolist() == VALUES[:3].tolist()
