"""State is written, read back, and put back as found."""

import numpy as np
import pytest

pytest.importorskip("tensorflow")
import keras
import training_subjects as subjects

from mltspec.subjects import framework
from mltspec.subjects.bench import Unfit
from mltspec.subjects.state import (
    changed,
    largest_difference,
    load_state,
    read_state,
    restore,
    save_state,
    snapshot,
)

pytestmark = pytest.mark.tensorflow


@pytest.fixture(autouse=True)
def prepared():
    framework.prepare(1, 1)


def fitted(build):
    model = build()
    x, y = subjects.rows()
    model.fit(x, y, epochs=1, batch_size=50, verbose=0)
    return model


@pytest.mark.parametrize("build", [subjects.plain, subjects.noisy, subjects.own])
def test_a_state_is_the_same_after_a_round_trip(tmp_path, build):
    x, _ = subjects.rows(3)
    digest = save_state(fitted(build), tmp_path / "a.npz", x)
    again = build()
    load_state(again, tmp_path / "a.npz")
    assert save_state(again, tmp_path / "b.npz") == digest
    assert int(again.optimizer.iterations) == 4


def test_entries_are_named_in_the_fields_words(tmp_path):
    save_state(fitted(subjects.noisy), tmp_path / "a.npz")
    kinds = {entry.what for entry in read_state(tmp_path / "a.npz")[0]}
    wanted = {"weights", "optimizer slots", "iteration count", "learning rate", "seed state", "metric state"}
    assert kinds == wanted


def test_half_precision_survives(tmp_path):
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(1, dtype="bfloat16")])
    model.compile("sgd", "mse")
    digest = save_state(model, tmp_path / "a.npz")
    again = keras.Sequential([keras.Input((6,)), keras.layers.Dense(1, dtype="bfloat16")])
    again.compile("sgd", "mse")
    load_state(again, tmp_path / "a.npz")
    assert save_state(again, tmp_path / "b.npz") == digest


class TwoOptimizers(keras.Model):
    def __init__(self):
        super().__init__()
        self.body, self.head = keras.layers.Dense(4), keras.layers.Dense(1)
        self.slow, self.fast = keras.optimizers.SGD(0.001, momentum=0.9), keras.optimizers.Adam(0.1)

    def call(self, x):
        return self.head(self.body(x))

    def train_step(self, data):
        import tensorflow as tf

        x, y = data
        with tf.GradientTape(persistent=True) as tape:
            loss = tf.reduce_mean(tf.square(tf.cast(y, tf.float32)[:, None] - self(x, training=True)))
        for optimizer, part in ((self.slow, self.body), (self.fast, self.head)):
            optimizer.apply(tape.gradient(loss, part.trainable_variables), part.trainable_variables)
        return {"loss": loss}


def two_optimizers():
    model = TwoOptimizers()
    model.compile()
    return model


def test_weights_are_put_back_where_the_model_keeps_several_optimizers_itself(tmp_path):
    x, _ = subjects.rows(3)
    trained = fitted(two_optimizers)
    save_state(trained, tmp_path / "a.npz", x)
    again = two_optimizers()
    load_state(again, tmp_path / "a.npz")
    assert np.array_equal(again.predict(x, verbose=0), trained.predict(x, verbose=0))


def test_another_model_is_refused(tmp_path):
    save_state(fitted(subjects.plain), tmp_path / "a.npz")
    with pytest.raises(Unfit, match="built differently"):
        load_state(subjects.noisy(), tmp_path / "a.npz")


@pytest.mark.parametrize("build", [subjects.noisy, subjects.own])
def test_a_snapshot_puts_everything_back(build):
    model = fitted(build)
    before = snapshot(model)
    drawn = np.random.rand()
    model.fit(*subjects.rows(), epochs=1, verbose=0)
    assert changed(before)
    restore(model, before)
    assert not changed(before)
    assert np.random.rand() == drawn


def test_a_difference_is_none_only_where_every_bit_agrees():
    one = np.array([1.0, np.nan], np.float32)
    assert largest_difference(one, one.copy()) is None
    assert largest_difference(one, np.array([1.5, np.nan], np.float32)) == 0.5
    assert largest_difference(one, np.array([1.0, 0.0], np.float32)) == np.inf
    assert largest_difference(np.array(0.0), np.array(-0.0)) == 0.0
    assert largest_difference(np.array([0x3F80], np.uint16), np.array([0x4000], np.uint16)) == 1.0
