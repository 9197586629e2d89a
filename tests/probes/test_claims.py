"""Each claim on a formula that keeps it and on one that breaks it."""

import numpy as np
import pytest
from formula import Formula

from mltspec.probes.batch import Batch
from mltspec.probes.claims.company import (
    order_irrelevant,
    padding_irrelevant,
    prediction_leaves_state,
    prediction_repeatable,
    rows_independent,
)
from mltspec.probes.claims.outputs import outputs_of_shape, outputs_sum_to_one
from mltspec.probes.claims.refusals import bad_input_refused
from mltspec.probes.claims.shifts import cells_named, monotone, related, unchanged, within
from mltspec.probes.claims.steps import gradients_finite, loss_doubles_not, train_step_moves
from mltspec.probes.recipe import Space
from mltspec.probes.schema import derive
from mltspec.probes.search import Budget, search
from mltspec.probes.trial import Refusal, Step, Trial

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

RNG = np.random.default_rng(0)
X = RNG.uniform(0, 1, (200, 4)).astype("float32")
AGE = RNG.integers(18, 80, (200, 1))
CITY = RNG.choice(["Ulm", "Bonn", "Trier"], (200, 1))
SCHEMA = derive({"x": X, "age": AGE, "city": CITY}, [RNG.integers(0, 2, 200)])


def look(claim, formula=None, **more):
    formula = formula or (lambda x, age, city: x)
    (finding,) = search(SCHEMA, Space(1, 16), [claim], Formula(formula, **more), Budget(120, 1)).findings
    return finding


def seen(claim, formula=None, **more):
    """What a claim that must be broken shows."""
    finding = look(claim, formula, **more)
    assert finding.broken_by is not None, "the claim should be broken"
    assert not finding.flaky
    return finding.outcome.seen


def holds(claim, formula=None, **more):
    finding = look(claim, formula, **more)
    return finding.outcome is None and finding.examples == 120


def cells(name):
    return cells_named(SCHEMA, name)


def test_outputs_sum_to_one():
    assert holds(outputs_sum_to_one(1e-5), lambda x, age, city: x / x.sum(axis=1, keepdims=True))
    assert seen(outputs_sum_to_one(1e-5), lambda x, age, city: x).startswith("the outputs for row 0 sum to ")
    nan = seen(outputs_sum_to_one(1e-5), lambda x, age, city: x * np.nan)
    assert nan == "the outputs for row 0 sum to NaN"
    assert "nothing to sum" in seen(outputs_sum_to_one(1e-5), lambda x, age, city: x[:, 0])


def test_outputs_of_shape():
    assert holds(outputs_of_shape([4]), lambda x, age, city: x)
    assert holds(outputs_of_shape([None]), lambda x, age, city: x)
    assert holds(outputs_of_shape([]), lambda x, age, city: x[:, 0])
    assert seen(outputs_of_shape([3])) == "the output has shape (1, 4) for a batch of 1 rows"
    squeezed = seen(outputs_of_shape([4]), lambda x, age, city: np.squeeze(x))
    assert squeezed == "the output has shape (4,) for a batch of 1 rows"


def test_order_is_irrelevant_though_company_is_not():
    def centred(x, age, city):
        return x - np.sort(x, axis=0).mean(axis=0)

    assert holds(order_irrelevant(1e-5), centred)
    assert not holds(rows_independent(1e-5), centred)
    assert "in the batch and" in seen(order_irrelevant(1e-5), lambda x, age, city: np.cumsum(x, axis=0))


def test_a_prediction_is_repeatable():
    assert holds(prediction_repeatable(1e-6))
    noise = np.random.default_rng(1)
    drawn = seen(prediction_repeatable(1e-6), lambda x, age, city: x + noise.normal(size=x.shape))
    assert "at first and" in drawn
    assert drawn.endswith("when sent again")


