"""What a finished training has learnt, looked at on real models: healthy ones stay quiet, faults are named."""

from pathlib import Path

import pytest

pytest.importorskip("tensorflow")

from mltspec.checks.check import Params
from mltspec.checks.model_spec import (
    activations_alive,
    every_input_matters,
    inference_mode,
    labels_matter,
    training_stays_finite,
    updates_in_scale,
)
from mltspec.checks.quality import beats_simple_baseline, metric_agrees
from mltspec.evidence.trained import TrainedAsk, TrainedEvidence
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.subject import Data, Fit, Model, Origin
from mltspec.plan.verdict import Verdict
from mltspec.subjects.bench import Bench
from mltspec.subjects.observers import trained, training

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore:Gradients do not exist"),
    pytest.mark.filterwarnings("ignore:You are using a softmax over axis -1"),
    pytest.mark.filterwarnings("ignore:The structure of `inputs`"),
]

MODULE = "trained_subjects"
CHECKS = {
    "finite": (training_stays_finite, Params()),
    "baseline": (beats_simple_baseline, beats_simple_baseline.BaselineParams(on="holdout")),
    "labels": (labels_matter, labels_matter.LabelParams(on="holdout")),
    "inputs": (every_input_matters, Params()),
    "activations": (activations_alive, Params()),
    "updates": (updates_in_scale, Params()),
    "modes": (inference_mode, Params()),
    "metrics": (metric_agrees, metric_agrees.AgreesParams(on="holdout")),
}


def data(name, target):
    return Data(name=name, origin=Origin(kind="python", target=f"{MODULE}:{target}"))


@pytest.fixture
def judged(tmp_path):
    """Train, look, and judge by every check; return judgements by name."""

    def go(build, train="kinds", holdout="more_kinds", fit="FIT", declares=None):
        bench = Bench((Path(__file__).parent,), tmp_path, tmp_path / "objects", lambda *_: None, None, 1)
        model = Model(
            name=build,
            build=Origin(kind="python", target=f"{MODULE}:{build}"),
            fit=Fit(settings=f"{MODULE}:{fit}"),
            declares_in=f"{MODULE}:{declares}" if declares else None,
        )
        run = TrainingAsk(model=model, data=data("training", train), seed=1)
        (found,) = training.observe([run], [], bench)
        ask = TrainedAsk(run=run, data=data("holdout", holdout), confidence=0.95)
        (seen,) = trained.observe([ask], [found], bench)
        assert TrainedEvidence.from_json(seen.to_json()) == seen or "NaN" in seen.to_json()
        return {name: check.judge(params, [seen]) for name, (check, params) in CHECKS.items()}

    return go


HEALTHY = {
    "healthy": {},
    "logits": {},
    "scheduled": {},
    "convolved": {},
    "absolute": {"train": "houses", "holdout": "more_houses", "fit": "LONG"},
    "quantiles": {"train": "houses", "holdout": "more_houses", "fit": "LONG"},
    "embedding_of_kinds": {},
    "yes_or_no": {"train": "rare", "holdout": "more_rare"},
    "two_heads": {"train": "both", "holdout": "more_both"},
    "one_silent_head": {"train": "both", "holdout": "more_both"},
    "of_words": {"train": "ragged", "holdout": "ragged"},
    "squeezed": {"train": "images", "holdout": "images", "fit": "LONG"},
    "without_labels": {"train": "unlabelled", "holdout": "unlabelled"},
}


@pytest.mark.parametrize("build", HEALTHY)
def test_healthy_models_are_not_flagged(judged, build):
    found = judged(build, **HEALTHY[build])
    assert {
        name: each.explanation for name, each in found.items() if each.verdict not in (Verdict.PASSED, Verdict.SKIPPED)
    } == {}


@pytest.mark.parametrize("train", ["streamed_kinds", "half_weighted_kinds"])
def test_training_data_of_other_forms(judged, train):
    found = judged("healthy", train=train)
    assert {
        name: each.explanation for name, each in found.items() if each.verdict not in (Verdict.PASSED, Verdict.SKIPPED)
    } == {}


