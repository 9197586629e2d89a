"""The classifier: scaled numbers and embedded categories, through two dense layers to one chance."""

import keras
from keras import layers

from flights.schema import CATEGORIES, NUMBERS

EMBEDDING_WIDTH = 4


def build() -> keras.Model:
    """Return the compiled model.

    It takes the inputs that `schema` names, each ``(rows,)``, as they are: scaling and vocabularies
    are part of the model, so serving cannot get them wrong. It returns the chance that the flight
    arrives late, ``(rows, 1)`` in 0..1.
    """
    numbers = {name: keras.Input((), name=name, dtype="float32") for name in NUMBERS}
    categories = {name: keras.Input((), name=name, dtype="string") for name in CATEGORIES}

    columns = [layers.Reshape((1,))(number) for number in numbers.values()]
    scaled = layers.Normalization(
        mean=[number.mean for number in NUMBERS.values()],
        variance=[number.deviation**2 for number in NUMBERS.values()],
    )(layers.Concatenate()(columns))
    embedded = [_embed(name, category) for name, category in categories.items()]

    hidden = layers.Concatenate()([scaled, *embedded])
    hidden = layers.Dense(64, activation="relu")(hidden)
    hidden = layers.Dense(32, activation="relu")(hidden)
    late = layers.Dense(1, activation="sigmoid", name="late")(hidden)

    model = keras.Model(numbers | categories, late, name="flights")
    model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.AUC(name="auc"), "accuracy"])
    return model


def _embed(name: str, category: keras.KerasTensor) -> keras.KerasTensor:
    """Return a learnt vector for each value in the vocabulary, and one for all the others."""
    lookup = layers.StringLookup(vocabulary=CATEGORIES[name])
    embedding = layers.Embedding(lookup.vocabulary_size(), EMBEDDING_WIDTH, name=f"{name}_embedding")
    return embedding(lookup(category))
