"""One training step as a function of a batch: traced once, its gradients heard, and undone before it returns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import keras
import tensorflow as tf

from mltspec.probes.trial import Step
from mltspec.subjects import state
from mltspec.subjects.probe_rows import RealRows
from mltspec.subjects.rates import count_at_work

Trace = Callable[[Callable[..., Any]], Callable[..., Any]]


class UndoneStep:
    """The model's own training step.

    Metrics must be empty and built before: then they report one batch's loss. The scale of a scaled loss is held at
    one meanwhile, so that a gradient that overflows does so by itself.

    Args:
        model: compiled.
        real: knows the structure of a batch.
        trace: makes a function of tensors from one of Python's, called without being traced again.
    """

    def __init__(self, model: Any, real: RealRows, trace: Trace) -> None:
        self._model = model
        self._real = real
        for scale in loss_scales(model):
            scale.assign(1.0)
        known = state.entries(model)
        self._undoing = [(each, tf.identity(each.value)) for each, _ in known]
        self._watched = [variable for variable, _ in self._undoing if _is_float(variable)]
        gathering = any(getattr(each, "gradient_accumulation_steps", None) for each in state.optimizers(model))
        moving = {id(variable) for variable in model.trainable_variables}
        self._moving = [
            (variable, value)
            for (variable, value), (_, entry) in zip(self._undoing, known, strict=True)
            if id(variable) in moving or (gathering and entry.what == "optimizer slots")
        ]
        # Where a schedule has come to its end, a step would move nothing: it is taken as one amid the training was.
        inner = [getattr(each, "inner_optimizer", each) for each in state.optimizers(model)]
        self._counts = [(each._iterations, at) for each in inner if (at := count_at_work(each)) is not None]
        self._has_loss = False
        self._heard: list[str] = []
        self._take = trace(self._taken)
        self._evaluate = trace(self._evaluated)

    def take(self, tensors: Sequence[Any]) -> Step:
        """Take one training step and undo it; also when the model raises midway."""
        try:
            loss, finite, moved, heard, largest = self._take(*tensors)
        except Exception:
            self._undo()
            raise
        number, flags, fine = float(loss), finite.numpy(), heard.numpy()
        bad = () if flags.all() else tuple(v.path for v, good in zip(self._watched, flags, strict=True) if not good)
        if self._has_loss and not math.isfinite(number):
            bad = ("the loss", *bad)
        unsound = () if fine.all() else tuple(path for path, good in zip(self._heard, fine, strict=True) if not good)
        return Step(number, bad, unsound, float(largest) if self._heard else None, bool(moved))

    def evaluate(self, tensors: Sequence[Any]) -> float:
        """Return the loss that the model's own ``test_step`` reports of a batch."""
        try:
            return float(self._evaluate(*tensors))
        except Exception:
            self._undo()
            raise

    def _taken(self, *tensors: Any) -> tuple[Any, ...]:
        handed: list[tuple[str, Any]] = []
        for count, at in self._counts:
            count.assign(at)
        with gradients_heard(self._model, handed):
            logs = self._model.train_step(self._real.packed(tensors))
        loss = self._loss(logs)
        self._heard = [path for path, _ in handed]
        finite = tf.stack([tf.reduce_all(tf.math.is_finite(variable.value)) for variable in self._watched])
        moved = tf.reduce_any([differs(variable, value) for variable, value in self._moving])
        fine = tf.stack([tf.reduce_all(tf.math.is_finite(gradient)) for _, gradient in handed] or [tf.constant(True)])
        sizes = [tf.cast(tf.reduce_max(tf.abs(gradient)), tf.float32) for _, gradient in handed if _has_cells(gradient)]
        largest = tf.reduce_max(tf.stack(sizes or [tf.constant(0.0)]))
        seen = (loss, finite, moved, fine, largest)
        with tf.control_dependencies(seen):
            self._undo()
        return seen

    def _evaluated(self, *tensors: Any) -> Any:
        loss = self._loss(self._model.test_step(self._real.packed(tensors)))
        with tf.control_dependencies([loss]):
            self._undo()
        return loss

    def _loss(self, logs: Any) -> Any:
        self._has_loss = isinstance(logs, dict) and "loss" in logs
        return (
            tf.cast(tf.reduce_mean(logs["loss"]), tf.float64) if self._has_loss else tf.constant(math.nan, tf.float64)
        )

    def _undo(self) -> None:
        for variable, value in self._undoing:
            variable.assign(value)


def loss_scales(model: Any) -> list[Any]:
    """Return the variables by which losses are scaled; they stand at one while steps are taken."""
    return [
        optimizer.dynamic_scale
        for optimizer in state.optimizers(model)
        if isinstance(optimizer, keras.optimizers.LossScaleOptimizer) and optimizer.built
    ]


@contextmanager
def gradients_heard(model: Any, handed: list[tuple[str, Any]]) -> Iterator[None]:
    """Note the path and the gradient of every variable that is handed to an optimizer of the model.

    What is handed over inside a branch or a loop of a graph stays there and is not noted.
    """
    within = 0
    inside = tf.executing_eagerly()
    graph = None if inside else tf.compat.v1.get_default_graph()

    def hearing(plain: Callable[..., Any]) -> Callable[..., Any]:
        def apply(optimizer: Any, grads: Any, trainable_variables: Any = None) -> Any:
            nonlocal within
            gradients = list(grads)
            variables = optimizer._trainable_variables if trainable_variables is None else list(trainable_variables)
            for gradient, variable in zip(gradients, variables, strict=False):
                values = getattr(gradient, "values", gradient)
                if gradient is not None and not within and (inside or getattr(values, "graph", None) is graph):
                    handed.append((variable.path, values))
            within += 1
            try:
                return plain(optimizer, gradients, *([] if trainable_variables is None else [variables]))
            finally:
                within -= 1

        return apply

    with ExitStack() as stack:
        for kind in {type(optimizer) for optimizer in state.optimizers(model)}:
            stack.enter_context(patch.object(kind, "apply", hearing(kind.apply)))
        yield


def differs(variable: Any, value: Any) -> Any:
    """Return, as a tensor, whether a variable is no longer what it was; NaN equals NaN."""
    now = tf.convert_to_tensor(variable.value)
    apart = tf.not_equal(now, value)
    if now.dtype.is_floating:
        apart &= ~(tf.math.is_nan(now) & tf.math.is_nan(value))
    return tf.reduce_any(apart)


def _is_float(variable: Any) -> bool:
    return bool(tf.as_dtype(variable.dtype).is_floating)


def _has_cells(gradient: Any) -> bool:
    return bool(gradient.shape.num_elements() != 0)
