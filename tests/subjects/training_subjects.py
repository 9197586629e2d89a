"""Small subjects of every form, as users would hand them over, to be trained in tests."""

import json
import pathlib

import keras
import numpy as np
import tensorflow as tf


def rows(count=200):
    drawn = np.random.default_rng(0)
    x = drawn.normal(size=(count, 6)).astype("float32")
    return x, (x.sum(1) > 0).astype("float32")[:, None]


def plain():
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
    model.compile("adam", "mse", metrics=["mae"])
    return model


def noisy():
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(16),
            layers.BatchNormalization(),
            layers.Dropout(0.3),
            layers.GaussianNoise(0.1),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy", keras.metrics.AUC()])
    return model


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(8, activation="relu")
        self.drop = keras.layers.Dropout(0.5)
        self.out = keras.layers.Dense(1)
        self.tracker = keras.metrics.Mean(name="loss")

    def call(self, x, training=None):
        return self.out(self.drop(self.hidden(x), training=training))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((self(x, training=True) - y) ** 2)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        self.tracker.update_state(loss)
        return {"loss": self.tracker.result()}

    def test_step(self, data):
        x, y = data
        self.tracker.update_state(tf.reduce_mean((self(x) - y) ** 2))
        return {"loss": self.tracker.result()}

    @property
    def metrics(self):
        return [self.tracker]


def own():
    model = Own()
    model.compile("adam")
    return model


def two_heads():
    a = keras.Input((6,), name="a")
    hidden = keras.layers.Dropout(0.2)(keras.layers.Dense(5)(a))
    heads = {name: keras.layers.Dense(1, name=name)(hidden) for name in "pq"}
    model = keras.Model({"a": a}, heads)
    model.compile("sgd", {"p": "mse", "q": "mae"}, metrics={"p": ["mae"]})
    return model


def diverging():
    model = plain()
    model.compile(keras.optimizers.SGD(1e12), "mse")
    return model


def sparse():
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def uncompiled():
    return keras.Sequential([keras.Input((6,)), keras.layers.Dense(1)])


def forgetful():
    plain()


def broken():
    raise RuntimeError("no such bucket")


def stream():
    return tf.data.Dataset.from_tensor_slices(rows()).shuffle(200).batch(16)


def endless():
    return stream().repeat()


def unbatched():
    return tf.data.Dataset.from_tensor_slices(rows())


class Pages(keras.utils.PyDataset):
    def __len__(self):
        return 10

    def __getitem__(self, at):
        x, y = rows()
        return x[at * 20 : at * 20 + 20], y[at * 20 : at * 20 + 20]


def pages():
    return Pages()


def named():
    x, y = rows()
    return {"a": x}, {"p": y, "q": -y}, np.linspace(0, 1, len(x))


def thirteen():
    return rows()[0], np.arange(200) % 13


def uneven():
    x, y = rows()
    return x, y[:-1]


def nothing():
    x, y = rows()
    return x[:0], y[:0]


def wide():
    x, y = rows()
    return np.concatenate([x, x], axis=1), y


def words():
    return np.full((8, 6), "a"), np.zeros((8, 1))


def holes():
    x, y = rows()
    x[15, 1] = np.nan
    return x, y


def frame():
    import pandas as pd

    x, y = rows()
    return pd.DataFrame(x, columns=list("abcdef")).assign(late=y)


def job(workdir, seed=3):
    keras.utils.set_random_seed(seed)
    model = plain()
    backup = keras.callbacks.BackupAndRestore(pathlib.Path(workdir) / "backup")
    model.fit(*rows(), batch_size=20, epochs=4, verbose=0, callbacks=[backup])
    return model


def job_by_batches(workdir):
    model = noisy()
    x, y = rows()
    for _ in range(3):
        for start in range(0, 200, 20):
            model.train_on_batch(x[start : start + 20], y[start : start + 20])
    return model


def job_validated(workdir):
    model = noisy()
    model.fit(*rows(), 8, 4, 0, [keras.callbacks.ReduceLROnPlateau()], validation_split=0.2)


def job_without_optimizer_state(workdir):
    file = pathlib.Path(workdir) / "epoch.weights.h5"
    note = pathlib.Path(workdir) / "epoch.json"
    model = plain()
    start = json.loads(note.read_text()) if note.exists() else 0
    if start:
        model.load_weights(file)
    for epoch in range(start, 4):
        model.fit(*rows(), batch_size=20, shuffle=False, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        model.save_weights(file)
        saved = keras.models.clone_model(model)
        saved.set_weights(model.get_weights())
        saved.save_weights(file)
        note.write_text(str(epoch + 1))
    return model


def _job_by_epochs(workdir, save):
    file = pathlib.Path(workdir) / "latest.keras"
    model = keras.models.load_model(file) if file.exists() else plain()
    for epoch in range(int(model.optimizer.iterations.numpy()) // 10, 4):
        model.fit(*rows(), batch_size=20, shuffle=False, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        save(model, file)
    return model


def job_overwriting(workdir):
    return _job_by_epochs(workdir, lambda model, file: model.save(file))


def job_replacing(workdir):
    def save(model, file):
        part = file.with_name("part.keras")
        model.save(part)
        part.replace(file)

    return _job_by_epochs(workdir, save)


def job_that_saves_nothing(workdir):
    return _job_by_epochs(workdir, lambda model, file: None)


def job_that_cannot_resume(workdir):
    marker = pathlib.Path(workdir) / "started"
    marker.mkdir()
    model = plain()
    model.fit(*rows(), batch_size=20, epochs=4, verbose=0)
    return model


def job_backed_up_by_steps(workdir):
    model = plain()
    backup = keras.callbacks.BackupAndRestore(pathlib.Path(workdir) / "backup", save_freq=7)
    model.fit(*rows(), batch_size=20, epochs=4, shuffle=False, verbose=0, callbacks=[backup])
    return model


def job_that_does_nothing(workdir):
    pass
