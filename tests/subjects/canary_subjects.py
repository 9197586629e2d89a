"""Candidates as they go wrong on their way to a server: models, exports and data."""

import os

import keras
import numpy as np
import tensorflow as tf
from served_subjects import NAMES, build_named, endpoint, export_swapped, named_data  # noqa: F401

ODD_ROW = 617
THE_ROW = np.float32(12345.0)


def build():
    model = keras.Sequential([keras.Input((3,), name="rows"), keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    return model


def data():
    generator = np.random.default_rng(5)
    x = generator.uniform(0, 10, (64, 3)).astype("float32")
    return x, x[:, :2]


def thousand():
    """A thousand rows, one of which no other resembles."""
    generator = np.random.default_rng(5)
    x = generator.uniform(0, 10, (1000, 3)).astype("float32")
    x[ODD_ROW, 0] = THE_ROW
    return x, x[:, :2]


def export_fine(model, folder):
    endpoint(model, folder, lambda rows: model(rows, training=False))


def export_renamed(model, folder):
    archive = keras.export.ExportArchive()
    archive.track(model)
    spec = tf.TensorSpec((None, 3), tf.float32, name="features")
    archive.add_endpoint("serve", lambda features: model(features, training=False), input_signature=[spec])
    archive.write_out(str(folder), verbose=False)


def export_whole_numbers(model, folder):
    endpoint(model, folder, lambda rows: model(tf.cast(rows, tf.float32), training=False), dtype=tf.int32)


def export_crashing(model, folder):
    def serve(rows):
        with tf.control_dependencies([tf.debugging.assert_less(rows, THE_ROW, message="index out of the vocabulary")]):
            return model(tf.identity(rows), training=False)

    endpoint(model, folder, serve)


def export_slow(model, folder):
    def serve(rows):
        square = tf.random.stateless_uniform((128, 128), (1, 2)) + tf.reduce_mean(rows)  # not to be folded
        for _ in range(30):
            square = tf.matmul(square, square) / 100
        return model(rows, training=False) + 0 * tf.reduce_sum(square)

    endpoint(model, folder, serve)


class Hoarding(tf.Module):
    """Keeps 100 kB of every request."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.count = tf.Variable(0, dtype=tf.int64)
        self.kept = tf.lookup.experimental.MutableHashTable(tf.int64, tf.float32, tf.zeros(25_000))

    @tf.function(input_signature=[tf.TensorSpec((None, 3), tf.float32, name="rows")])
    def serve(self, rows):
        at = self.count.assign_add(1)
        self.kept.insert(at[tf.newaxis], tf.zeros((1, 25_000)))
        return {"output_0": self.model(rows, training=False)}


def export_leaking(model, folder):
    hoarding = Hoarding(model)
    tf.saved_model.save(hoarding, str(folder), signatures={"serving_default": hoarding.serve})


def build_with_lambda():
    """A Lambda layer whose function is Python's."""
    doubled = keras.layers.Lambda(
        lambda x: tf.ensure_shape(tf.numpy_function(lambda a: a * 2, [x], tf.float32), (None, 3)), output_shape=(3,)
    )
    model = keras.Sequential([keras.Input((3,), name="rows"), doubled, keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    return model


class Halved(keras.layers.Layer):
    """Calls a custom op, from a library that only this process has loaded."""

    def call(self, x):
        return tf.load_op_library(os.environ["HALVE_OP"]).mltspec_halve(x)


def build_with_custom_op():
    model = keras.Sequential([keras.Input((3,), name="rows"), Halved(), keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    return model


def raw():
    x, _ = data()
    return {name: x[:, at] for at, name in enumerate(NAMES)}


def features(table):
    return np.stack([table[name] for name in NAMES], axis=1).astype("float32")


def features_unscaled(table):
    return features(table) * 10
