"""Small models and data, healthy and faulty, under the names that users would give them."""

import keras
import numpy as np
import tensorflow as tf


def rows(count=96, seed=0):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(count, 4)).astype("float32")
    return x, (x @ generator.normal(size=(4, 3))).argmax(axis=1)


def flowers():
    return rows()


def sure(truth, score):
    """How sure the model is of what it says, row by row."""
    return score.max(axis=1)


sure.higher_is_better = True
sure.range = (0, 1)


def weighted_flowers():
    x, kind = rows()
    return x, kind, (np.arange(96) % 3).astype("float32")


def shuffled_flowers():
    return tf.data.Dataset.from_tensor_slices(rows()).shuffle(96).batch(32)


def towns():
    """Inputs by name, of which two are single values."""
    x, kind = rows()
    inputs = {"x": x, "town": np.array(["Bath", "York"])[np.arange(96) % 2], "price": x[:, 0]}
    return tf.data.Dataset.from_tensor_slices((inputs, kind)).batch(40)


def houses():
    x, _ = rows()
    return x, (x @ np.array([1, -2, 3, 0], "float32"))[:, None]


def flat_houses():
    x, price = houses()
    return x, price[:, 0]


def both():
    x, kind = rows()
    return {"x": x}, {"kind": kind, "price": x[:, :1]}


def zeros():
    x, _ = rows()
    return np.zeros_like(x), np.arange(96) % 3


def huge():
    x, price = houses()
    return x * 1e20, price


def classifier(*layers, loss="sparse_categorical_crossentropy", optimizer=None, **options):
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile(optimizer or keras.optimizers.Adam(0.02), loss, metrics=["accuracy"], **options)
    return model


def hidden(**options):
    return keras.layers.Dense(16, activation="relu", name="hidden", **options)


def head(**options):
    return keras.layers.Dense(3, activation="softmax", name="head", **options)


def healthy():
    return classifier(hidden(), keras.layers.BatchNormalization(name="norm"), keras.layers.Dropout(0.1), head())


def penalised():
    return classifier(hidden(kernel_regularizer=keras.regularizers.L2(0.01)), head())


def with_top2():
    return classifier(hidden(), head(), weighted_metrics=[keras.metrics.SparseTopKCategoricalAccuracy(2, name="top2")])


@keras.saving.register_keras_serializable("measured")
class Town(keras.Model):
    """Ignores the columns that it is only sliced by."""

    def __init__(self, **options):
        super().__init__(**options)
        self.head = keras.layers.Dense(3, activation="softmax")

    def call(self, inputs):
        return self.head(inputs["x"])


def town():
    model = Town()
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def two_heads():
    inside = keras.Input((4,), name="x")
    body = hidden()(inside)
    outputs = {
        "kind": keras.layers.Dense(3, activation="softmax", name="kind")(body),
        "price": keras.layers.Dense(1, name="price")(body),
    }
    model = keras.Model({"x": inside}, outputs)
    model.compile(keras.optimizers.Adam(0.02), {"kind": "sparse_categorical_crossentropy", "price": "mse"})
    return model


def nan_model():
    return classifier(keras.layers.Lambda(lambda x: tf.math.log(x)), head())


@keras.saving.register_keras_serializable("measured")
class OwnStep(keras.Model):
    """A training step that takes pairs only, and subtracts what it is given as it is."""

    def __init__(self, **options):
        super().__init__(**options)
        self.hidden = keras.layers.Dense(16, activation="relu")
        self.price = keras.layers.Dense(1)

    def call(self, x):
        return self.price(self.hidden(x))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return {"loss": loss}


def own_step():
    model = OwnStep()
    model.compile(keras.optimizers.Adam(0.02), "mse")
    return model


def own_step_without_loss():
    model = OwnStep()
    model.compile(keras.optimizers.Adam(0.02))
    return model


@keras.saving.register_keras_serializable("measured")
class Forgetful(OwnStep):
    """Hands the optimizer only the head's weights."""

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
        weights = self.price.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return {"loss": loss}


def forgetful():
    model = Forgetful()
    model.compile(keras.optimizers.Adam(0.02), "mse")
    return model


@keras.saving.register_keras_serializable("measured")
class ByHand(OwnStep):
    """Moves its weights itself, past the optimizer."""

    @tf.function
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
        for weight, gradient in zip(
            self.trainable_variables, tape.gradient(loss, self.trainable_variables), strict=True
        ):
            weight.assign_sub(0.01 * gradient)
        return {"loss": loss}


def by_hand():
    model = ByHand()
    model.compile(keras.optimizers.Adam(0.02), "mse")
    return model


@keras.saving.register_keras_serializable("measured")
class Rounded(keras.layers.Layer):
    def call(self, x):
        return keras.ops.round(x)


def rounded():
    return classifier(hidden(), Rounded(), head())


def starts_at_zero():
    return classifier(hidden(kernel_initializer="zeros"), head(kernel_initializer="zeros"))


