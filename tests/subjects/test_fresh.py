from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from mltspec.checks.model_spec import (
    batch_size_changes_nothing,
    frozen_weights_stay,
    gradients_reach,
    initial_loss_near_chance,
    loss_and_outputs_agree,
    regularisation_acts,
    sample_weights_matter,
)
from mltspec.checks.model_spec.untrained import NoParams
from mltspec.evidence.fresh import FreshAsk
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Data, Fit, Model, Origin
from mltspec.plan.verdict import Verdict
from mltspec.subjects.bench import Bench
from mltspec.subjects.fresh_rows import packed
from mltspec.subjects.observers import fresh, gradients

pytestmark = [
    pytest.mark.tensorflow,
    # Keras says so of a healthy model, too: it takes the scores behind a softmax.
    pytest.mark.filterwarnings("ignore:.*received `from_logits=True`"),
    pytest.mark.filterwarnings("ignore:Gradients do not exist"),
]
MODULE = "fresh_subjects"


@pytest.fixture
def look(tmp_path):
    bench = Bench((Path(__file__).parent,), tmp_path, tmp_path / "objects", lambda done, total, unit: None, None, 1)

    def run(build, data="flowers", fit="FIT", declares=None):
        model = Model(
            name=build,
            build=Origin(kind="python", target=f"{MODULE}:{build}"),
            fit=Fit(settings=f"{MODULE}:{fit}"),
            declares_in=declares and f"{MODULE}:{declares}",
        )
        rows = Data(name=data, origin=Origin(kind="python", target=f"{MODULE}:{data}"))
        (found,) = fresh.observe([FreshAsk(model=model, data=rows, seed=1, rows=512)], [], bench)
        ask = gradients_reach.GradientsAsk(model=model, data=rows, seed=1, batches=3)
        return found, lambda: gradients.observe([ask], [], bench)[0]

    return run


JUDGES = {
    "agree": (loss_and_outputs_agree, NoParams()),
    "chance": (initial_loss_near_chance, initial_loss_near_chance.ChanceParams(times=Quantity(text="5"))),
    "batch": (batch_size_changes_nothing, batch_size_changes_nothing.DoublingParams(by="steps")),
    "regularisation": (regularisation_acts, NoParams()),
    "weights": (sample_weights_matter, NoParams()),
    "frozen": (frozen_weights_stay, NoParams()),
}


def judged(found):
    return {name: check.judge(params, [found]) for name, (check, params) in JUDGES.items()}


@pytest.mark.parametrize(
    ("build", "data"),
    [
        ("healthy", "flowers"),
        ("scores_with_logits_loss", "flowers"),
        ("softmax_with_logits_loss", "flowers"),
        ("sigmoid_for_tags", "tags"),
        ("price", "prices"),
        ("price", "columns_of_prices"),
        ("price", "half_unweighed"),
        ("summed_slowly", "flowers"),
        ("penalised", "flowers"),
        ("undiluted", "mostly_unweighed"),
        ("ignoring_a_class", "counted_from_one"),
        ("own_paired", "prices"),
        ("own_weighed", "weighed_prices"),
        ("own_weighed", "half_unweighed"),
        ("own_classes", "flowers"),
        ("own_penalised", "flowers"),
        ("coded", "unlabelled"),
        ("frozen_body", "flowers"),
        ("stateful", "walks"),
        ("deep_selus", "flowers"),
    ],
)
def test_healthy_models_are_left_in_peace(look, build, data):
    found, _ = look(build, data)
    assert found.heads
    assert {
        name: said.explanation
        for name, said in judged(found).items()
        if said.verdict not in (Verdict.PASSED, Verdict.SKIPPED)
    } == {}


