"""What a loss compares, and how it takes the outputs: as probabilities or as scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import keras
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

Array = NDArray[Any]
Wants = Literal["classes", "one-hot", "yes or no", "numbers", ""]
Reading = Literal["probabilities", "scores", "scores twice", ""]

CLOSE = 1e-3
"""Relative difference within which two values of a loss are the same."""

_WANTS: Mapping[str, Wants] = MappingProxyType(
    {
        "sparse_categorical_crossentropy": "classes",
        "categorical_crossentropy": "one-hot",
        "categorical_focal_crossentropy": "one-hot",
        "binary_crossentropy": "yes or no",
        "binary_focal_crossentropy": "yes or no",
        "mean_squared_error": "numbers",
        "mean_absolute_error": "numbers",
        "mean_absolute_percentage_error": "numbers",
        "mean_squared_logarithmic_error": "numbers",
        "huber": "numbers",
        "log_cosh": "numbers",
        "poisson": "numbers",
    }
)
_ENTROPIES: tuple[tuple[Wants, Callable[..., Any]], ...] = (
    ("classes", keras.losses.sparse_categorical_crossentropy),
    ("one-hot", keras.losses.categorical_crossentropy),
    ("yes or no", keras.losses.binary_crossentropy),
)


@dataclass(frozen=True)
class Entropy:
    """A cross-entropy: what labels it wants, its function and settings beside ``from_logits``."""

    wants: Wants
    function: Callable[..., Any]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def value(self, labels: Array, outputs: Array, reading: Reading) -> float:
        """Return the mean loss of rows under a reading; NaN where labels do not fit."""
        fitting = fit(labels, outputs, self.wants)
        if fitting is None:
            return math.nan
        if reading == "scores twice":
            scores = outputs.astype(np.float64)
            squashed = expit(scores) if self.wants == "yes or no" else softmax(scores, axis=-1)
            outputs = np.asarray(squashed, np.float32)
        found = self.function(fitting, outputs, from_logits=reading != "probabilities", **self.settings)
        return float(np.mean(np.asarray(found, np.float64)))


@dataclass(frozen=True)
class Described:
    """A loss as compiled for one output: its name, what it wants, and the entropy that it is, if it is one."""

    name: str
    wants: Wants
    entropy: Entropy | None
    loss: Any


def describe(model: Any, head: str, place: int) -> Described | None:
    """Return the loss compiled for an output, by its name or its place; None if it has none."""
    named = getattr(model, "loss", None)
    if isinstance(named, Mapping):
        named = named.get(head) if head or len(named) > 1 else next(iter(named.values()), None)
    elif isinstance(named, list | tuple):
        named = named[place] if place < len(named) else None
    if named is None or (isinstance(named, str) and named.lower() in ("crossentropy", "ce")):
        return None
    made = keras.losses.get(named)
    if made is None:
        return None
    loss = made if isinstance(made, keras.losses.Loss) else _wrapped(made)
    function = getattr(loss, "fn", None)
    name = getattr(function, "__name__", "") or type(loss).__name__
    own = function is None or not str(getattr(function, "__module__", "")).startswith("keras.")
    wants: Wants = "" if own else _WANTS.get(name, "")
    settings = {key: value for key, value in getattr(loss, "_fn_kwargs", {}).items() if key != "from_logits"}
    entropy = None if function is None or wants in ("", "numbers") else Entropy(wants, function, settings)
    return Described(name, wants, entropy, loss)


def _wrapped(function: Any) -> Any:
    """Return a loss function as the object that compiling makes of it, which aligns labels with outputs."""
    from keras.src.losses.losses import LossFunctionWrapper

    return LossFunctionWrapper(function)


def fit(labels: Array, outputs: Array, wants: Wants) -> Array | None:
    """Return labels in the shape in which such a loss takes them beside these outputs; None if they have another."""
    if labels.dtype.kind not in "fiub":
        return None
    if wants == "classes":
        if labels.size * outputs.shape[-1] != outputs.size or outputs.ndim < 2:
            return None
        classes = labels.reshape(outputs.shape[:-1])
        inside = bool(np.isfinite(classes).all()) and classes.min() >= 0 and classes.max() < outputs.shape[-1]
        return classes.astype(np.int64) if inside else None
    return labels.reshape(outputs.shape).astype(np.float32) if labels.size == outputs.size else None


def plausible(labels: Array, outputs: Array) -> Iterator[Entropy]:
    """Yield the plain cross-entropies that such labels may be given to."""
    for wants, function in _ENTROPIES:
        fitting = fit(labels, outputs, wants)
        if fitting is None:
            continue
        units = outputs.shape[-1]
        if wants == "classes":
            sensible = units > 1 and bool((labels == np.floor(labels)).all())
        else:
            sensible = bool(((fitting >= 0) & (fitting <= 1)).all()) and (wants == "yes or no" or units > 1)
        if sensible:
            yield Entropy(wants, function)


def read(entropies: list[Entropy], labels: Array, outputs: Array, loss: float) -> tuple[Entropy, Reading] | None:
    """Find out how a loss of this value takes the outputs; None if it is none of these, or more than one.

    Args:
        entropies: those it may be.
        labels: (rows, ...) likewise.
        outputs: (rows, ..., units), as the loss saw them.
        loss: its mean over the rows, without penalties and weights.
    """
    readings: tuple[Reading, ...] = ("probabilities", "scores", "scores twice")
    for entropy in entropies:
        values = {reading: entropy.value(labels, outputs, reading) for reading in readings}
        fitting = [reading for reading, value in values.items() if close(value, loss)]
        if len(fitting) == 1:
            return entropy, fitting[0]
    return None


def close(one: float, other: float) -> bool:
    """Tell whether two losses are the same; never true of what is not finite."""
    return abs(one - other) <= CLOSE * max(abs(one), abs(other), 1e-6)
