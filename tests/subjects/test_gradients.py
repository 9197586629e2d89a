import math

import pytest

pytest.importorskip("tensorflow")
from measured import bench, data, model

from mltspec.checks.model_spec.gradients_reach import GradientsAsk, GradientsParams, judge
from mltspec.plan.verdict import Verdict
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers.gradients import observe

pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore:Gradients do not exist")]


@pytest.fixture
def gradients(tmp_path):
    def run(build, name="flowers", batches=3):
        ask = GradientsAsk(model=model(build), data=data(name), seed=1, batches=batches)
        (found,) = observe([ask], [], bench(tmp_path))
        import tensorflow as tf

        assert not tf.config.functions_run_eagerly()
        return found

    return run


def by_path(found):
    return {variable.path.rpartition("/")[0].rpartition("/")[2] + "/" + variable.path.rpartition("/")[2]: variable
            for variable in found.variables}  # fmt: skip


def verdict(found):
    return judge(GradientsParams.model_construct(over=3), [found]).verdict


@pytest.mark.parametrize(
    ("build", "name"),
    [
        ("healthy", "flowers"),
        ("healthy", "weighted_flowers"),
        ("two_heads", "both"),
        ("own_step", "houses"),
        ("embedding", "words"),
        ("zero_head", "flowers"),
        ("half_precision", "flowers"),
    ],
)
def test_gradients_reach_every_weight_of_healthy_models(gradients, build, name):
    found = gradients(build, name)
    assert found.variables
    assert found.batches == 3
    assert all(v.known_to_optimizer and v.finite and not v.missing and v.largest > 0 for v in found.variables)
    assert verdict(found) is Verdict.PASSED


def test_rounding_lets_no_gradient_through(gradients):
    found = by_path(gradients("rounded"))
    assert found["hidden/kernel"].missing or found["hidden/kernel"].largest == 0
    assert found["head/kernel"].largest > 0
    assert verdict(gradients("rounded")) is Verdict.FAILED


def test_weights_that_start_at_zero(gradients):
    found = by_path(gradients("starts_at_zero"))
    assert found["hidden/kernel"].largest == 0
    assert found["head/bias"].largest > 0


def test_a_weight_that_no_optimizer_is_handed(gradients):
    found = gradients("forgetful", "houses")
    unknown = [variable for variable in found.variables if not variable.known_to_optimizer]
    assert len(unknown) == 2
    assert all(math.isnan(variable.largest) for variable in unknown)
    assert verdict(found) is Verdict.FAILED


def test_a_step_past_the_optimizer_cannot_be_seen(gradients):
    with pytest.raises(Unfit, match="hands no gradient to a Keras optimizer"):
        gradients("by_hand", "houses")


def test_gradients_that_are_not_finite(gradients):
    found = gradients("diverging", "huge")
    assert any(not variable.finite for variable in found.variables)
    assert verdict(found) is Verdict.FAILED


def test_frozen_layers_stand_still(gradients):
    found = gradients("frozen_body")
    assert found.frozen == 2
    assert found.frozen_moved == ()
    assert len(found.variables) == 2


def test_moving_statistics_of_a_layer_that_learns_are_not_frozen(gradients):
    assert gradients("healthy").frozen == 0


def test_a_frozen_weight_that_moves_is_named(gradients):
    found = gradients("moving_though_frozen")
    assert len(found.frozen_moved) == 1
    assert "count" in found.frozen_moved[0]


@pytest.mark.filterwarnings("ignore:The model does not have any trainable weights")
def test_a_model_without_trainable_weights(gradients):
    found = gradients("all_frozen")
    assert (found.variables, found.frozen) == ((), 2)


def test_fewer_batches_than_asked(gradients):
    assert gradients("healthy", batches=50).batches == 3