def test_predictions_leave_state():
    assert holds(prediction_leaves_state(), moved=lambda: ())
    assert seen(prediction_leaves_state(), moved=lambda: ("bn/mean", "bn/variance")) == (
        "predicting 1 rows changes bn/mean and 1 more"
    )


def test_padding_is_irrelevant():
    def padded(batch, names, value, steps):
        assert (names, value) == (("x",), 0)
        tail = np.full((batch.rows, steps), value, "float32")
        return (np.concatenate([batch.tables[0], tail], axis=1),)

    assert holds(padding_irrelevant(("x",), 0, 1e-6), padded=padded)  # an output a step: the first ones are compared
    mean = seen(
        padding_irrelevant(("x",), 0, 1e-6),
        lambda x, age, city: x.mean(axis=1, keepdims=True),
        padded=lambda *asked: (padded(*asked)[0].mean(axis=1, keepdims=True),),
    )
    assert mean.endswith("with 3 steps of padding behind it")


def test_gradients_are_finite_also_where_the_loss_is():
    assert holds(gradients_finite(), step=lambda batch: Step(0.5, gradient=2.0))
    bad = Step(0.5, bad_gradients=("dense/kernel", "dense/bias"), gradient=np.nan)
    assert seen(gradients_finite(), step=lambda batch: bad) == (
        "the gradient of dense/kernel and 1 more is not finite (loss 0.5)"
    )
    unread = Step(np.nan, ("the loss",))
    assert "after one training step the loss" in seen(gradients_finite(), step=lambda batch: unread)


def test_a_step_moves_weights_unless_there_is_nothing_to_learn():
    assert holds(train_step_moves(), step=lambda batch: Step(0.5, gradient=1.0))
    # Right already: the rows' own labels teach nothing, others' would.
    assert holds(train_step_moves(), step=lambda batch: Step(0.0, gradient=0.0, moved=bool(batch.labels[0].any())))
    assert "whatever labels the rows are given" in seen(
        train_step_moves(), step=lambda batch: Step(2.0, gradient=0.0, moved=False)
    )
    assert seen(train_step_moves(), step=lambda batch: Step(2.0, gradient=3.0, moved=False)) == (
        "a gradient of up to 3 is handed to the optimizer, and no weight moves"
    )
    assert "no gradient reaches the optimizer" in seen(train_step_moves(), step=lambda batch: Step(2.0, moved=False))


def test_the_loss_of_a_doubled_batch():
    assert holds(loss_doubles_not(), loss=lambda batch: float(batch.tables[0].mean()))
    assert holds(loss_doubles_not(), loss=lambda batch: 0.0)
    assert "with every row put in twice" in seen(loss_doubles_not(), loss=lambda batch: float(batch.tables[0].sum()))


def test_bad_input_is_refused_and_clearly():
    fine = (Refusal("a text for `x`", "ValueError", "expected float32", True),)
    counted = []

    def refuse(batch):
        counted.append(batch.rows)
        return fine

    assert holds(bad_input_refused(), refusals=refuse)
    assert len(counted) == 2  # once for a single row and once for several
    answered = (*fine, Refusal("`x` of shape (5,) instead of (4,)", "", "the model answers with shape (1, 1)", False))
    assert "is not refused: the model answers" in seen(bad_input_refused(), refusals=lambda batch: answered)
    vague = (*fine, Refusal("a batch without `x`", "AttributeError", "NoneType has no attribute", False))
    assert "does not say what is wrong" in seen(bad_input_refused(), refusals=lambda batch: vague)


def test_what_must_not_matter_does_not():
    assert holds(unchanged(cells("city"), None, 1e-6), lambda x, age, city: x + age)
    assert holds(unchanged(cells("x[2]"), 0.0, 1e-6), lambda x, age, city: x[:, :2])
    by_city = seen(unchanged(cells("city"), None, 1e-6), lambda x, age, city: (city == "Ulm") * 1.0)
    assert by_city.endswith("with city changed to other rows' values")
    one = seen(unchanged(cells("x[2]"), 9.0, 1e-6), lambda x, age, city: x)
    assert one.endswith("and 9 with x[2] changed to 9")
    unseen = seen(unchanged(cells("city"), "somewhere else", 1e-6), lambda x, age, city: (city == "somewhere else") * 1)
    assert unseen.endswith("with city changed to somewhere else")
    assert "it is to change to 3.0" in seen(unchanged(cells("city"), 3.0, 1e-6))