def zero_head():
    """Healthy: the body gets a gradient from the second step on."""
    return classifier(hidden(), head(kernel_initializer="zeros"))


def embedding():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Embedding(50, 4), keras.layers.Flatten(), head()])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def words():
    return np.random.default_rng(0).integers(0, 50, (96, 4)), rows()[1]


def half_precision():
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01), initial_scale=2.0**30)
    layer = keras.layers.Dense(16, activation="relu", dtype="mixed_float16")
    return classifier(layer, head(dtype="float32"), optimizer=optimizer)


def frozen_body():
    layer = hidden()
    layer.trainable = False
    return classifier(layer, head())


@keras.saving.register_keras_serializable("measured")
class Moving(keras.layers.Layer):
    """Says that it is frozen, and counts all the same."""

    def build(self, shape):
        self.count = self.add_weight(shape=(), initializer="zeros", name="count")

    def call(self, x, training=False):
        if training:
            self.count.assign_add(1.0)
        return x


def moving_though_frozen():
    layer = Moving(name="moving")
    layer.trainable = False
    return classifier(layer, head())


def all_frozen():
    layer = head()
    layer.trainable = False
    return classifier(layer)


def constant_head():
    return classifier(hidden(), keras.layers.Lambda(lambda x: 0.0 * x), head(use_bias=False))


def diverging():
    return classifier(keras.layers.Dense(1), loss="mse", optimizer=keras.optimizers.SGD(1e6))


@keras.saving.register_keras_serializable("measured")
class Shifted(keras.layers.Layer):
    """Forgets in its config by how much it shifts."""

    def __init__(self, by=0.0, **options):
        super().__init__(**options)
        self.by = by

    def call(self, x):
        return x + self.by

    def get_config(self):
        return super().get_config()


def shifted():
    return classifier(Shifted(1.5), hidden(), head())


class Stubborn(keras.layers.Layer):
    """Cannot be made again from its config."""

    def __init__(self, by, **options):
        super().__init__(**options)
        self.by = by

    def call(self, x):
        return x * self.by

    def get_config(self):
        return super().get_config()


def stubborn():
    return classifier(Stubborn(2.0), head())


def random_at_inference():
    inside = keras.Input((4,))
    model = keras.Model(inside, head()(keras.layers.Dropout(0.5)(inside, training=True)))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def listed_inputs():
    parts = [keras.Input((1,), name=name) for name in ("weight", "age", "mileage")]
    model = keras.Model(parts, keras.layers.Dense(1)(keras.layers.Concatenate()(parts)))
    model.compile("adam", "mse")
    return model


def cars():
    x, price = houses()
    return {"weight": x[:, :1], "age": x[:, 1:2], "mileage": x[:, 2:3]}, price


def named_inputs():
    parts = {name: keras.Input((1,), name=name) for name in ("weight", "age", "mileage")}
    model = keras.Model(parts, keras.layers.Dense(1)(keras.layers.Concatenate()(list(parts.values()))))
    model.compile("adam", "mse")
    return model


def columns_of_cars():
    parts, price = cars()
    return {name: part[:, 0] for name, part in parts.items()}, price


def export_with_dropout(model, directory):
    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint(
        "serve",
        lambda flowers: model(flowers, training=True),
        input_signature=[tf.TensorSpec((None, 4), tf.float32, name="flowers")],
    )
    archive.write_out(str(directory), verbose=False)


def export_raises(model, directory):
    raise OSError("the disk is full\nsecond line")


def uncompiled():
    return keras.Sequential([keras.Input((4,)), head()])


def late_rows():
    x, _ = rows()
    inputs = {"x": x, "town": np.array(["Bath", "York", "Ely"], object)[np.arange(96) % 3], "price": x[:, 0]}
    return inputs, (x[:, 0] + x[:, 1] > 0.3).astype("float32")[:, None]


def late():
    """A question of yes or no in batches of which the first has no yes."""
    inputs, truth = late_rows()
    order = np.argsort(truth[:, 0], kind="stable")
    inputs = {
        name: np.array([str(v) for v in a[order]]) if a.dtype == object else a[order] for name, a in inputs.items()
    }
    return tf.data.Dataset.from_tensor_slices((inputs, truth[order])).batch(20)


def late_weighted():
    inputs, truth = late_rows()
    return inputs, truth, (np.arange(96) % 4 + 0.5).astype("float32")


def lateness_auc():
    return lateness("auc")


def lateness(area="area"):
    x, town, price = (
        keras.Input((4,), name="x"),
        keras.Input((), name="town", dtype="string"),
        keras.Input((), name="price"),
    )
    late = keras.layers.Dense(1, activation="sigmoid", kernel_regularizer=keras.regularizers.L2(0.01))(x)
    model = keras.Model({"x": x, "town": town, "price": price}, late)
    auc = keras.metrics.AUC(num_thresholds=20, name=area)
    model.compile(
        keras.optimizers.Adam(0.05), "binary_crossentropy", metrics=["accuracy", auc], weighted_metrics=["mae"]
    )
    return model
