"""Answers against a baseline's and golden labels, and calibration, from kept scores; no framework is loaded."""

import math

import numpy as np
import pytest
from measured import bench, data, run

from mltspec.evidence.agreement import AgreementAsk, CalibrationAsk
from mltspec.evidence.predictions import ANSWERS, PredictionsAsk, PredictionsEvidence, SliceValue, StoredEvidence
from mltspec.evidence.stored import StoredAsk
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers import agreement, calibration

ROWS = 200
GENERATOR = np.random.default_rng(0)
TRUTH = GENERATOR.integers(0, 2, ROWS)
SCORE = np.clip(TRUTH[:, None] * 0.6 + 0.2 + 0.1 * GENERATOR.normal(size=(ROWS, 1)), 0, 1)
OURS = PredictionsAsk(run=run(), data=data(), metric=ANSWERS)


@pytest.fixture
def kept(tmp_path):
    at = bench(tmp_path)

    def go(score, truth=TRUTH, task="binary", digest="d", slices=(), **arrays):
        file = tmp_path / "scores.npz"
        np.savez(file, truth=truth, score=score, golden=truth, task=task, logits=False, **arrays)
        return PredictionsEvidence(
            metric=ANSWERS, value=1.0, rows=len(score), higher_is_better=True, slices=slices, rows_digest=digest,
            scores=at.keep(file),
        )  # fmt: skip

    go.bench = at
    return go


def agree(kept, found, within=None, theirs=OURS):
    ask = AgreementAsk(ours=OURS, theirs=theirs, within=within, confidence=0.95)
    return agreement.observe([ask], found, kept.bench)[0]


def test_flipped_rows_are_counted_listed_and_sliced(kept):
    other = SCORE.copy()
    other[[3, 50]] = 1 - other[[3, 50]]
    slices = tuple(SliceValue(where={"town": town}, value=1.0, rows=100) for town in ("Bath", "York"))
    found = agree(kept, [kept(SCORE, slices=slices, member=np.arange(ROWS) // 100), kept(other)])
    assert (found.agreeing, found.rows, found.decided) == (198, 200, True)
    assert {flip.row for flip in found.flips} == {3, 50}
    assert found.flips[0].where == {"town": "Bath"}
    assert (found.better, found.worse) == (2, 0)
    assert [part.value for part in found.slices] == [0.98, 1.0]
    assert found.low < 0.99 < found.high


def test_answers_this_close_agree_and_others_do_not(kept):
    other = SCORE.copy()
    other[7] += 0.02
    found = [kept(SCORE), kept(other)]
    assert agree(kept, found, within=0.03).agreeing == ROWS
    strict = agree(kept, found, within=0.01)
    assert strict.agreeing == ROWS - 1
    assert strict.largest == pytest.approx(0.02)
    assert strict.flips[0].row == 7


def test_nan_agrees_with_nan_alone(kept):
    broken = SCORE.copy()
    broken[0] = math.nan
    assert agree(kept, [kept(broken), kept(SCORE)], within=1.0).agreeing == ROWS - 1
    assert agree(kept, [kept(broken), kept(broken)], within=1.0).agreeing == ROWS


def test_other_rows_and_no_baseline_are_not_compared(kept):
    other = agree(kept, [kept(SCORE), kept(SCORE, digest="e")])
    assert "not measured on the same rows" in other.incomparable
    stored = StoredAsk(baseline="m", version=None, data="d", metric=ANSWERS)
    none = StoredEvidence(missing="there is none", absent=True, excused=True)
    found = agree(kept, [kept(SCORE), none], theirs=stored)
    assert (found.incomparable, found.excused) == ("there is none", True)


def test_numbers_need_to_be_told_how_close(kept):
    with pytest.raises(Unfit, match="say how close"):
        agree(kept, [kept(SCORE, task="numbers"), kept(SCORE, task="numbers")])


def test_golden_numbers_and_golden_classes(kept):
    expected = SCORE + 1e-5
    expected[9] += 0.5
    found = agree(kept, [kept(SCORE, truth=expected, task="numbers")], 1e-4, None)
    assert (found.agreeing, found.flips[0].row, found.decided) == (ROWS - 1, 9, False)
    classes = GENERATOR.integers(0, 3, ROWS)
    score = np.eye(3)[classes]
    score[4] = np.roll(score[4], 1)
    found = agree(kept, [kept(score, truth=classes, task="classes")], 1e-4, None)
    assert (found.agreeing, found.flips[0].row, found.decided) == (ROWS - 1, 4, True)


def calibrated(kept, score, truth, bins=10):
    ask = CalibrationAsk(ours=OURS, bins=bins, seed=1)
    return calibration.observe([ask], [kept(score, truth=truth)], kept.bench)[0]


def test_who_is_as_often_right_as_sure_is_calibrated_and_who_exaggerates_is_not(kept):
    chance = np.random.default_rng(1).random((5000, 1))
    truth = (np.random.default_rng(2).random(5000) < chance[:, 0]).astype(int)
    good = calibrated(kept, chance, truth)
    assert good.error <= good.rarely < 0.04
    sure = np.where(chance > 0.5, 0.99, 0.01)
    bad = calibrated(kept, sure, truth)
    assert bad.error == pytest.approx(0.24, abs=0.03)
    assert bad.error > 10 * bad.rarely
    assert [each.rows for each in bad.bins] == [int((sure == 0.01).sum()), int((sure == 0.99).sum())]


def test_the_error_by_hand(kept):
    found = calibrated(kept, np.array([[0.1], [0.1], [0.9], [0.9]]), np.array([0, 1, 1, 1]))
    assert found.error == pytest.approx((2 * abs(0.5 - 0.1) + 2 * abs(1 - 0.9)) / 4)


def test_numbers_have_no_confidence(kept):
    with pytest.raises(Unfit, match="calibration is of probabilities"):
        ask = CalibrationAsk(ours=OURS, bins=5, seed=1)
        calibration.observe([ask], [kept(SCORE, task="numbers")], kept.bench)
