"""Models whose learning rates go as they ought to, and some whose do not; and a loop of one's own."""

import keras
import numpy as np
from keras import layers, ops
from keras.optimizers import schedules


def rows(count=200):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(count, 4)).astype("float32")
    return x, x.sum(axis=1, keepdims=True)


def _model(rate, kind=keras.Sequential, optimizer=keras.optimizers.Adam, **more):
    inputs = keras.Input((4,))
    model = kind(inputs, layers.Dense(1)(inputs)) if kind is not keras.Sequential else kind([inputs, layers.Dense(1)])
    model.compile(optimizer(rate), "mse", **more)
    return model


def constant():
    return _model(1e-3)


def cosine():
    return _model(schedules.CosineDecay(0.1, decay_steps=30))


def warming():
    return _model(schedules.CosineDecay(0.0, decay_steps=30, warmup_target=0.1, warmup_steps=20))


def scaled():
    model = _model(schedules.CosineDecay(0.1, decay_steps=30))
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(schedules.CosineDecay(0.1, 30))), "mse")
    return model


def in_epochs():
    """Decays every step where every epoch was meant."""
    return _model(schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=0.1))


def in_rows():
    """Warms up over as many steps as there are rows."""
    return _model(schedules.CosineDecay(1e-6, decay_steps=60_000, warmup_target=0.1, warmup_steps=6_000))


class ByHand(keras.Model):
    """Moves weights by itself, so the optimizer counts nothing."""

    def train_step(self, data):
        import tensorflow as tf

        x, y = data
        with tf.GradientTape() as tape:
            loss = ops.mean(ops.square(y - self(x, training=True)))
        for variable, slope in zip(
            self.trainable_variables, tape.gradient(loss, self.trainable_variables), strict=True
        ):
            variable.assign_sub(self.optimizer.learning_rate * slope)
        return {"loss": loss}


def by_hand():
    return _model(schedules.CosineDecay(0.1, decay_steps=30), ByHand)


def none_left():
    return _model(0.0)


def halved(step, epoch):
    """What a callback makes of the rate: half, every epoch."""
    return 0.1 * 0.5**epoch


def thirds(step):
    return 0.1 if step < 10 else 0.03


def no_rate(step):
    return "fast"


def job(workdir, seed=3):
    model = _model(0.1)
    x, y = rows()
    callback = keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 * 0.5**epoch)
    model.fit(x, y, epochs=3, batch_size=20, verbose=0, callbacks=[callback])
    return model