def test_random_answers_that_are_declared(judged):
    found = judged("random_in_inference", declares="STOCHASTIC")
    assert found["modes"].verdict is Verdict.PASSED
    assert "declared" in found["modes"].explanation


def failing(judgement, *words):
    assert judgement.verdict is Verdict.FAILED
    for word in words:
        assert word in judgement.explanation


def test_a_learning_rate_far_too_small(judged):
    found = judged("slow", "houses", "more_houses")
    failing(found["baseline"], "no better than the trivial answer", "learning rate 1e-06 is too small")
    failing(found["updates"], "learning rate 1e-06 is too small")
    assert found["finite"].verdict is Verdict.PASSED


def test_a_learning_rate_too_small_for_many_layers(judged):
    failing(judged("slow_deep", "houses", "more_houses")["updates"], "is too small")


def test_a_learning_rate_far_too_high(judged):
    found = judged("diverging", "houses", "more_houses")
    failing(found["finite"], "NaN or infinite", "learning rate 2 is too high", "diverges")
    failing(found["updates"], "learning rate 2 is too high")
    failing(found["baseline"], "NaN or infinite")


def test_a_learning_rate_of_zero(judged):
    failing(judged("standing", "houses", "more_houses")["updates"], "none of 4 weights moved")


def test_a_gap_in_the_data(judged):
    failing(judged("healthy", "kinds_with_gaps")["finite"], "the data is the cause", "nan at row 5, column 2")


def test_labels_permuted_in_training(judged):
    found = judged("healthy", "mixed_kinds")
    failing(found["baseline"], "labels and features of the training data look permuted apart")
    failing(found["labels"], "no more to do with their labels than with permuted ones", "permuted apart")
    assert found["activations"].verdict is Verdict.PASSED


def test_data_on_another_scale(judged):
    found = judged("logits", holdout="scaled_kinds")
    failing(found["baseline"], "on another scale than the training data", "normalisation")


def test_holdout_shuffled_at_each_pass(judged):
    found = judged("healthy", holdout="shuffled_kinds")
    failing(found["metrics"], "the same rows in another order", "shuffled anew at each pass")
    assert found["baseline"].verdict is Verdict.PASSED


def test_holdout_dealt_at_each_pass(judged):
    failing(judged("healthy", holdout="dealt_kinds")["metrics"], "do not give the same rows", "take")


def test_softmax_over_one_unit(judged):
    found = judged("always_one", "rare", "more_rare")
    failing(found["baseline"], "it is constant, 1,", "a softmax over one unit is always 1")
    failing(found["inputs"], "answers depend on no input")


def test_a_softmax_that_is_missing(judged):
    failing(judged("lacks_softmax")["baseline"], "the loss expects probabilities, but the outputs are raw scores")


def test_a_signal_that_vanishes(judged):
    found = judged("vanishing")
    failing(found["activations"], "answer the same to every row", "the gradient vanishes")
    failing(found["baseline"], "it is constant")


def test_a_layer_of_zeros(judged):
    failing(judged("dead")["activations"], "all 16 units of `", "answer 0 to every row")


def test_a_penalty_that_outweighs_the_data(judged):
    failing(judged("overpenalised", fit="LONG")["baseline"], "regularisation or weight decay outweighs the data")


def test_dropout_in_inference(judged):
    failing(judged("random_in_inference")["modes"], "answer the same rows differently", "random is active in inference")


def test_dropout_that_never_acts(judged):
    failing(judged("idle_dropout")["modes"], "the mode is not passed on")


def test_moving_statistics_that_lag(judged):
    found = judged("lagging")
    failing(found["modes"], "the moving statistics of `norm` do not fit")


def test_an_input_lost_on_its_way(judged):
    found = judged("left_is_lost", "both", "more_both")
    failing(found["inputs"], "`input[left], column 0`")


def test_a_column_cut_off(judged):
    failing(judged("cut_column")["inputs"], "answers do not depend on `input, column 4`")