@pytest.mark.parametrize(
    ("build", "data", "check", "says"),
    [
        ("raw_scores", "flowers", "agree", "they are raw scores (logits"),
        ("own_scores", "flowers", "agree", "they are raw scores (logits"),
        ("hidden_softmax", "flowers", "agree", "a doubled softmax"),
        ("own_doubled", "flowers", "agree", "a doubled softmax"),
        ("two_softmaxes", "flowers", "agree", "go through softmax twice"),
        ("softmax_of_one", "blooming", "agree", "a softmax over one unit must sum to 1"),
        ("softmax_for_tags", "tags", "agree", "labels of a row hold at once (multi-label)"),
        ("sigmoid_for_prices", "prices", "agree", "the output stays within 0 to 1, but labels run from"),
        ("healthy", "counted_from_one", "agree", "labels run from 1 to 3 but the output has 3 units"),
        ("price", "one_hot_flowers", "agree", "labels have shape (N, 3) but the output has shape (N, 1)"),
        ("own_broadcast", "prices", "agree", "which label belongs to which row"),
        ("own_squeezed", "columns_of_prices", "agree", "which label belongs to which row"),
        ("swamped", "flowers", "chance", "weights may start too large"),
        ("healthy", "torn", "chance", "input holds nan at row 7, column 2"),
        ("summed_too_fast", "flowers", "batch", "summed over the batch (reduction sum)"),
        ("own_unpenalised", "flowers", "regularisation", "the training step leaves the regularisation of"),
        ("coded_for_nothing", "unlabelled", "regularisation", "leaves out the 1 loss that layers add"),
        ("crushed", "flowers", "regularisation", "outweighs the data"),
        ("worn_away", "flowers", "regularisation", "weight decay of 20 outweighs the data"),
        ("own_unweighed", "weighed_prices", "weights", "`sample_weight` is ignored"),
        ("own_weighed_in_pairs", "weighed_prices", "weights", "shapes broadcast"),
        ("diluted", "mostly_unweighed", "weights", "count in the denominator of the mean loss"),
    ],
)
@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
def test_faults_are_named(look, build, data, check, says):
    found, _ = look(build, data)
    said = judged(found)
    assert said[check].verdict == Verdict.FAILED
    assert says in said[check].explanation


def test_weights_by_class_must_matter_too(look):
    heeded, _ = look("healthy", fit="BY_CLASS")
    assert heeded.weighing.source == "class_weight"
    assert judged(heeded)["weights"].verdict == Verdict.PASSED
    dropped, _ = look("own_classes", fit="BY_CLASS")
    assert judged(dropped)["weights"].explanation.startswith("`class_weight` is ignored")


def test_what_is_declared_frozen_must_stand_still(look):
    found, reached = look("named_body", declares="BODY_FROZEN")
    assert len(found.frozen.moved) == 2
    assert "declared frozen: set `trainable = False`" in judged(found)["frozen"].explanation
    assert len(reached().variables) == 2  # no gradient is asked of what is declared frozen
    still, _ = look("frozen_body", declares="BODY_FROZEN")
    assert still.frozen.moved == ()
    assert still.frozen.declared == ("body",)


def test_a_summed_loss_may_be_declared(look):
    found, _ = look("summed_too_fast", declares="SUMMED")
    assert judged(found)["batch"].explanation.endswith("as declared")


def test_a_summed_loss_that_does_no_harm_fails_only_where_the_loss_is_asked_for(look):
    found, _ = look("summed_slowly")
    strict = batch_size_changes_nothing.DoublingParams(by="loss")
    assert batch_size_changes_nothing.judge(strict, [found]).verdict == Verdict.FAILED


@pytest.mark.parametrize(
    ("build", "says"),
    [
        ("zero_kernels", "start at zero (zero initialisation) and no gradient reaches them"),
        ("equal_kernels", "start identical and are still identical after the first steps"),
        ("deep_sigmoids", "vanishes through 14 layers that saturate (sigmoid, tanh)"),
    ],
)
def test_units_and_depth_that_let_nothing_be_learnt(look, build, says):
    _, reached = look(build)
    said = gradients_reach.judge(gradients_reach.GradientsParams(over=3), [reached()])
    assert said.verdict == Verdict.FAILED
    assert says in said.explanation


@pytest.mark.parametrize("build", ["healthy", "deep_selus"])
def test_gradients_of_healthy_depth(look, build):
    _, reached = look(build)
    assert gradients_reach.judge(gradients_reach.GradientsParams(over=3), [reached()]).verdict == Verdict.PASSED


def test_a_step_is_handed_bare_inputs_where_there_is_nothing_else():
    x, y = np.zeros((2, 3)), np.ones(2)
    assert packed((x, None, None)) is x
    assert packed((x, y, None)) == (x, y)
    assert len(packed((x, y, y))) == 3
