"""Comparisons of kept scores; no framework is loaded."""

import math
import subprocess
import sys

import numpy as np
import pytest
from measured import bench, data, run

from mltspec.evidence.predictions import DifferenceAsk, PredictionsAsk, PredictionsEvidence
from mltspec.statistics.auc import roc_auc
from mltspec.subjects.observers.difference import observe

GENERATOR = np.random.default_rng(0)
ROWS = 300
TRUTH = GENERATOR.integers(0, 2, ROWS)
OURS = TRUTH[:, None] + 0.8 * GENERATOR.normal(size=(ROWS, 1))
THEIRS = TRUTH[:, None] + 2 * GENERATOR.normal(size=(ROWS, 1))


@pytest.fixture
def compare(tmp_path):
    at = bench(tmp_path)

    def evidence(metric, value, digest, arrays):
        file = tmp_path / "scores.npz"
        np.savez(file, **arrays)
        return PredictionsEvidence(
            metric=metric, value=value, rows=ROWS, higher_is_better=True, slices=(), rows_digest=digest,
            scores=at.keep(file),
        )  # fmt: skip

    def go(metric, ours, theirs, values=(0.9, 0.8), digests=("d", "d")):
        asks = [PredictionsAsk(run=run(), data=data(), metric=metric) for _ in "ab"]
        ask = DifferenceAsk(ours=asks[0], theirs=asks[1], confidence=0.95, resamples=500)
        found = [evidence(metric, *each) for each in zip(values, digests, (ours, theirs), strict=True)]
        return observe([ask], found, at)[0]

    return go


def yes_or_no(score):
    return {"truth": TRUTH, "score": score, "task": np.array("binary"), "logits": np.array(True)}


def test_right_and_wrong_rows_are_paired(compare):
    ours = {"contribution": ((OURS[:, 0] > 0.5) == TRUTH).astype(float)}
    theirs = {"contribution": ((THEIRS[:, 0] > 0.5) == TRUTH).astype(float)}
    found = compare("accuracy", ours, theirs)
    assert found.same_rows
    assert "Tango" in found.method
    assert found.difference == pytest.approx(ours["contribution"].mean() - theirs["contribution"].mean())
    assert 0 < found.low < found.difference < found.high


def test_losses_are_paired_by_the_bootstrap(compare):
    shared = GENERATOR.normal(size=ROWS)
    found = compare("loss", {"contribution": shared + 0.01}, {"contribution": shared})
    assert "bootstrap" in found.method
    assert found.low == pytest.approx(0.01)
    assert found.high == pytest.approx(0.01)


def test_weighted_rows(compare):
    weight = (np.arange(ROWS) % 2).astype(float)
    ours = {"contribution": np.where(weight > 0, 0.0, 9.0), "weight": weight}
    found = compare("accuracy", ours, {"contribution": np.zeros(ROWS), "weight": weight})
    assert found.difference == 0


def test_areas_by_delong(compare):
    found = compare("auc", yes_or_no(OURS), yes_or_no(THEIRS))
    assert found.method == "DeLong"
    assert found.difference == pytest.approx(roc_auc(TRUTH, OURS[:, 0]) - roc_auc(TRUTH, THEIRS[:, 0]))
    assert 0 < found.low < found.difference < found.high


@pytest.mark.parametrize("weighted", [False, True])
def test_areas_of_several_classes(compare, weighted):
    classes = GENERATOR.integers(0, 3, ROWS)
    near, far = (np.eye(3)[classes] + spread * GENERATOR.normal(size=(ROWS, 3)) for spread in (0.5, 2))
    kept = {"truth": classes, "task": np.array("classes"), "logits": np.array(True)}
    kept |= {"row_weight": GENERATOR.random(ROWS)} if weighted else {}
    found = compare("auc", kept | {"score": near}, kept | {"score": far})
    assert 0 < found.low < found.difference < found.high
    assert "influence" in found.method


def test_what_is_no_mean_over_rows_is_drawn_anew(compare):
    found = compare("precision", yes_or_no(OURS), yes_or_no(THEIRS))
    assert found.method.startswith("bootstrap over rows")
    assert found.low < found.difference < found.high


def test_a_metric_of_which_only_the_value_is_known(compare):
    found = compare("f1", {}, {})
    assert found.difference == pytest.approx(0.1)
    assert math.isnan(found.low)
    assert found.method.startswith("none")


def test_other_rows_are_not_compared(compare):
    found = compare("accuracy", yes_or_no(OURS), yes_or_no(THEIRS), digests=("d", "e"))
    assert not found.same_rows
    assert math.isnan(found.low)


def test_nan_contributions_decide_nothing(compare):
    broken = np.zeros(ROWS)
    broken[0] = math.nan
    found = compare("loss", {"contribution": broken}, {"contribution": np.zeros(ROWS)})
    assert math.isnan(found.difference)
    assert math.isnan(found.low)


def test_no_framework_is_loaded():
    code = (
        "import sys, mltspec.subjects.observers.difference; sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
