"""Data sets, healthy and faulty, under the names that users would give them."""

import random
from functools import partial

import keras
import numpy as np
import tensorflow as tf

GENERATOR = np.random.default_rng(3)


def rows(count=200, seed=0, columns=4):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(count, columns)).astype("float32")
    return x, (x[:, 0] > 0).astype("int64")


def build():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@keras.saving.register_keras_serializable("fed")
class FillGaps(keras.layers.Layer):
    def call(self, x):
        return tf.where(tf.math.is_nan(x), tf.zeros_like(x), x)


def build_filling():
    model = keras.Sequential([keras.Input((4,)), FillGaps(), keras.layers.Dense(2, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def plain():
    return rows()


def other():
    return rows(80, seed=1)


def sliced(x, y):
    return tf.data.Dataset.from_tensor_slices((x, y))


# ------------------------------------------------------------------ cells


def with_gaps():
    x, y = rows()
    x[[7, 61, 118], 1] = np.nan
    return x, y


def with_label_gaps():
    x, _ = rows()
    y = x[:, :1].copy()
    y[9] = np.nan
    return x, y


def build_number():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def all_alike():
    x, y = rows()
    return np.ones_like(x), y


def label_inside():
    x, y = rows()
    x[:, 2] = y
    return x, y


# ------------------------------------------------------------------ augmentation


def noisy_np(x, y):
    return x + np.random.normal(0, 0.3, 4).astype("float32"), y


def noisy_python(x, y):
    return x * random.uniform(0.5, 1.5), y


def noisy_generator(x, y):
    return x + GENERATOR.normal(0, 0.3, 4).astype("float32"), y


def noisy_both(x, y):
    return x + tf.random.normal([4]) + np.random.normal(0, 0.3, 4).astype("float32"), y


def noisy_constant_seed(x, y):
    return x + tf.random.stateless_normal([4], seed=(1, 2)), y


def noisy_tf(x, y):
    return x + tf.random.normal([4]), y


def noisy_seed_drawn(x, y):
    return x + tf.random.normal([4], seed=np.random.randint(1000)), y


def noisy_numpy_function(x, y):
    noise = tf.numpy_function(lambda: np.random.normal(0, 0.3, 4).astype("float32"), [], tf.float32)
    return x + tf.ensure_shape(noise, [4]), y


def noisy_row_seed(number, row):
    x, y = row
    return x + tf.random.stateless_normal([4], seed=tf.stack([number, 7])), y


def jittered(amount, x, y):
    return x + np.random.normal(0, amount, 4).astype("float32"), y


def chooses_fixed_columns(x, y):
    np.random.random()
    return x, y


def augmented(function):
    return sliced(*rows()).map(function).batch(20)


def frozen_np():
    return augmented(noisy_np)


def frozen_python():
    return augmented(noisy_python)


def frozen_generator():
    return augmented(noisy_generator)


def frozen_both():
    return augmented(noisy_both)


def frozen_seed():
    return augmented(noisy_constant_seed)


def frozen_lambda():
    return augmented(lambda x, y: noisy_np(x, y))


def frozen_partial():
    return augmented(partial(jittered, 0.2))


def frozen_parallel():
    x, y = rows()
    return sliced(x, y).shuffle(200).map(noisy_np, num_parallel_calls=2).batch(20).prefetch(1)


def fresh_tf():
    return augmented(noisy_tf)


def fresh_seed_drawn():
    return augmented(noisy_seed_drawn)


def fresh_numpy_function():
    return augmented(noisy_numpy_function)


def fresh_row_seed():
    return sliced(*rows()).enumerate().map(noisy_row_seed).batch(20)


def fresh_keras():
    layer = keras.layers.GaussianNoise(0.3)
    return augmented(lambda x, y: (layer(x, training=True), y))


def drawn_for_nothing():
    return augmented(chooses_fixed_columns)


def cached_after():
    return sliced(*rows()).map(noisy_tf).cache().shuffle(200).batch(20)


def cached_before():
    return sliced(*rows()).cache().map(noisy_tf).batch(20)


# ------------------------------------------------------------------ order and split


def dealt():
    return sliced(*rows(100)).shuffle(100, seed=4)


def dealt_training():
    return dealt().take(80).batch(16)


def dealt_holdout():
    return dealt().skip(80).batch(16)


def dealt_once():
    return sliced(*rows(100)).shuffle(100, seed=4, reshuffle_each_iteration=False)


def dealt_once_training():
    return dealt_once().take(80).batch(16)


def dealt_once_holdout():
    return dealt_once().skip(80).batch(16)


def shuffled_holdout():
    return sliced(*other()).shuffle(80).batch(16)


def sorted_by_class():
    x, y = rows()
    order = np.argsort(y, kind="stable")
    return sliced(x[order], y[order]).batch(20)


def sorted_then_shuffled():
    x, y = rows()
    order = np.argsort(y, kind="stable")
    return sliced(x[order], y[order]).shuffle(200).batch(20)


class Sequence(keras.utils.PyDataset):
    def __len__(self):
        return 4

    def __getitem__(self, at):
        x, y = rows()
        return x[at * 20 : at * 20 + 20], y[at * 20 : at * 20 + 20]


def as_sequence():
    return Sequence()


# ------------------------------------------------------------------ scale


def scaled():
    x, y = other()
    return np.abs(x) * 80, y


def unscaled_training():
    x, y = plain()
    return np.abs(x) * 80 / 255, y


def own_standard(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def own_training():
    x, y = plain()
    return own_standard(x.astype("float64")), y


def own_holdout():
    x, y = other()
    return own_standard(x.astype("float64")), y


def numbered_from_one():
    x, y = other()
    return x, y + 2


def mostly_unlabelled():
    x, _ = rows()
    known = (np.arange(200) % 20 == 0).astype("float32")
    return x, 2 * x[:, :1] * known[:, None], known


def labelled():
    x, _ = other()
    return x, 2 * x[:, :1]


SPLIT = {"validation_split": 0.2}


def sorted_arrays():
    x, y = rows()
    order = np.argsort(y + 2 * (np.arange(200) < 50), kind="stable")
    return x[order], (y + 2 * (np.arange(200) < 50))[order]
