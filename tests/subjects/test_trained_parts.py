"""The parts of a look that need no training: linear models, simple answers, rows of two passes, verdicts on them."""

import numpy as np
import pytest

pytest.importorskip("tensorflow")

import tensorflow as tf

from mltspec.checks.check import Params
from mltspec.checks.model_spec import activations_alive, inference_mode, labels_matter, updates_in_scale
from mltspec.checks.quality import beats_simple_baseline
from mltspec.checks.quality.example_looks import HEALTHY, around, look, measured, rate, scored, units
from mltspec.checks.quality.standing import remedy, short, worthless
from mltspec.plan.verdict import Verdict
from mltspec.subjects.answers import Answers
from mltspec.subjects.loaded import Arrays, Streamed
from mltspec.subjects.trained_linear import encoder, labels_among, ridge
from mltspec.subjects.trained_rows import sampled
from mltspec.subjects.trained_yardstick import errors, yardstick

pytestmark = pytest.mark.tensorflow

X = np.random.default_rng(0).normal(size=(40, 6))
Y = X @ np.array([[1.0], [-2.0], [0.0], [3.0], [0.5], [0.0]]) + 7 + 0.1 * np.random.default_rng(1).normal(size=(40, 1))


@pytest.mark.parametrize("columns", [6, 60])
def test_answers_to_rows_left_out_are_those_of_a_fit_without_them(columns, monkeypatch):
    monkeypatch.setattr("mltspec.subjects.trained_linear.STRENGTHS", np.array([0.1]))
    matrix = np.random.default_rng(2).normal(size=(40, columns))
    target = matrix[:, :1] * 2 + np.random.default_rng(3).normal(size=(40, 1))
    whole = ridge(matrix, target, np.ones(40))
    gaps = []
    for row in range(5):
        rest = np.arange(40) != row
        without = ridge(matrix[rest], target[rest], np.ones(39)).answers(matrix[row : row + 1])
        gaps.append(abs(without[0, 0] - whole.left_out[row, 0]))
    # Means and spreads of columns are found anew without the row, so they are close, not equal.
    assert max(gaps) < 0.1 * target.std()


def test_a_line_is_found():
    fitted = ridge(X, Y, np.ones(40))
    assert np.abs(fitted.answers(X) - Y).max() < 0.4
    assert ((fitted.left_out - Y) ** 2).mean() < 0.02


def test_weights_have_a_say():
    wrong = Y.copy()
    wrong[::2] = 0.0
    weights = np.where(np.arange(40) % 2, 1.0, 1e-9)
    assert np.abs(ridge(X, wrong, weights).answers(X) - Y).max() < 0.6


def test_columns_of_words_and_kinds():
    inputs = {"town": np.array([["Bath"], ["York"], ["Bath"]], object), "age": np.array([1.0, 2.0, 3.0])}
    encode = encoder(inputs)
    assert encode(inputs).shape == (3, 3)
    assert encode({"town": np.array([["Leeds"]], object), "age": np.array([9.0])})[0].tolist() == [0.0, 0.0, 9.0]


def test_values_that_are_no_numbers_say_nothing():
    assert np.isfinite(encoder(X)(np.full((2, 6), np.nan))).all()


def test_labels_that_are_inputs():
    x = np.random.default_rng(0).random((30, 5))
    noise = np.random.default_rng(1).normal(0, 0.1, x.shape)
    assert labels_among({"image": x}, x)
    assert labels_among(x + noise, x)
    assert not labels_among(np.random.default_rng(2).random((30, 5)), x)
    assert not labels_among(x[:, :1], x[:, :1] * 2)


def test_simple_answers_of_classes():
    kinds = np.repeat([0, 1, 2], [20, 10, 10])
    answers = Answers(truth=kinds, score=np.full((40, 3), 1 / 3))
    stick = yardstick(answers, np.eye(3)[kinds], np.ones(40))
    assert stick.trivial.tolist() == [0.5, 0.25, 0.25]
    assert errors(answers, stick.same_for_all(40)).mean() == 0.5
    assert errors(answers, stick.linear(None)).mean() == 0.0
    assert errors(answers).mean() == 0.5


def test_labels_that_are_no_answers_have_no_yardstick():
    assert yardstick(Answers(truth=np.full((4, 1), 0.5), score=np.zeros((4, 2))), None, np.ones(4)) is None


def streamed(dataset):
    return Streamed("holdout", dataset, dataset=True)


def numbered(rows):
    return tf.data.Dataset.from_tensor_slices((np.arange(rows), np.arange(rows) % 3))


