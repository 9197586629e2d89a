"""Models, data and trainings to look at when they are finished: healthy ones of many kinds, and faulty ones."""

import keras
import numpy as np
import tensorflow as tf

FIT = {"epochs": 12, "batch_size": 16}
LONG = {"epochs": 30, "batch_size": 16}
STOCHASTIC = {"stochastic_inference": True}


def rows(count, seed):
    """Three kinds by the largest of three sums of five measurements."""
    x = np.random.default_rng(seed).normal(size=(count, 5)).astype("float32")
    return x, (x @ np.random.default_rng(7).normal(size=(5, 3))).argmax(axis=1)


def kinds():
    return rows(320, 0)


def more_kinds():
    return rows(160, 1)


def mixed_kinds():
    x, kind = rows(320, 0)
    return x, np.random.default_rng(3).permutation(kind)


def scaled_kinds():
    x, kind = rows(160, 1)
    return x * 20, kind


def shuffled_kinds():
    return tf.data.Dataset.from_tensor_slices(rows(160, 1)).shuffle(160).batch(32)


def dealt_kinds():
    return tf.data.Dataset.from_tensor_slices(rows(320, 1)).shuffle(320).take(160).batch(32)


def streamed_kinds():
    return tf.data.Dataset.from_tensor_slices(rows(320, 0)).shuffle(320).batch(16)


def kinds_with_gaps():
    x, kind = rows(320, 0)
    x[5, 2] = np.nan
    return x, kind


def half_weighted_kinds():
    x, kind = rows(320, 0)
    weights = (np.arange(320) % 2).astype("float32")
    return x, np.where(weights > 0, kind, 0), weights


def prices(count, seed):
    x = np.random.default_rng(seed).normal(size=(count, 4)).astype("float32")
    return x, (x @ np.array([1, -2, 3, 0.5], "float32") + 40)[:, None]


def houses():
    return prices(320, 0)


def more_houses():
    return prices(160, 1)


def rare():
    """One row in twelve is a yes."""
    x, _ = rows(600, 0)
    return x, (x[:, 0] + x[:, 1] > 2.0).astype("float32")[:, None]


def more_rare():
    x, _ = rows(400, 1)
    return x, (x[:, 0] + x[:, 1] > 2.0).astype("float32")[:, None]


def both_of(x, kind):
    return {"left": x[:, :3], "right": x[:, 3:]}, {"kind": kind, "sum": x.sum(axis=1, keepdims=True)}


def both():
    return both_of(*rows(320, 0))


def more_both():
    return both_of(*rows(160, 1))


def ragged():
    """Is a sentence of one to nine word numbers about the sea (numbers below 20)?"""
    generator = np.random.default_rng(0)
    lengths = generator.integers(1, 10, 320)
    words = tf.RaggedTensor.from_row_lengths(generator.integers(0, 100, lengths.sum()), lengths)
    sea = np.array([int((np.asarray(sentence) < 20).any()) for sentence in words])
    return tf.data.Dataset.from_tensor_slices((words, sea.astype("float32")[:, None])).batch(32)


def itself(x):
    return x, x


def images():
    return itself(np.random.default_rng(0).random((320, 12)).astype("float32") ** 2)


def unlabelled():
    return (rows(320, 0)[0],)


def classifier(*layers, loss="sparse_categorical_crossentropy", optimizer=None, inputs=5):
    model = keras.Sequential([keras.Input((inputs,)), *layers])
    model.compile(optimizer or keras.optimizers.Adam(0.02), loss, metrics=["accuracy"])
    return model


def hidden(units=16, **options):
    return keras.layers.Dense(units, **{"activation": "relu", "name": "hidden", **options})


def head(**options):
    return keras.layers.Dense(3, **{"activation": "softmax", "name": "head", **options})


def healthy():
    return classifier(hidden(), keras.layers.BatchNormalization(), keras.layers.Dropout(0.2, name="drop"), head())


def logits():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return classifier(hidden(), head(activation=None), loss=loss)


def lacks_softmax():
    return classifier(hidden(), head(activation=None), optimizer=keras.optimizers.Adam(0.001))


def regressor(*layers, loss="mse", optimizer=None):
    model = keras.Sequential([keras.Input((4,)), *layers, keras.layers.Dense(1, name="price")])
    model.compile(optimizer or keras.optimizers.Adam(0.1), loss)
    return model


def absolute():
    return regressor(hidden(activation="tanh"), loss="mae")


def slow():
    return regressor(optimizer=keras.optimizers.SGD(1e-6))


def slow_deep():
    return regressor(hidden(), optimizer=keras.optimizers.Adam(1e-5))


def diverging():
    return regressor(optimizer=keras.optimizers.SGD(2.0))


def standing():
    return regressor(hidden(), optimizer=keras.optimizers.SGD(0.0))


def scheduled():
    rate = keras.optimizers.schedules.CosineDecay(0.05, 240)
    return classifier(hidden(), head(), optimizer=keras.optimizers.Adam(rate, use_ema=True))


