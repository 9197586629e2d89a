import math

import pytest

pytest.importorskip("tensorflow")
from measured import bench, data, model

from mltspec.checks.model_spec.one_batch_overfits import OverfitAsk, OverfitEvidence
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers.overfit import observe

pytestmark = pytest.mark.tensorflow


@pytest.fixture
def overfit(tmp_path):
    def run(build, name, steps=200, rows=16) -> OverfitEvidence:
        ask = OverfitAsk(model=model(build), data=data(name), seed=1, steps=steps, rows=rows)
        (found,) = observe([ask], [], bench(tmp_path))
        return found

    return run


def test_a_healthy_model_learns_the_batch(overfit):
    found = overfit("healthy", "flowers")
    assert found.rows == 16
    assert found.lowest < 0.05 * found.start
    assert found.accuracy == 1.0
    assert found.first_bad_step is None
    assert 0 < found.reached_step <= found.steps <= 200


def test_a_head_that_sees_nothing_does_not(overfit):
    found = overfit("constant_head", "flowers", steps=30)
    assert found.lowest == pytest.approx(found.start)
    assert found.accuracy < 1
    assert found.steps == 30


def test_an_own_training_step_takes_pairs(overfit):
    found = overfit("own_step", "houses", steps=150)
    assert found.lowest < 0.05 * found.start
    assert found.accuracy is None


def test_shapes_that_broadcast_do_not_learn(overfit):
    found = overfit("own_step", "flat_houses", steps=150)
    assert found.lowest > 0.2 * found.start


def test_without_a_compiled_loss_the_steps_own_is_watched(overfit):
    found = overfit("own_step_without_loss", "houses", steps=150)
    assert found.lowest < 0.2 * found.start


@pytest.mark.parametrize(("build", "name"), [("healthy", "weighted_flowers"), ("two_heads", "both"), ("town", "towns")])
def test_weights_heads_and_named_inputs(overfit, build, name):
    found = overfit(build, name, steps=120)
    assert found.lowest < 0.3 * found.start
    assert (found.accuracy is None) == (build == "two_heads")


def test_steps_need_not_be_a_multiple_of_the_looks(overfit):
    assert overfit("healthy", "flowers", steps=13).steps == 13
    assert overfit("healthy", "flowers", steps=3).steps == 3


def test_the_first_step_that_is_not_finite_is_told(overfit):
    found = overfit("diverging", "houses")
    assert 0 < found.first_bad_step == found.steps < 200
    assert math.isfinite(found.start)


def test_more_rows_than_there_are(overfit):
    assert overfit("healthy", "flowers", steps=2, rows=1000).rows == 96


def test_a_model_that_is_not_compiled_is_refused(overfit):
    with pytest.raises(Unfit, match="not compiled"):
        overfit("uncompiled", "flowers")


@pytest.mark.parametrize("schedule", ["warm_up", "decay"])
def test_a_schedule_made_for_a_long_training_does_not_hide_a_sound_model(schedule):
    import keras

    from mltspec.subjects.observers.overfit import hold_rate

    class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return keras.ops.minimum(0.1, 0.001 * keras.ops.cast(step, "float32"))

    schedules = {"warm_up": WarmUp(), "decay": keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)}
    optimizer = keras.optimizers.SGD(schedules[schedule])
    hold_rate(optimizer, 200)
    assert float(optimizer.learning_rate) == pytest.approx(0.1)
    optimizer.iterations.assign(150)
    assert float(optimizer.learning_rate) == pytest.approx(0.1)
