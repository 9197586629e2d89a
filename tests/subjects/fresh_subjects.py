"""Untrained models and their data, healthy and faulty, under the names that users would give them."""

import keras
import numpy as np
import tensorflow as tf

L2 = keras.regularizers.L2


def rows(count=200, columns=6, classes=3):
    generator = np.random.default_rng(1)
    x = generator.normal(size=(count, columns)).astype("float32")
    return x, (x @ generator.normal(size=(columns, classes))).argmax(axis=1)


def flowers():
    return rows()


def one_hot_flowers():
    x, kind = rows()
    return x, np.eye(3, dtype="float32")[kind]


def counted_from_one():
    x, kind = rows()
    return x, kind + 1


def tags():
    x, _ = rows()
    return x, (x[:, :3] > 0).astype("float32")


def blooming():
    x, kind = rows()
    return x, (kind > 0).astype("float32")


def prices():
    x, _ = rows()
    return x, (x @ np.array([1, -2, 3, 0, 1, 1], "float32")).astype("float32")


def columns_of_prices():
    x, price = prices()
    return x, price[:, None]


def weighed_prices():
    return *prices(), np.random.default_rng(0).random(200).astype("float32")


def mostly_unweighed():
    x, price = prices()
    return x, price[:, None], (np.arange(200) % 40 == 0).astype("float32")


def half_unweighed():
    x, price = prices()
    return x, price, (np.arange(200) % 2).astype("float32")


def unlabelled():
    return (rows()[0],)


def torn():
    x, kind = rows()
    x[7, 2] = np.nan
    return x, kind


def dense(units, activation=None, **options):
    return keras.layers.Dense(units, activation, **options)


def compiled(*layers, loss="sparse_categorical_crossentropy", optimizer="adam", **options):
    model = keras.Sequential([keras.Input((6,)), *layers])
    model.compile(optimizer, loss, **options)
    return model


def healthy():
    return compiled(dense(16, "relu"), keras.layers.Dropout(0.2), dense(3, "softmax"))


def scores_with_logits_loss():
    return compiled(dense(16, "relu"), dense(3), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))


def softmax_with_logits_loss():
    """Healthy: Keras takes the scores behind the softmax."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return compiled(dense(16, "relu"), dense(3, "softmax"), loss=loss)


def raw_scores():
    return compiled(dense(16, "relu"), dense(3))


def hidden_softmax():
    """A layer after the softmax hides its scores from the loss."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return compiled(dense(16, "relu"), dense(3, "softmax"), keras.layers.Reshape((3,)), loss=loss)


def two_softmaxes():
    return compiled(dense(16, "relu"), dense(3, "softmax"), keras.layers.Softmax())


def softmax_of_one():
    return compiled(dense(16, "relu"), dense(1, "softmax"), loss="binary_crossentropy")


def softmax_for_tags():
    return compiled(dense(16, "relu"), dense(3, "softmax"), loss="categorical_crossentropy")


def sigmoid_for_tags():
    return compiled(dense(16, "relu"), dense(3, "sigmoid"), loss="binary_crossentropy")


def sigmoid_for_prices():
    return compiled(dense(16, "relu"), dense(1, "sigmoid"), loss="mse")


def price():
    return compiled(dense(16, "relu"), dense(1), loss="mse")


def swamped():
    wild = keras.initializers.RandomNormal(stddev=5.0)
    return compiled(dense(64, "relu", kernel_initializer=wild), dense(3, "softmax", kernel_initializer=wild))


def summed(rate):
    loss = keras.losses.SparseCategoricalCrossentropy(reduction="sum")
    return compiled(dense(16, "relu"), dense(3, "softmax"), loss=loss, optimizer=keras.optimizers.SGD(rate))


def summed_too_fast():
    return summed(0.5)


def summed_slowly():
    return summed(0.002)


def penalised():
    return compiled(dense(16, "relu", kernel_regularizer=L2(0.001)), dense(3, "softmax"))


def crushed():
    return compiled(dense(16, "relu", kernel_regularizer=L2(5.0)), dense(3, "softmax", kernel_regularizer=L2(5.0)))


def worn_away():
    return compiled(dense(16, "relu"), dense(3, "softmax"), optimizer=keras.optimizers.AdamW(weight_decay=20.0))


def yields(reduction):
    return compiled(
        dense(16, "relu", kernel_regularizer=L2(0.05)),
        dense(1, kernel_regularizer=L2(0.05)),
        loss=keras.losses.MeanSquaredError(reduction=reduction),
    )


def diluted():
    return yields("sum_over_batch_size")


def undiluted():
    return yields("mean_with_sample_weight")


def ignoring_a_class():
    loss = keras.losses.SparseCategoricalCrossentropy(ignore_class=3)
    return compiled(dense(16, "relu"), dense(3, "softmax"), loss=loss)


