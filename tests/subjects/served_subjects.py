"""Raw rows, features of training and of serving, models and exports, under the names that users would give them."""

import keras
import numpy as np
import tensorflow as tf

NAMES = ("weight", "age", "mileage")


def raw():
    generator = np.random.default_rng(2)
    table = {name: generator.uniform(0, 10, 40) for name in NAMES}
    table["town"] = np.array(["Bath", "York "])[np.arange(40) % 2]
    table["rooms"] = np.arange(40) % 5
    return table


def raw_list():
    table = raw()
    return [{name: table[name][at] for name in table} for at in range(40)]


def matrix(table):
    if isinstance(table, list):
        return np.array([[row[name] for name in NAMES] for row in table], "float32")
    return np.stack([np.asarray(table[name], "float32") for name in NAMES], axis=1)


def doubled(table):
    return matrix(table).astype("float64").astype("float32")


def divided(table):
    return matrix(table) / 255


def shifted(table):
    return matrix(table) / 5 - 1


def reversed_columns(table):
    return matrix(table)[:, ::-1]


def other_columns(table):
    return matrix(table)[:, [1, 0, 2]]


def logged(table):
    return np.log1p(matrix(table))


def rounded(table):
    return np.floor(matrix(table))


def standard(table):
    return (matrix(table) - 5) / 2.9


def standard_by_column(table):
    return (matrix(table) - [5.1, 4.9, 5.3]) / [2.8, 2.9, 3.1]


def standard_by_request(table):
    found = matrix(table)
    return (found - found.mean(axis=0)) / (found.std(axis=0) + 1e-9)


def with_gaps(table):
    found = matrix(table)
    found[found < 1] = np.nan
    return found


def filled_with_mean(table):
    found = with_gaps(table)
    return np.where(np.isnan(found), np.float32(5.2), found)


def filled_with_zero(table):
    return np.nan_to_num(with_gaps(table))


def two_columns(table):
    return matrix(table)[:, :2]


def raises(table):
    raise KeyError("colour")


def noisy(table):
    return matrix(table) * np.random.default_rng(0).uniform(0.5, 2, (len(matrix(table)), 3)).astype("float32")


def by_name(table):
    return {name: np.asarray(table[name], "float32")[:, None] for name in NAMES}


def by_name_and_more(table):
    return {**by_name(table), "town": np.asarray(table["town"])}


def by_name_swapped(table):
    found = by_name(table)
    return {**found, "age": found["mileage"], "mileage": found["age"]}


def by_name_less(table):
    return {name: part for name, part in by_name(table).items() if name != "age"}


def listed(table):
    return [by_name(table)[name] for name in NAMES]


def town(table):
    return np.asarray(table["town"])


def town_lower(table):
    return np.char.lower(np.char.strip(table["town"]))


# ------------------------------------------------------------------ models


def build():
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2, activation="softmax")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def train_data():
    return matrix(raw()) + 1, np.arange(40) % 2


def build_named():
    inputs = [keras.Input((1,), name=name) for name in NAMES]
    hidden = keras.layers.Dense(8, activation="relu")(keras.layers.Concatenate()(inputs))
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.compile("sgd", "mse")
    return model


def named_data():
    return by_name(raw()), matrix(raw())[:, :1]


def build_alphabetical():
    inputs = [keras.Input((1,), name=name) for name in sorted(NAMES)]
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Concatenate()(inputs)))
    model.compile("sgd", "mse")
    return model


def listed_alphabetical(table):
    return [by_name(table)[name] for name in sorted(NAMES)]


def build_text():
    look_up = keras.layers.StringLookup(vocabulary=["Bath", "York"], output_mode="one_hot")
    inputs = keras.Input((), dtype="string")
    model = keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(look_up(inputs)))
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def text_data():
    return raw()["town"].astype(object), np.arange(40) % 2


@keras.saving.register_keras_serializable("served")
class LogScale(keras.layers.Layer):
    def call(self, x):
        return keras.ops.log(x)


def build_log():
    model = keras.Sequential([keras.Input((1,)), LogScale(name="log_scale"), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def build_log_operation():
    inputs = keras.Input((1,))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.ops.log(inputs)))
    model.compile("sgd", "mse")
    return model