def test_answers_move_one_way():
    def older(x, age, city):
        return age / 10.0

    assert holds(monotone(cells("age"), "fall", None, False, None), older)
    assert holds(monotone(cells("age"), "fall", 5, False, None), older)
    assert seen(monotone(cells("age"), "rise", 0.1, True, None), older).endswith("with age raised")
    assert holds(monotone(cells("age"), "rise", None, False, None), lambda x, age, city: -older(x, age, city))
    both = np.array([1.0, -1.0])
    assert holds(monotone(cells("age"), "fall", None, False, 0), lambda x, age, city: age * both)
    assert seen(monotone(cells("age"), "fall", None, False, 1), lambda x, age, city: age * both).startswith("output 1 ")
    assert "say which" in seen(monotone(cells("age"), "fall", None, False, None), lambda x, age, city: x)
    assert "cannot rise or fall" in seen(monotone(cells("city"), "fall", None, False, None), older)


def test_a_rise_nobody_sizes_stays_in_the_range_seen():
    met = []

    def formula(x, age, city):
        met.append(int(age.max()))
        return age * 1.0

    assert holds(monotone(cells("age"), "fall", None, False, None), formula)
    assert max(met) == AGE.max()


def test_small_changes_make_small_changes():
    assert holds(within(cells("x"), 0.02, 0.01, False), lambda x, age, city: x.mean(axis=1, keepdims=True))
    step = seen(within(cells("x[0]"), 0.5, 0.3, False), lambda x, age, city: (x[:, :1] > 0.6) * 1.0)
    assert "with x[0] raised" in step or "with x[0] lowered" in step


def test_relations_of_the_users_own():
    def same(predict, inputs):
        x, age, city = inputs
        return np.isclose(predict((2 * x, age, city)), 2 * predict(inputs)).all(axis=1)

    def asserted(predict, inputs):
        assert predict(inputs).min() >= 0, "below zero"

    assert holds(related(same, "`m:same`"))
    assert seen(related(same, "`m:same`"), lambda x, age, city: x + 1) == "it answers False for row 0"
    assert holds(related(asserted, "`m:a`"))
    assert seen(related(asserted, "`m:a`"), lambda x, age, city: x - 1).startswith("it says: below zero")
    assert seen(related(lambda predict, inputs: "too dear", "`m:t`")) == "it says: too dear"
    assert seen(related(lambda predict, inputs: False, "`m:f`")) == "it answers False"
    assert "not True, False" in seen(related(lambda predict, inputs: 3.5, "`m:n`"))


def test_a_feature_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(LookupError, match=r"no feature `agee`; there are `x`, `age`, `city`, and columns such as"):
        cells_named(SCHEMA, "agee")


def test_what_the_last_bit_of_the_inputs_brings_about_is_no_dependence():
    def steep(x, age, city):
        rounded = x.astype("float64") * (1 + 6e-8 * (len(x) > 1))  # as a sum in another order would round
        return np.sin(1e5 * rounded)

    def coupled(x, age, city):
        return steep(x, age, city) + x.mean(axis=0)

    assert look(rows_independent(1e-5), steep).worst > 1e-3
    assert holds(rows_independent(1e-5), steep)
    assert not holds(rows_independent(1e-5), coupled)


def test_what_is_random_is_excused_by_no_arithmetic():
    noise = np.random.default_rng(1)
    drawn = Formula(lambda x, age, city: x + noise.normal(size=x.shape))
    trial = Trial(drawn, SCHEMA, Batch((X[:4], AGE[:4], CITY[:4]), (np.zeros(4),)))
    assert trial.rounding == 0
