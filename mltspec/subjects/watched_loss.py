"""The loss on the same rows in inference mode, taken in the middle of training without leaving a trace."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from mltspec.subjects.nests import Batch, is_composite, leaves, mapped, rows_of, taken
from mltspec.subjects.state import changed, restore, snapshot

VALUES_AT_ONCE = 2**20
"""About so many input values go through the model at a time."""


class WatchedLoss:
    """The loss of a model on some rows, as ``evaluate`` would find it.

    What an evaluation changes is found out the first time, by looking at every variable, and put back
    every time: metrics in the middle of an epoch, seeds, whatever the user's own ``test_step`` touches.

    Args:
        model: compiled.
        rows: inputs, labels and weights of the watched rows.
    """

    def __init__(self, model: Any, rows: Batch) -> None:
        self._model = model
        self._rows = rows
        self._chunks = _chunks(rows)
        self._compiled_loss: object = None
        self._function: Any = None
        self._touched: list[Any] | None = None

    def take(self) -> float:
        """Return the loss now. Raises what the model raises where it cannot be evaluated."""
        import keras

        model = self._model
        if not model.built:
            model(self._chunks[0][1][0])
        own_step = type(model).test_step is not keras.Model.test_step
        if self._function is None or model._compile_loss is not self._compiled_loss:
            self._compiled_loss = model._compile_loss
            self._function = _traced(model, own_step)
        before = snapshot(model, self._touched)
        try:
            if own_step:
                model.reset_metrics()
            parts = [(rows, self._function(*chunk)) for rows, chunk in self._chunks]
            losses = [float(loss) for _, loss in parts]
            if self._touched is None:
                fresh = [v for metric in model.metrics for v in metric.variables] if own_step else []
                self._touched = [*changed(before), *fresh]
        finally:
            restore(model, before)
        # The logs of an own test step are already a mean over all chunks since the reset.
        return losses[-1] if own_step else float(np.average(losses, weights=[rows for rows, _ in parts]))


def _traced(model: Any, own_step: bool) -> Any:
    import tensorflow as tf

    takes_training = "training" in inspect.signature(model.call).parameters
    loss_takes_training = "training" in inspect.signature(model.compute_loss).parameters

    def loss_of(x: Any, y: Any, weight: Any) -> Any:
        if own_step:
            logs = model.test_step((x, y) if weight is None else (x, y, weight))
            return tf.cast(tf.reduce_mean(logs["loss"]), tf.float32)
        outputs = model(x, training=False) if takes_training else model(x)
        mode = {"training": False} if loss_takes_training else {}
        loss = model.compute_loss(x=x, y=y, y_pred=outputs, sample_weight=weight, **mode)
        return tf.cast(tf.reduce_mean(loss), tf.float32)

    return loss_of if model.run_eagerly else tf.function(loss_of, reduce_retracing=True)


def _chunks(rows: Batch) -> list[tuple[int, Batch]]:
    """Return the rows as tensors, few enough at a time for any model."""
    total = rows_of(rows[0])
    values = 0
    for leaf in leaves(rows[0]):
        values += 1024 if is_composite(leaf) else int(np.prod(np.shape(leaf)[1:], dtype=np.int64))
    size = max(1, min(total, VALUES_AT_ONCE // max(1, values)))
    parts = [taken(rows, slice(start, start + size)) for start in range(0, total, size)]
    return [(rows_of(part[0]), mapped(_tensor, part)) for part in parts]


def _tensor(leaf: Any) -> Any:
    import tensorflow as tf

    return leaf if is_composite(leaf) else tf.convert_to_tensor(leaf)
