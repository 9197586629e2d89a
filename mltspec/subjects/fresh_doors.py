"""What stands around a training step that is watched: shut optimizers, stilled noise, penalties with dials."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import keras
import tensorflow as tf

from mltspec.subjects import state

NOISY = ("rate", "dropout", "recurrent_dropout", "stddev")
"""Settings of Keras' own layers that make training random; at 0 they are still."""

SEEDED: dict[str, Callable[..., Any]] = {
    "normal": tf.random.stateless_normal,
    "uniform": tf.random.stateless_uniform,
    "truncated_normal": tf.random.stateless_truncated_normal,
}
"""Draws that go on from call to call, with ones that do not: no snapshot puts their state back."""


@contextmanager
def doors_shut(model: Any, at: dict[int, int], handed: dict[str, Any]) -> Iterator[None]:
    """Note what is handed to any optimizer of the model, and let none of it through."""

    def apply(optimizer: Any, grads: Any, trainable_variables: Any = None) -> None:
        variables = optimizer._trainable_variables if trainable_variables is None else trainable_variables
        scale = getattr(optimizer, "dynamic_scale", None)
        for gradient, variable in zip(list(grads), list(variables), strict=False):
            place = at.get(id(variable))
            if gradient is None or place is None:
                continue
            dense = tf.cast(tf.convert_to_tensor(gradient), tf.float32)
            dense = dense if scale is None else dense / tf.cast(tf.convert_to_tensor(scale), tf.float32)
            handed[str(place)] = handed[str(place)] + dense if str(place) in handed else dense

    with ExitStack() as stack:
        for kind in {type(optimizer) for optimizer in state.optimizers(model)}:
            stack.enter_context(patch.object(kind, "apply", apply))
        yield


@contextmanager
def heard(model: Any, outputs: list[Any]) -> Iterator[None]:
    """Keep what the model itself answers, in the order of its calls."""
    kind = type(model)
    plain = kind.__call__

    def call(self: Any, *positional: Any, **named: Any) -> Any:
        answer = plain(self, *positional, **named)
        if self is model:
            outputs.append(answer)
        return answer

    with patch.object(kind, "__call__", call):
        yield


@contextmanager
def stilled(model: Any) -> Iterator[None]:
    """Turn the noise of Keras' own layers off, and let TensorFlow's generators draw the same numbers every time."""
    with ExitStack() as stack:
        for layer in model._flatten_layers(include_self=True):
            for name in NOISY if type(layer).__module__.startswith("keras.") else ():
                if isinstance(vars(layer).get(name), float):
                    stack.enter_context(patch.object(layer, name, 0.0))
        for name, drawn in SEEDED.items():
            stack.enter_context(patch.object(tf.random, name, _seeded(drawn)))
            if hasattr(tf.random.Generator, name):
                stack.enter_context(patch.object(tf.random.Generator, name, _seeded_method(drawn)))
        yield


@contextmanager
def dialled(model: Any, variables: Sequence[Any], strength: Any, weights_pull: Any, added_pull: Any) -> Iterator[None]:
    """Give every penalty a strength, and a pull added to it: a multiple of the sum of weights.

    Args:
        model: whose layers have regularisers, or add losses.
        variables: its trainable ones.
        strength: a scalar that multiplies every penalty.
        weights_pull: added to a regulariser's penalty, times the sum of its weights.
        added_pull: added to a loss that a layer adds, times the sum of all weights.
    """
    plain = keras.layers.Layer.add_loss

    def add_loss(layer: Any, loss: Any) -> None:
        pull = added_pull * tf.add_n([_sum(variable) for variable in variables])
        for each in tf.nest.flatten(loss):
            plain(layer, tf.cast(each, tf.float32) * strength + pull)

    with ExitStack() as stack:
        for layer in model._flatten_layers(include_self=True):
            for name, regulariser in _regularisers(layer):
                stack.enter_context(patch.object(layer, name, _dialled(regulariser, strength, weights_pull)))
        for variable in variables:
            if variable.regularizer is not None:
                stack.callback(setattr, variable, "regularizer", variable.regularizer)
                variable.regularizer = _dialled(variable.regularizer, strength, weights_pull)
        stack.enter_context(patch.object(keras.layers.Layer, "add_loss", add_loss))
        yield


def _regularisers(layer: Any) -> list[tuple[str, Any]]:
    """Return the regularisers of weights that a layer keeps as attributes."""
    return [
        (name, value)
        for name, value in vars(layer).items()
        if name.endswith("_regularizer") and name != "activity_regularizer" and callable(value)
    ]


def _dialled(regulariser: Any, strength: Any, pull: Any) -> Callable[[Any], Any]:
    def penalty(weights: Any) -> Any:
        return tf.cast(tf.reduce_sum(regulariser(weights)), tf.float32) * strength + pull * _sum(weights)

    return penalty


def _seeded(drawn: Callable[..., Any]) -> Callable[..., Any]:
    def draw(shape: Any, *positional: Any, seed: Any = None, **named: Any) -> Any:
        return drawn(shape, (1, 2), *positional, **named)

    return draw


def _seeded_method(drawn: Callable[..., Any]) -> Callable[..., Any]:
    def draw(self: Any, shape: Any, *positional: Any, **named: Any) -> Any:
        return drawn(shape, (1, 2), *positional, **named)

    return draw


def _sum(variable: Any) -> Any:
    return tf.cast(tf.reduce_sum(tf.convert_to_tensor(variable)), tf.float32)