def quantiles():
    """Three quantiles of a price: three outputs, one label."""

    def pinball(y, answers):
        gap = y - answers
        shares = keras.ops.array([0.1, 0.5, 0.9])
        return keras.ops.mean(keras.ops.maximum(shares * gap, (shares - 1) * gap), axis=-1)

    model = keras.Sequential([keras.Input((4,)), hidden(), keras.layers.Dense(3)])
    model.compile(keras.optimizers.Adam(0.1), pinball)
    return model


def embedding_of_kinds():
    """Rows of a kind are to lie together: outputs are places, and no scores of classes."""

    def pulled(kind, places):
        same = keras.ops.cast(keras.ops.equal(kind, keras.ops.transpose(kind)), "float32")
        gaps = keras.ops.sum((places[:, None] - places[None]) ** 2, axis=-1)
        return keras.ops.mean(same * gaps + (1 - same) * keras.ops.maximum(0.0, 4 - gaps))

    def loss(kind, places):
        return pulled(keras.ops.reshape(kind, (-1, 1)), places)

    model = keras.Sequential([keras.Input((5,)), hidden(), keras.layers.Dense(4)])
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


def yes_or_no():
    model = keras.Sequential([keras.Input((5,)), hidden(), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
    return model


def always_one():
    model = keras.Sequential([keras.Input((5,)), hidden(), keras.layers.Dense(1, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
    return model


def two_heads(weight=1.0, left=True):
    inputs = {"left": keras.Input((3,), name="left"), "right": keras.Input((2,), name="right")}
    joined = keras.layers.Concatenate()(
        [inputs["left"] if left else keras.layers.Rescaling(0.0)(inputs["left"]), inputs["right"]]
    )
    body = hidden()(joined)
    outputs = {"kind": head(name="kind")(body), "sum": keras.layers.Dense(1, name="sum")(body)}
    model = keras.Model(inputs, outputs)
    losses = {"kind": "sparse_categorical_crossentropy", "sum": "mse"}
    model.compile(keras.optimizers.Adam(0.02), losses, loss_weights={"kind": 1.0, "sum": weight})
    return model


def one_silent_head():
    return two_heads(weight=0.0)


def left_is_lost():
    return two_heads(left=False)


def of_words():
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int64", ragged=True),
            keras.layers.Embedding(100, 8),
            keras.layers.Lambda(lambda words: tf.reduce_max(words, axis=1)),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
    return model


def squeezed():
    """An autoencoder through two numbers."""
    model = keras.Sequential(
        [
            keras.Input((12,)),
            keras.layers.Dense(2),
            keras.layers.Dense(12, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.02), "mse")
    return model


def vanishing():
    layers = [keras.layers.Dense(8, activation="sigmoid") for _ in range(12)]
    return classifier(*layers, head())


def dead():
    return classifier(hidden(kernel_initializer="zeros", bias_initializer="zeros"), head())


def overpenalised():
    penalty = keras.regularizers.L2(5.0)
    return classifier(hidden(kernel_regularizer=penalty), head(kernel_regularizer=penalty))


@keras.saving.register_keras_serializable("trained")
class AlwaysDrops(keras.layers.Layer):
    """Dropout whose mode is fixed inside."""

    def __init__(self, mode=True, **options):
        super().__init__(**options)
        self.mode = mode
        self.drop = keras.layers.Dropout(0.5)

    def call(self, x):
        return self.drop(x, training=self.mode)


def random_in_inference():
    return classifier(hidden(), AlwaysDrops(), head())


@keras.saving.register_keras_serializable("trained")
class NeverDrops(keras.Model):
    """Dropout that is told of no training."""

    def __init__(self, **options):
        super().__init__(**options)
        self.first, self.drop, self.last = hidden(), keras.layers.Dropout(0.5), head()

    def call(self, x):
        return self.last(self.drop(self.first(x), training=False))


def idle_dropout():
    model = NeverDrops()
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    return model


def lagging():
    """Batch statistics that hardly move, on values far from zero."""
    norm = keras.layers.BatchNormalization(momentum=0.9999, name="norm")
    return classifier(keras.layers.Rescaling(1.0, 50.0), norm, hidden(), head())


@keras.saving.register_keras_serializable("trained")
class Spread(keras.Model):
    """Learns without labels and without a compiled loss, in a step of its own, with two optimizers."""

    def __init__(self, **options):
        super().__init__(**options)
        self.first, self.last = hidden(), keras.layers.Dense(5)
        self.second = keras.optimizers.SGD(0.01)

    def call(self, x):
        return self.last(self.first(x))

    def train_step(self, data):
        x = data[0] if isinstance(data, tuple) else data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((self(x, training=True) - x) ** 2)
        upper, lower = tape.gradient(loss, [self.last.trainable_variables, self.first.trainable_variables])
        self.optimizer.apply(upper, self.last.trainable_variables)
        self.second.apply(lower, self.first.trainable_variables)
        return {"loss": loss}


def without_labels():
    model = Spread()
    model.compile(keras.optimizers.Adam(0.02))
    return model


def convolved():
    """Positions at the edge drop out of a strided convolution, and may."""
    model = keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Reshape((5, 1)),
            keras.layers.Conv1D(8, 2, strides=2, activation="relu"),
            keras.layers.Flatten(),
            head(),
        ]
    )
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def cut_column():
    def all_but_last(x):
        return x[:, :-1]

    return classifier(keras.layers.Lambda(all_but_last), hidden(), head())
