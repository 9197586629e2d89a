"""An untrained model in inference: its outputs on real rows and under wild weights, and the loss of each output."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mltspec.subjects import state
from mltspec.subjects.fresh_losses import describe
from mltspec.subjects.fresh_rows import any_rows
from mltspec.subjects.nests import Batch, is_composite, leaves, mapped

Array = NDArray[Any]

WILD = (1.0, 10.0, 100.0)
"""Spread of the noise put in place of every weight, to find out what outputs can be at all."""

WILD_ROWS = 64

FAINT = 0.05
"""Share of their weights at which models that start too sure are asked again."""


class Forward:
    """The model in inference, with the loss of each output; traced, since a traced loss may take outputs otherwise.

    Args:
        model: compiled and built.
        batch: rows to look at, as tensors.
        fixed: the model takes so many rows only.
    """

    def __init__(self, model: Any, batch: Batch, fixed: bool) -> None:
        self.model = model
        self.batch = batch
        self.names = _names(keras.Model.predict_step(model, (batch[0],)), model)
        self.labels = _labels(batch[1], self.names)
        self.described = [describe(model, name, at) for at, name in enumerate(self.names)]
        traced = not model.run_eagerly and not any(map(is_composite, leaves(batch[0])))
        self._few = batch[0] if fixed else mapped(lambda leaf: leaf[:WILD_ROWS], batch[0])
        specs = mapped(tf.type_spec_from_value if fixed else any_rows, batch[0])
        self._answer = tf.function(self._say, input_signature=[specs], autograph=False) if traced else self._say
        self._cost = tf.function(self._lose, autograph=False) if traced else self._lose

    def answer(self, x: Any) -> list[Array]:
        """Return every output, (rows, ...)."""
        return [np.asarray(output) for output in self._answer(x)]

    def losses(self) -> list[float]:
        """Return the compiled loss of every output on the batch; NaN where there is none, or labels do not fit."""
        try:
            return [float(loss) for loss in self._cost(self.batch[0], self.labels)]
        except Exception:  # a loss that cannot take these labels is told by their shapes
            return [math.nan] * len(self.names)

    def faint(self) -> tuple[list[Array], list[float]]:
        """Return outputs and losses under much smaller weights, where no answer is so sure that losses are cut off."""
        variables = list(self.model.trainable_variables)
        before = state.snapshot(self.model, variables)
        try:
            for variable in variables:
                variable.assign(tf.cast(FAINT, variable.dtype) * tf.convert_to_tensor(variable))
            return self.answer(self.batch[0]), self.losses()
        finally:
            state.restore(self.model, before)

    def wild(self, generator: np.random.Generator) -> list[list[Array]]:
        """Return every output under ever larger weights, spread by spread; the weights are put back."""
        variables = list(self.model.trainable_variables)
        before = state.snapshot(self.model, variables)
        try:
            return [self._disturbed(self._few, spread, variables, generator) for spread in WILD]
        finally:
            state.restore(self.model, before)

    def scaled(self) -> list[Array] | None:
        """Return every output on inputs brought to mean 0 and spread 1; None where no input is made of numbers."""
        x = self.batch[0]
        if not any(_scalable(leaf) for leaf in leaves(x)):
            return None
        return self.answer(mapped(_standard, x))

    def _disturbed(self, x: Any, spread: float, variables: list[Any], generator: np.random.Generator) -> list[Array]:
        for variable in variables:
            noise = spread * generator.normal(size=tuple(variable.shape))
            variable.assign(tf.cast(noise, variable.dtype))
        return self.answer(x)

    def _say(self, x: Any) -> list[Any]:
        return [tf.identity(output) for output in leaves(keras.Model.predict_step(self.model, (x,)))]

    def _lose(self, x: Any, labels: list[Any]) -> list[Any]:
        outputs = leaves(keras.Model.predict_step(self.model, (x,)))
        return [
            tf.constant(math.nan)
            if described is None or label is None
            else tf.reduce_mean(tf.cast(described.loss.call(label, output), tf.float32))
            for output, label, described in zip(outputs, labels, self.described, strict=True)
        ]


def _names(outputs: Any, model: Any) -> list[str]:
    """Return a name for every output, in the order in which they are flattened; a single one is named ``""``."""
    if isinstance(outputs, dict):
        return [str(name) for name in outputs]
    if isinstance(outputs, list | tuple):
        named = getattr(model, "output_names", None) or ()
        return list(named) if len(named) == len(outputs) else [f"output_{at}" for at in range(len(outputs))]
    return [""]


def _labels(labels: Any, names: list[str]) -> list[Any]:
    """Return the labels of every output; None where there are none, or they are nested more deeply."""
    if labels is None or len(names) == 1:
        found = leaves(labels)
        return [found[0] if len(found) == 1 else None]
    if isinstance(labels, dict):
        return [None if isinstance(labels.get(name), dict | list | tuple) else labels.get(name) for name in names]
    if isinstance(labels, list | tuple) and len(labels) == len(names):
        return list(labels)
    return [None] * len(names)


def _scalable(leaf: Any) -> bool:
    return not is_composite(leaf) and leaf.dtype.is_floating and leaf.shape[0] > 1


def _standard(leaf: Any) -> Any:
    if not _scalable(leaf):
        return leaf
    mean, variance = tf.nn.moments(leaf, axes=[0])
    return (leaf - mean) / tf.sqrt(tf.where(variance > 0, variance, tf.ones_like(variance)))