def rooms(table):
    return np.asarray(table["rooms"], "float32")[:, None]


def more_rooms():
    return rooms(raw()) + 1, rooms(raw())


def build_dropout():
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def build_norm():
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(8), keras.layers.BatchNormalization(), keras.layers.Dense(2)]
    )
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def build_half():
    policy = keras.mixed_precision.DTypePolicy("mixed_float16")
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(64, dtype=policy), keras.layers.Dense(2, dtype="float32")]
    )
    model.compile("sgd", "mse")
    return model


def build_two_heads():
    inputs = keras.Input((3,))
    body = keras.layers.Dense(8, activation="relu")(inputs)
    model = keras.Model(inputs, [keras.layers.Dense(2, name="b")(body), keras.layers.Dense(2, name="a")(body)])
    model.compile("sgd", ["mse", "mse"])
    return model


@keras.saving.register_keras_serializable("served")
class Scatter(keras.Model):
    """Subclassed, and random also when it serves."""

    def __init__(self, scale=0.3, **options):
        super().__init__(**options)
        self.scale = scale
        self.head = keras.layers.Dense(2)

    def call(self, x):
        return self.head(x) + self.scale * tf.random.normal((tf.shape(x)[0], 2))


def build_random():
    model = Scatter()
    model.compile("sgd", "mse")
    return model


# ------------------------------------------------------------------ exports


def endpoint(model, directory, function, shape=(None, 3), dtype=tf.float32):
    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serve", function, input_signature=[tf.TensorSpec(shape, dtype, name="rows")])
    archive.write_out(str(directory), verbose=False)


def export_fine(model, directory):
    endpoint(model, directory, lambda rows: model(rows, training=False))


def export_in_training(model, directory):
    endpoint(model, directory, lambda rows: model(rows, training=True))


def export_one_size(model, directory):
    endpoint(model, directory, lambda rows: model(rows, training=False), shape=(40, 3))


def export_logits(model, directory):
    cut = keras.Sequential([keras.Input((3,)), *model.layers[:-1], keras.layers.Dense(2, name="cut")])
    cut.layers[-1].set_weights(model.layers[-1].get_weights())
    endpoint(cut, directory, lambda rows: cut(rows, training=False))


def export_softmax_twice(model, directory):
    endpoint(model, directory, lambda rows: tf.nn.softmax(model(rows, training=False)))


def export_anew(model, directory):
    fresh = keras.models.clone_model(model)
    endpoint(fresh, directory, lambda rows: fresh(rows, training=False))


def export_whole_numbers(model, directory):
    endpoint(model, directory, lambda rows: model(tf.cast(rows, tf.float32), training=False), dtype=tf.int32)


def export_by_batch(model, directory):
    endpoint(model, directory, lambda rows: model(rows / tf.reduce_max(rows) * 10, training=False))


def export_nothing(model, directory):
    raise OSError("the disk is full")


def export_random_scaled(model, directory):
    endpoint(model, directory, lambda rows: 3 + model(rows, training=False))


def export_swapped(model, directory):
    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint(
        "serve",
        lambda weight, age, mileage: model([age, weight, mileage], training=False),
        input_signature=[tf.TensorSpec((None, 1), tf.float32, name=name) for name in NAMES],
    )
    archive.write_out(str(directory), verbose=False)


def export_with_classes(model, directory):
    def serve(rows):
        scores = model(rows, training=False)
        return {"class": tf.argmax(scores, axis=-1), "scores": scores}

    endpoint(model, directory, serve)


def export_classes(model, directory):
    endpoint(model, directory, lambda rows: tf.argmax(model(rows, training=False), axis=-1))


def export_from_raw(model, directory):
    """Computes the features itself, from raw columns by name."""
    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint(
        "serve",
        lambda weight, age, mileage: model(tf.concat([weight, age, mileage], axis=1) / 255, training=False),
        input_signature=[tf.TensorSpec((None, 1), tf.float32, name=name) for name in NAMES],
    )
    archive.write_out(str(directory), verbose=False)
