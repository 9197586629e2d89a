"""What is measured block by block is what is measured of all rows at once."""

import numpy as np
import pytest

pytest.importorskip("tensorflow")
from measured import bench, data, run, state_of

from mltspec.evidence.predictions import Filter, PredictionsAsk
from mltspec.subjects import loaded, passes
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers import predictions
from mltspec.subjects.piles import Pile

pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

CASES = {
    ("lateness", "late"): ("accuracy", "area", "log_loss", "loss", "predictions", "recall"),
    ("lateness", "late_weighted"): ("mae", "loss"),
    ("lateness_auc", "late"): ("auc", "quality"),
}
WHOLE = {"recall": 2}
"""Metrics that need all rows at once, and in how many ways they are asked for."""

YORK = (Filter(feature="town", compare="!=", values=("Bath",)),)
SLICED = [{}, {"by": ("town",)}, {"by": ("label", "town")}, {"by": ("price",), "quantiles": 3}, {"only": YORK}]


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def two_ways(request, tmp_path_factory):
    """The same asks answered of all rows at once, and in blocks."""
    build, name = request.param
    at = bench(tmp_path_factory.mktemp(name))
    state = state_of(build, at, name)
    asks = [
        PredictionsAsk(run=run(build, name), data=data(name), metric=metric, **options)
        for metric in CASES[request.param]
        for options in SLICED[: WHOLE.get(metric)]
    ]
    once = predictions.observe(asks, [state], at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(predictions, "BLOCK_ROWS", 30)
        patch.setattr(loaded, "ROWS_AT_ONCE", 16)
        held = []
        whole = passes.Pass.whole
        patch.setattr(passes.Pass, "whole", lambda self: held.append(self) or whole(self))
        again = predictions.observe(asks, [state], at)
    return at, asks, once, again, held


def alike(one, other, **options):
    return other is None if one is None else other == pytest.approx(one, nan_ok=True, **options)


def test_every_value_bound_and_slice_is_the_same(two_ways):
    _, asks, once, again, _ = two_ways
    for ask, one, other in zip(asks, once, again, strict=True):
        told = ask.label()
        assert other.value == pytest.approx(one.value, rel=1e-5), told
        assert (other.rows, other.rows_digest, other.settings) == (one.rows, one.rows_digest, one.settings), told
        assert (other.method, other.share, other.higher_is_better) == (one.method, one.share, one.higher_is_better)
        for end in ("low", "high"):
            assert alike(getattr(one, end), getattr(other, end), rel=1e-4), told
        assert other.counts == one.counts, told
        assert [part.where for part in other.slices] == [part.where for part in one.slices], told
        for part, its in zip(one.slices, other.slices, strict=True):
            assert its.rows == part.rows
            for field in ("value", "low", "high"):
                assert alike(getattr(part, field), getattr(its, field), rel=1e-4, abs=1e-6), (told, part)


def test_what_each_row_scored_is_kept_alike(two_ways):
    at, asks, once, again, _ = two_ways
    for ask, one, other in zip(asks, once, again, strict=True):
        with np.load(at.path(one.scores)) as first, np.load(at.path(other.scores)) as second:
            assert set(first.files) == set(second.files), ask.label()
            for name in first.files:
                if first[name].dtype.kind == "f":
                    assert second[name] == pytest.approx(first[name], abs=1e-5)
                else:
                    assert (second[name] == first[name]).all(), (ask.label(), name)


def test_only_what_cannot_be_added_up_has_all_rows_at_once(two_ways):
    _, asks, _, _, held = two_ways
    assert len(held) == any(ask.metric in WHOLE for ask in asks)


def test_conditions_that_no_row_meets_are_refused_in_blocks_too(tmp_path):
    at = bench(tmp_path)
    nowhere = (Filter(feature="town", compare="=", values=("Oslo",)),)
    ask = PredictionsAsk(run=run("lateness", "late"), data=data("late"), metric="mse", only=nowhere)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Unfit, match="no row meets"):
        patch.setattr(predictions, "BLOCK_ROWS", 30)
        predictions.observe([ask], [state_of("lateness", at, "late")], at)


def test_a_pile_gives_its_rows_back_in_order(tmp_path):
    pile = Pile(tmp_path, block_rows=10)
    for start in range(0, 48, 4):
        at = np.arange(start, start + 4)
        pile.add(({"a": at, "b": at[:, None] * 1.5}, None, np.array([f"row {n}" for n in at], object)), 4)
    assert len(pile) == 6
    assert pile.rows == 48
    for _ in range(2):
        blocks = list(pile)
        assert np.concatenate([block[0]["a"] for block in blocks]).tolist() == list(range(48))
        assert all(block[1] is None for block in blocks)
        assert blocks[-1][2][-1] == "row 47"
