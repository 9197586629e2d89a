"""What a model was compiled with, measured on any rows: its metrics by name, and its loss row by row."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mltspec.subjects.answers import Floats
from mltspec.subjects.metrics import mean
from mltspec.subjects.nests import leaves, mapped
from mltspec.subjects.passes import Seen

ROWS_AT_ONCE = 4096
"""Rows handed to a metric or a loss at a time."""


def compiled_metrics(model: Any, seen: Seen, at: NDArray[np.intp] | None = None) -> dict[str, float]:
    """Return every metric that the model is compiled with, on these rows alone.

    The metric objects are the model's own: Keras has chosen them by the shapes of labels and outputs. They
    are reset before and after.

    Args:
        model: the model that made the predictions.
        seen: one pass over the data.
        at: (rows of the slice,), None for all rows.
    """
    metrics = _own(model)
    if metrics is None or seen.labels is None:
        return {}
    metrics.reset_state()
    for rows in _chunks(np.arange(seen.rows) if at is None else at):
        metrics.update_state(*(_take(part, rows) for part in (seen.labels, seen.outputs, seen.weights)))
    found = {name: float(value) for name, value in metrics.result().items() if np.ndim(value) == 0}
    metrics.reset_state()
    return found


class CompiledTotals:
    """Every compiled metric on each slice of rows that come in parts.

    The metric objects are the model's own; what they have counted is put aside for each slice.

    Args:
        model: the model that makes the predictions; it is compiled with metrics.
        slices: how many there are.
    """

    def __init__(self, model: Any, slices: int) -> None:
        self._metrics = _own(model)
        self._metrics.reset_state()
        self._counted = [self._state()] * slices

    def add(self, seen: Seen, codes: NDArray[np.intp]) -> None:
        """Take in rows and their slices, (rows,)."""
        for part in np.unique(codes):
            self._restore(part)
            for rows in _chunks(np.flatnonzero(codes == part)):
                self._metrics.update_state(*(_take(each, rows) for each in (seen.labels, seen.outputs, seen.weights)))
            self._counted[part] = self._state()
        self._metrics.reset_state()

    def values(self, name: str) -> Floats:
        """Return a metric's value on each slice, (slices,)."""
        found = []
        for part in range(len(self._counted)):
            self._restore(part)
            found.append(float(self._metrics.result()[name]))
        self._metrics.reset_state()
        return np.array(found)

    def _state(self) -> list[NDArray[Any]]:
        return [np.array(variable) for variable in self._metrics.variables]

    def _restore(self, part: int) -> None:
        for variable, value in zip(self._metrics.variables, self._counted[part], strict=True):
            variable.assign(value)


def direction(model: Any, name: str) -> bool | None:
    """Tell whether more is better of a compiled metric, by its class; None where Keras does not say."""
    if name == "loss" or name.endswith("_loss"):
        return False
    metrics = _own(model)
    for metric in [] if metrics is None else metrics.metrics:
        if name == metric.name or name.endswith(f"_{metric.name}"):
            said = getattr(metric, "_direction", None)
            return None if said is None else bool(said == "up")
    return None


def settings_of(model: Any, name: str) -> str:
    """Return what a compiled metric, or the loss, is set to, as text: equal texts measure the same thing."""
    if name == "loss":
        return f"loss {_described(getattr(model, 'loss', None))}"
    metrics = _own(model)
    for metric in [] if metrics is None else metrics.metrics:
        if name == metric.name or name.endswith(f"_{metric.name}"):
            return f"{type(metric).__module__}.{type(metric).__qualname__} {_described(metric)}"
    return ""


