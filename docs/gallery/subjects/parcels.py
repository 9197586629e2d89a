"""One sound model, and the same with one fault each."""

import random
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from rows import DEPOTS, training


def _model(numbers: Callable[[Any], Any] = lambda x: x, hidden: Callable[[Any], Any] = lambda x: x) -> keras.Model:
    inputs = {name: keras.Input((), name=name) for name in ("weight", "distance")}
    inputs["depot"] = keras.Input((), name="depot", dtype="string")
    scaled = numbers(layers.Concatenate()([layers.Reshape((1,))(inputs[name]) for name in ("weight", "distance")]))
    known = layers.StringLookup(vocabulary=list(DEPOTS), output_mode="one_hot")(layers.Reshape((1,))(inputs["depot"]))
    x = layers.Dense(16, "relu", name="first")(layers.Concatenate()([scaled, known]))
    x = layers.Dense(16, "relu", name="second")(hidden(x))
    model = keras.Model(inputs, layers.Dense(1, "sigmoid", name="late")(x))
    model.compile(
        keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy", keras.metrics.AUC(name="auc")]
    )
    return model


def build() -> keras.Model:
    """Return the sound model."""
    return _model()


def build_batch_scaled() -> keras.Model:
    """Scale by the mean of the batch at hand, also when predicting: one row's answer depends on its neighbours."""
    return _model(numbers=BatchScaled())


def build_cut() -> keras.Model:
    """Cut the gradient below the second layer: the first one never learns."""
    return _model(hidden=Cut())


def build_logged() -> keras.Model:
    """Take the logarithm of a weight that may be zero."""
    return _model(numbers=Logged())


def shuffled() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return the training rows in an order that no seed determines."""
    inputs, labels = training()
    order = random.SystemRandom().sample(range(len(labels)), len(labels))
    return {name: column[order] for name, column in inputs.items()}, labels[order]


@keras.saving.register_keras_serializable("gallery")
class BatchScaled(layers.Layer):
    """Subtracts the batch's own mean."""

    def call(self, x: Any) -> Any:
        """Scale."""
        return x - ops.mean(x, axis=0, keepdims=True)


@keras.saving.register_keras_serializable("gallery")
class Cut(layers.Layer):
    """Lets answers through, and no gradient."""

    def call(self, x: Any) -> Any:
        """Cut."""
        return ops.stop_gradient(x)


@keras.saving.register_keras_serializable("gallery")
class Logged(layers.Layer):
    """Takes logarithms."""

    def call(self, x: Any) -> Any:
        """Take them."""
        return ops.log(x)