@keras.saving.register_keras_serializable("fresh")
class Own(keras.Model):
    """A training step of its own, told how to find the loss."""

    def __init__(self, find, units=1, activation=None, penalty=None, **options):
        super().__init__(**options)
        self.find = find
        self.hidden = dense(16, "relu", kernel_regularizer=penalty)
        self.head = dense(units, activation)

    def call(self, x):
        return self.head(self.hidden(x))

    def train_step(self, data):
        x, y, weight = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            loss = self.find(self, x, y, weight)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return {"loss": loss}


def own(find, **options):
    model = Own(find, **options)
    model.compile("adam")
    return model


def squared(model, x, y, weight):
    return tf.reduce_mean(tf.square(y - model(x, training=True)))


def squared_in_a_column(model, x, y, weight):
    return tf.reduce_mean(tf.square(y[:, None] - model(x, training=True)))


def squeezed(model, x, y, weight):
    return tf.reduce_mean(tf.square(y - tf.squeeze(model(x, training=True))))


def weighed(model, x, y, weight):
    return tf.reduce_sum(weight * tf.square(y - model(x, training=True)[:, 0])) / tf.reduce_sum(weight)


def weighed_in_pairs(model, x, y, weight):
    return tf.reduce_mean(weight * tf.square(y[:, None] - model(x, training=True)))


def classified(model, x, y, weight):
    return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x, training=True)))


def classified_twice(model, x, y, weight):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, model(x, training=True)))


def with_penalties(model, x, y, weight):
    return classified(model, x, y, weight) + tf.add_n(model.losses)


def own_broadcast():
    return own(squared)


def own_squeezed():
    return own(squeezed)


def own_paired():
    return own(squared_in_a_column)


def own_weighed():
    return own(weighed)


def own_weighed_in_pairs():
    return own(weighed_in_pairs)


def own_unweighed():
    return own(squared_in_a_column)


def own_scores():
    return own(classified, units=3)


def own_doubled():
    return own(classified_twice, units=3, activation="softmax")


def own_classes():
    return own(classified, units=3, activation="softmax")


def own_penalised():
    return own(with_penalties, units=3, activation="softmax", penalty=L2(0.01))


def own_unpenalised():
    return own(classified, units=3, activation="softmax", penalty=L2(0.01))


@keras.saving.register_keras_serializable("fresh")
class Coded(keras.Model):
    """A noisy code whose price is a loss that the model adds."""

    def __init__(self, counted, **options):
        super().__init__(**options)
        self.counted = counted
        self.mean, self.spread, self.drawn = dense(2), dense(2), dense(6)
        self.noise = keras.random.SeedGenerator(1)

    def call(self, x, training=False):
        mean, spread = self.mean(x), self.spread(x)
        self.add_loss(keras.ops.mean(keras.ops.exp(spread) + mean**2 - 1 - spread))
        noise = keras.random.normal(keras.ops.shape(mean), seed=self.noise)
        return self.drawn(mean + keras.ops.exp(spread / 2) * noise)

    def train_step(self, data):
        x, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(x - self(x, training=True)))
            if self.counted:
                loss += tf.add_n(self.losses)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return {"loss": loss}


def coded():
    model = Coded(counted=True)
    model.compile("adam")
    return model


def coded_for_nothing():
    model = Coded(counted=False)
    model.compile("adam")
    return model


def named_body():
    return compiled(dense(16, "relu", name="body"), dense(3, "softmax"))


def frozen_body():
    return compiled(dense(16, "relu", name="body", trainable=False), dense(3, "softmax"))


def zero_kernels():
    return compiled(dense(16, "relu", kernel_initializer="zeros"), dense(3, "softmax", kernel_initializer="zeros"))


def equal_kernels():
    return compiled(dense(16, "relu", kernel_initializer="ones"), dense(3, "softmax", kernel_initializer="ones"))


def deep_sigmoids():
    return compiled(*[dense(12, "sigmoid") for _ in range(14)], dense(3, "softmax"))


def deep_selus():
    hidden = [dense(16, "selu", kernel_initializer="lecun_normal") for _ in range(10)]
    return compiled(*hidden, dense(3, "softmax"))


def stateful():
    model = keras.Sequential([keras.Input(batch_shape=(10, 5, 2)), keras.layers.LSTM(4, stateful=True), dense(1)])
    model.compile("adam", "mse")
    return model


def walks():
    steps = np.random.default_rng(0).normal(size=(60, 5, 2)).astype("float32")
    return tf.data.Dataset.from_tensor_slices((steps, steps[:, :, 0].sum(axis=1, keepdims=True))).batch(10)


FIT = {"batch_size": 100}
BY_CLASS = {"batch_size": 100, "class_weight": {0: 1.0, 1: 5.0, 2: 2.0}}
BODY_FROZEN = {"frozen": ["body"]}
SUMMED = {"summed_loss": True}
