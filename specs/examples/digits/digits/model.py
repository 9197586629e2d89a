"""The classifier: a small multilayer perceptron."""

import keras
from keras import layers


def build() -> keras.Model:
    """Return the compiled model: pixels ``(rows, 64)`` in 0..1 to probabilities ``(rows, 10)``."""
    model = keras.Sequential(
        [
            keras.Input((64,)),
            layers.Dense(128, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