def test_a_second_pass_in_order():
    rows = sampled(streamed(numbered(50).batch(8)), 20, 0)
    assert (rows.order, rows.count, rows.whole) == ("same", 20, True)
    assert rows.batch[0].tolist() == sorted(rows.batch[0].tolist())


def test_a_second_pass_in_another_order():
    rows = sampled(streamed(numbered(50).shuffle(50).batch(8)), 50, 0)
    assert rows.order == "reordered"
    assert rows.labels_again.shape == (50,)


def test_a_second_pass_over_other_rows():
    assert sampled(streamed(numbered(50).shuffle(50).take(10).batch(5)), 50, 0).order == "other rows"


def test_rows_of_weight_zero_are_left_out():
    rows = sampled(Arrays("holdout", np.arange(40), np.arange(40), (np.arange(40) % 4 == 0).astype(float)), 40, 0)
    assert rows.batch[0].tolist() == list(range(0, 40, 4))
    assert rows.weighted == 0.25


def judge(check, params=None, **parts):
    return check.judge(params or Params(), [look(**parts)])


LABELS = labels_matter.LabelParams(on="holdout")
BASELINE = beats_simple_baseline.BaselineParams(on="holdout")


def test_few_rows_can_not_tell():
    standing = scored(measured("accuracy", 0.6, 0.5, 0.6), chance=0.4)
    (head,) = standing.heads
    few = head.associations[0].model_copy(update={"attainable": 2.0})
    standing = standing.model_copy(update={"heads": (head.model_copy(update={"associations": (few,)}),)})
    found = judge(labels_matter, LABELS, on=standing)
    assert found.verdict is Verdict.PASSED
    assert "too few to tell" in found.explanation


@pytest.mark.parametrize(("check", "params"), [(labels_matter, LABELS), (beats_simple_baseline, BASELINE)])
def test_what_cannot_be_scored_is_said(check, params):
    standing = HEALTHY.on.model_copy(update={"heads": (), "unseen": ("there are no labels",)})
    found = judge(check, params, on=standing)
    assert found.verdict is Verdict.SKIPPED
    assert "there are no labels" in found.explanation


def test_one_measure_in_favour_is_enough():
    nothing = measured("accuracy", 0.1, 0.1, 0.9)
    standing = scored(nothing)
    (head,) = standing.heads
    assert worthless(head)
    assert short(head)
    better = head.model_copy(update={"measures": (nothing, measured("loss", 0.8, 0.1, 0.9))})
    assert not worthless(better)
    assert not short(better)


def test_a_weak_linear_model_is_no_yardstick():
    (head,) = scored(measured("accuracy", 0.3, 0.1, 0.12)).heads
    assert not short(head)


def test_places_are_no_scores():
    (head,) = scored(measured("accuracy", 0.1, 0.1, 0.9)).heads
    loss = head.associations[0].model_copy(update={"measure": "loss", "chance": 0.02})
    assert not worthless(head.model_copy(update={"associations": (loss,)}))


def test_another_rate_is_a_remedy_only_if_it_is_far_better():
    assert remedy(()) is None
    assert remedy((rate(1, 1.0), rate(10, 0.9))) is None
    assert remedy((rate(1, 2.2), rate(10, 0.5))).factor == 10
    assert remedy((rate(1, float("nan")), rate(0.1, 0.5))).factor == 0.1
    assert remedy((rate(1, float("nan")), rate(0.1, 2.4))) is None


def test_most_units_dead_matters_only_where_nothing_was_learnt():
    layers = (units(constant=30, zero=30),)
    assert judge(activations_alive, layers=layers).verdict is Verdict.PASSED
    poor = scored(measured("accuracy", 0.1, 0.1, 0.93), data="training")
    found = judge(activations_alive, layers=layers, training=poor)
    assert found.verdict is Verdict.FAILED
    assert "30 of 32 units" in found.explanation


def test_statistics_that_lag_a_little_are_none():
    modes = HEALTHY.modes.model_copy(
        update={"normalising_layers": ("norm",), "training_gain": around(0.95), "inference_gain": around(0.8)}
    )
    assert judge(inference_mode, modes=modes).verdict is Verdict.PASSED
    lost = modes.model_copy(update={"inference_gain": around(0.1)})
    assert "the moving statistics of `norm`" in judge(inference_mode, modes=lost).explanation


def test_predict_and_a_call_that_differ():
    modes = HEALTHY.modes.model_copy(update={"called": 0.2})
    found = judge(inference_mode, modes=modes)
    assert found.verdict is Verdict.FAILED
    assert "a mode is fixed inside" in found.explanation


def test_steps_of_a_job_of_its_own():
    weights = HEALTHY.weights.model_copy(update={"start_known": False})
    assert "a job of its own" in judge(updates_in_scale, weights=weights).explanation
