"""Faults of a model: put into what the user's `build` returns, whoever calls it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mltspec.plan.plan import Injection
from mltspec.subjects.bench import Bench
from mltspec.subjects.mutants.doors import Reached, not_injected, rebind
from mltspec.subjects.nests import mapped

MIXED = 0.1
"""The share of its batch's mean answer in a row's answer."""


def stop_learning(injection: Injection, bench: Bench, reached: Reached) -> None:
    """Set the learning rate to 0, also where it is a schedule."""

    def change(model: Any) -> None:
        optimizer = getattr(model, "optimizer", None)
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        if optimizer is None:
            raise not_injected("the model is compiled without an optimizer")
        if isinstance(optimizer._learning_rate, keras.optimizers.schedules.LearningRateSchedule):
            optimizer._learning_rate = 0.0
        else:
            optimizer.learning_rate = 0.0
        reached()

    _change_built(injection, bench, change)


def freeze_layer(injection: Injection, bench: Bench, reached: Reached) -> None:
    """Let no gradient through the first layer with weights, as a stray ``stop_gradient`` does."""

    def change(model: Any) -> None:
        _answer_otherwise(_weighted(model)[0], lambda answer: mapped(tf.stop_gradient, answer))
        reached()

    _change_built(injection, bench, change)


def flip_loss(injection: Injection, bench: Bench, reached: Reached) -> None:
    """Have the compiled loss negated, penalties and all, in training and in evaluation."""

    def change(model: Any) -> None:
        plain = model.compute_loss

        def compute_loss(*positional: Any, **named: Any) -> Any:
            reached()
            found = plain(*positional, **named)
            return None if found is None else -found

        model.compute_loss = compute_loss

    _change_built(injection, bench, change)


def break_weight(injection: Injection, bench: Bench, reached: Reached) -> None:
    """Make one entry of the last layer's first weight NaN."""

    def change(model: Any) -> None:
        weight = _weighted(model)[-1].trainable_weights[0]
        value = np.array(keras.ops.convert_to_numpy(weight))
        value.flat[0] = np.nan
        weight.assign(value)
        reached()

    _change_built(injection, bench, change)


def mix_rows(injection: Injection, bench: Bench, reached: Reached) -> None:
    """Mix the mean answer of a batch into the answer of each of its rows."""

    def mix(answer: Any) -> Any:
        return answer + MIXED * (tf.reduce_mean(answer, axis=0, keepdims=True) - answer)

    def change(model: Any) -> None:
        _answer_otherwise(_weighted(model)[-1], lambda answer: mapped(mix, answer))
        reached()

    _change_built(injection, bench, change)


def forget_seed(injection: Injection, bench: Bench, reached: Reached) -> None:
    """Seed every generator from the system's randomness whenever the model is built."""

    def build(plain: Callable[..., Any], *positional: Any, **named: Any) -> Any:
        keras.utils.set_random_seed(int.from_bytes(os.urandom(4), "little"))
        reached()
        return plain(*positional, **named)

    rebind(injection.target, build, bench)


def _change_built(injection: Injection, bench: Bench, change: Callable[[Any], None]) -> None:
    def build(plain: Callable[..., Any], *positional: Any, **named: Any) -> Any:
        model = plain(*positional, **named)
        if isinstance(model, keras.Model):
            change(model)
        return model

    rebind(injection.target, build, bench)


def _weighted(model: Any) -> list[Any]:
    """Return the layers that have trainable weights of their own, in the model's order."""
    layers = model._flatten_layers(include_self=False, recursive=True)
    found = [layer for layer in layers if layer._trainable_variables and layer.trainable]
    if not found:
        raise not_injected("the model has no weights yet when `build` returns it; build it there, or give it an Input")
    return found


def _answer_otherwise(layer: Any, change: Callable[[Any], Any]) -> None:
    """Have what a layer computes changed, on every later call."""
    plain = layer.call

    def call(*positional: Any, **named: Any) -> Any:
        return change(plain(*positional, **named))

    layer.call = call