def _described(value: Any) -> str:
    """Return a setting without places in memory, which differ from process to process."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_described(value[key])}" for key in sorted(value, key=str)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_described, value)) + "]"
    if hasattr(value, "get_config"):
        try:
            config = {key: part for key, part in value.get_config().items() if key != "name"}
        except NotImplementedError:
            config = {}
        return f"{type(value).__qualname__}{_described(config)}"
    if callable(value):
        return str(getattr(value, "__qualname__", type(value).__qualname__))
    return repr(value) if isinstance(value, str | int | float | bool | None) else type(value).__qualname__


@dataclass(frozen=True)
class RowLosses:
    """The data loss of each row, (rows,), and what weighs it in the mean: ``weights`` (rows,), or None.

    ``mean`` is the data loss of all rows: the loss without penalties on weights and activities.
    """

    losses: Floats
    weights: Floats | None
    mean: float


def row_losses(model: Any, seen: Seen) -> RowLosses | None:
    """Return the compiled loss row by row.

    The loss is called on batches of one row. That is only the loss of a row if the loss of a batch is a
    mean over its rows, so the mean is compared with the loss of whole batches.

    Returns:
        None if the model's loss is no such mean (contrastive, summed, made in ``test_step``).
    """
    loss = getattr(model, "_compile_loss", None)
    if loss is None or seen.labels is None:
        return None
    whole = _data_loss(loss, seen)
    if not math.isfinite(whole) or (_own_evaluation(model) and not close(seen.logs.get("loss", math.nan), whole)):
        return None
    candidates = [RowLosses(_each_row(loss, seen, weighted=False), None, whole)]
    if seen.weights is not None:
        weights = np.asarray(leaves(seen.weights)[0], np.float64).reshape(seen.rows, -1).mean(axis=1)
        candidates = [
            RowLosses(_each_row(loss, seen, weighted=True), None, whole),
            RowLosses(candidates[0].losses, weights, whole),
        ]
    nearest = min(candidates, key=lambda rows: abs(mean(rows.losses, rows.weights) - whole))
    return nearest if close(mean(nearest.losses, nearest.weights), whole) else None


def head_losses(model: Any, seen: Seen, at: NDArray[np.intp] | None = None) -> dict[str, float]:
    """Return the data loss of each head by its name (``price_loss``), on these rows; none of a single head.

    What evaluation reports of a head weighs all batches alike, also a short last one; here all rows count alike.
    """
    loss = getattr(model, "_compile_loss", None)
    if loss is None or seen.labels is None or not loss.metrics:
        return {}
    for tracker in loss.metrics:
        tracker.reset_state()
    _data_loss(loss, seen, at)
    return {tracker.name: float(tracker.result()) for tracker in loss.metrics}


def _data_loss(loss: Any, seen: Seen, at: NDArray[np.intp] | None = None) -> float:
    """Return the compiled loss of large batches, averaged by their rows."""
    total, places = 0.0, np.arange(seen.rows) if at is None else at
    for rows in _chunks(places):
        total += len(rows) * float(loss(*(_take(part, rows) for part in (seen.labels, seen.outputs, seen.weights))))
    return total / max(1, len(places))


def close(one: float, other: float) -> bool:
    """Tell whether two ways to the same mean agree, within what single precision and batching allow."""
    return bool(abs(one - other) <= 1e-6 + 2e-3 * max(abs(one), abs(other)))


def _own_evaluation(model: Any) -> bool:
    """Tell whether the model evaluates in a way of its own, which need not be its compiled loss."""
    kind = type(model)
    return kind.test_step is not keras.Model.test_step or kind.compute_loss is not keras.Model.compute_loss


def _own(model: Any) -> Any:
    """Return Keras' container of compiled metrics, or None."""
    found = [metric for metric in model.metrics if metric.name == "compile_metrics"]
    return found[0] if found else None


def _chunks(at: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    return [at[start : start + ROWS_AT_ONCE] for start in range(0, len(at), ROWS_AT_ONCE)]


def _take(structure: Any, rows: NDArray[np.intp]) -> Any:
    """Return these rows of every array as tensors."""
    return mapped(lambda leaf: tf.convert_to_tensor(leaf[rows]), structure)


def _each_row(loss: Any, seen: Seen, weighted: bool) -> Floats:
    """Return the loss of each row as a batch of one, (rows,)."""

    def one(row: Any) -> Any:
        y, outputs, weight = mapped(lambda leaf: tf.expand_dims(leaf, 0), row)
        return tf.reshape(tf.cast(loss(y, outputs, weight), tf.float32), ())

    def single(row: Any) -> Any:
        return one((*row, None)) if len(row) == 2 else one(row)

    parts = (seen.labels, seen.outputs, seen.weights) if weighted else (seen.labels, seen.outputs)
    chunks = [tuple(_take(part, rows) for part in parts) for rows in _chunks(np.arange(seen.rows))]
    try:
        found = _mapped(lambda rows: tf.vectorized_map(single, rows), chunks)
    except (ValueError, NotImplementedError, tf.errors.OpError):
        # Some ops cannot be vectorised; one row after the other is slower but always possible.
        found = _mapped(lambda rows: tf.map_fn(single, rows, fn_output_signature=tf.float32), chunks)
    return np.concatenate(found).astype(np.float64)


def _mapped(function: Callable[[Any], Any], chunks: list[Any]) -> list[NDArray[np.float32]]:
    traced = tf.function(function, reduce_retracing=True)
    return [np.asarray(traced(chunk)) for chunk in chunks]
