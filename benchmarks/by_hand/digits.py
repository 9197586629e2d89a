"""Twelve claims about the digits classifier, each a test that stands alone: pytest, Keras and Hypothesis.

Run in the example's folder: ``pytest digits.py``.
"""

import signal
import subprocess
import sys

import hypothesis.extra.numpy as arrays
import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, ".")

from digits.data import holdout, training
from digits.model import build

pytestmark = pytest.mark.filterwarnings("ignore")
SEARCH = settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
BATCH = arrays.arrays(np.float32, st.tuples(st.integers(1, 64), st.just(64)), elements=st.floats(0, 1, width=32))
RUN = """
import os, sys
import keras
from digits.training import train
workdir, stop = sys.argv[1], int(sys.argv[2])
class Stop(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.optimizer.iterations) == stop:
            os.kill(os.getpid(), 9)
plain = keras.Model.fit
keras.Model.fit = lambda self, *a, callbacks=(), **k: plain(self, *a, callbacks=[*callbacks, Stop()], **k)
train(workdir).save_weights(workdir + "/end.weights.h5")
"""


def trained(seed=7):
    keras.utils.set_random_seed(seed)
    model = build()
    history = model.fit(*training(), epochs=8, batch_size=32, verbose=0)
    return model, history.history["loss"]


def right(model):
    x, y = holdout()
    return model.predict(x, verbose=0).argmax(1) == y


def test_loss_falls_by_a_fifth_in_four_of_five_seeds():
    x, y = training()
    fell = 0
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        model = build()
        start = model.evaluate(x, y, verbose=0)[0]
        model.fit(x, y, epochs=3, batch_size=32, verbose=0)
        fell += model.evaluate(x, y, verbose=0)[0] <= 0.8 * start
    assert fell >= 4


def test_one_batch_is_learnt():
    keras.utils.set_random_seed(7)
    model = build()
    x, y = (part[:32] for part in training())
    start = model.evaluate(x, y, verbose=0)[0]
    for _ in range(200):
        model.train_on_batch(x, y)
    assert model.evaluate(x, y, verbose=0)[0] <= 0.05 * start


def test_gradients_arrive():
    model = build()
    x, y = (part[:256] for part in training())
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x, y, model(x, training=True))
    for gradient in tape.gradient(loss, model.trainable_weights):
        assert gradient is not None
        assert np.isfinite(gradient).all()
        assert np.any(gradient)


def test_training_repeats():
    (first, losses), (second, again) = trained(), trained()
    assert losses == again
    assert all(map(np.array_equal, first.get_weights(), second.get_weights()))


def test_a_crash_is_survived(tmp_path):
    def run(folder, stop):
        (tmp_path / folder).mkdir(exist_ok=True)
        return subprocess.run([sys.executable, "-c", RUN, str(tmp_path / folder), str(stop)]).returncode

    assert run("crashed", 200) == -signal.SIGKILL
    assert run("crashed", -1) == run("whole", -1) == 0
    ends = []
    for folder in ("crashed", "whole"):
        model = build()
        model.load_weights(tmp_path / folder / "end.weights.h5")
        ends.append(model.get_weights())
    assert all(map(np.array_equal, *ends))


def test_accuracy():
    assert right(trained()[0]).mean() >= 0.9


def test_accuracy_against_a_baseline():
    difference = right(trained()[0]).astype(float) - right(trained(seed=1)[0])
    rng = np.random.default_rng(0)
    means = [rng.choice(difference, len(difference)).mean() for _ in range(2000)]
    assert np.percentile(means, 5) >= -0.03


def test_accuracy_by_digit():
    hits, (_, y) = right(trained()[0]), holdout()
    assert all(hits[y == digit].mean() >= 0.7 for digit in range(10))


def test_saved_and_exported(tmp_path):
    model, x = trained()[0], holdout()[0]
    answers = model.predict(x, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras").predict(x, verbose=0)
    np.testing.assert_allclose(again, answers, atol=1e-5)
    model.export(tmp_path / "saved", verbose=False)
    exported = tf.saved_model.load(tmp_path / "saved")
    np.testing.assert_allclose(exported.serve(x), answers, atol=1e-5)


@pytest.fixture(scope="module")
def model():
    return trained()[0]


def test_outputs_are_probabilities(model):
    @SEARCH
    @given(BATCH)
    def search(x):
        answers = model.predict(x, verbose=0)
        assert np.isfinite(answers).all()
        assert ((answers >= 0) & (answers <= 1)).all()

    search()


def test_rows_stand_alone(model):
    @SEARCH
    @given(BATCH)
    def search(x):
        together, alone = model.predict(x, verbose=0), model.predict(x[:1], verbose=0)
        np.testing.assert_allclose(together[:1], alone, atol=1e-5)

    search()


def test_a_step_stays_finite(model):
    kept = model.get_weights()

    @SEARCH
    @given(BATCH, st.integers(0, 9))
    def search(x, label):
        assert np.isfinite(model.train_on_batch(x, np.full(len(x), label))).all()
        assert all(np.isfinite(weight).all() for weight in model.get_weights())
        model.set_weights(kept)

    search()
