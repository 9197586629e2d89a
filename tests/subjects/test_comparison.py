"""Runs that ought to be equal are compared value by value; no framework is needed."""

import math

import numpy as np
import pytest

from mltspec.evidence.comparison import ComparisonAsk
from mltspec.evidence.predictions import PredictionsAsk, PredictionsEvidence, SliceValue
from mltspec.evidence.training import TrainingAsk, TrainingEvidence
from mltspec.plan.subject import Data, Model, Origin
from mltspec.subjects.bench import Bench, Ending, Unfit
from mltspec.subjects.observers.comparison import observe
from mltspec.subjects.state import Entry, Listing

ORIGIN = Origin(kind="python", target="m:f")
RUN = TrainingAsk(model=Model(name="m", build=ORIGIN), data=Data(name="d", origin=ORIGIN), seed=1)
ENTRIES = (
    Entry(path="dense/kernel", group="model", what="weights"),
    Entry(path="adam/iteration", group="optimizer", what="iteration count"),
    Entry(path="mean/total", group="metrics", what="metric state"),
)


def no_contrast(target: str, payload: dict[str, object], limit_s: float) -> Ending:
    """These runs were never trained, so no contrast can be made of them."""
    return Ending(1, "")


@pytest.fixture
def bench(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return Bench((), scratch, tmp_path / "objects", lambda done, total, unit: None, no_contrast, 1)


def kept(bench, **arrays):
    file = bench.folder / "some.npz"
    np.savez(file, **arrays)
    return bench.keep(file)


def run(bench, kernel, losses, total=1.0):
    listing = np.frombuffer(Listing(entries=ENTRIES).to_json().encode(), np.uint8)
    state = kept(bench, v0=np.float32(kernel), v1=np.int64(len(losses)), v2=np.float32(total), listing=listing)
    curve = kept(bench, step=np.arange(1, len(losses) + 1), logged=np.float64(losses), loss=np.float64(losses))
    return TrainingEvidence(
        steps=len(losses), epochs=1, steps_per_epoch=len(losses), rows=1, watched_rows=1, inference=True, points=(),
        first_bad_step=None, finished=True, metrics={}, trainable_variables=1, state_digest="", curve_digest="",
        state=state, curve=curve, steps_per_second=1.0, device="CPU",
    )  # fmt: skip


def predicted(bench, value, scores, slices=(), rows="same"):
    return PredictionsEvidence(
        metric="auc",
        value=value,
        rows=len(scores),
        higher_is_better=True,
        slices=tuple(SliceValue(where={"town": town}, value=at, rows=9) for town, at in slices),
        rows_digest=rows,
        scores=kept(bench, score=np.float32(scores)),
    )


def compare(bench, runs, measured=(), by=()):
    asks = tuple(PredictionsAsk(run=RUN, data=RUN.data, metric="auc", by=way) for _ in runs for way in (by or ((),)))
    ask = ComparisonAsk(runs=tuple(RUN for _ in runs), measured=asks if measured else ())
    return observe([ask], [*runs, *measured], bench)[0]


def test_equal_runs_are_bitwise_equal_whatever_their_metrics_hold(bench):
    seen = compare(bench, [run(bench, [1, 2], [0.5, 0.4]), run(bench, [1, 2], [0.5, 0.4], total=7)])
    assert seen.bitwise and seen.parted_at_step is None and seen.variables == ()


def test_the_first_parting_and_the_widest_variable_are_named(bench):
    seen = compare(bench, [run(bench, [1, 2], [0.5, 0.4, 0.3]), run(bench, [1, 2.5], [0.5, 0.45, 0.3])])
    assert not seen.bitwise
    assert (seen.parted_at_step, seen.losses_at_parting) == (2, (0.4, 0.45))
    assert [(v.path, v.largest) for v in seen.variables] == [("dense/kernel", 0.5)]
    assert seen.largest_weight_difference == 0.5


def test_runs_of_different_length_part_where_one_ends(bench):
    seen = compare(bench, [run(bench, [1], [0.5]), run(bench, [1], [0.5, 0.4])])
    assert seen.parted_at_step == 2 and math.isnan(seen.losses_at_parting[0])
    assert seen.steps == (1, 2)


def test_nan_at_the_same_step_is_no_parting(bench):
    nan = float("nan")
    assert compare(bench, [run(bench, [nan], [nan, nan]), run(bench, [nan], [nan, nan])]).bitwise


def test_metrics_are_compared_run_by_run_and_slice_by_slice(bench):
    runs = [run(bench, [1], [1.0]), run(bench, [1], [1.0])]
    measured = [
        predicted(bench, 0.9, [0.1, 0.2]),
        predicted(bench, 0.9, [0.1, 0.2], [("Bath", 0.9), ("York", 0.8)]),
        predicted(bench, 0.9, [0.1, 0.25]),
        predicted(bench, 0.9, [0.1, 0.25], [("Bath", 0.9), ("York", 0.7)]),
    ]
    seen = compare(bench, runs, measured, by=((), ("town",)))
    assert seen.predictions == pytest.approx(0.05) and seen.prediction_rows == 2
    whole, by_town = seen.metrics
    assert whole.largest == 0.0
    assert by_town.largest == pytest.approx(0.1) and by_town.where == {"town": "York"} and by_town.slices == 2


def test_a_missing_slice_is_an_infinite_difference(bench):
    runs = [run(bench, [1], [1.0]), run(bench, [1], [1.0])]
    measured = [predicted(bench, 0.9, [0.1], [("Bath", 0.9)]), predicted(bench, 0.9, [0.1], [("York", 0.9)])]
    assert compare(bench, runs, measured, by=(("town",),)).metrics[0].largest == math.inf


def test_predictions_on_other_rows_are_not_compared(bench):
    runs = [run(bench, [1], [1.0]), run(bench, [1], [1.0])]
    measured = [predicted(bench, 0.9, [0.1]), predicted(bench, 0.9, [0.1], rows="others")]
    assert compare(bench, runs, measured).predictions is None


def test_a_run_cut_short_is_refused(bench):
    whole = run(bench, [1], [1.0])
    with pytest.raises(Unfit, match="cut short"):
        compare(bench, [whole, whole.model_copy(update={"state": None})])
