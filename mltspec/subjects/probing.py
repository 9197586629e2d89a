"""A Keras model made ready for probes: one traced function forward, one for a step that undoes itself.

Both take batches of any number of rows without being traced again, and are called below
``tf.function``'s dispatch, which would cost a third of a small model's forward pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import keras
import numpy as np
import tensorflow as tf

from mltspec.probes.batch import Batch as Probe
from mltspec.probes.batch import typical
from mltspec.probes.claims import Step
from mltspec.probes.schema import Array, Schema, derive
from mltspec.subjects import state
from mltspec.subjects.bench import Unfit
from mltspec.subjects.loaded import Loaded
from mltspec.subjects.nests import Batch, is_composite, leaves, taken

REAL_ROWS = 65_536
REAL_BYTES = 256 * 2**20


def real_rows(loaded: Loaded) -> Batch:
    """Return real rows to learn from, evenly spaced if the data is in memory, else the first.

    At most 65,536 and 256 MiB of them, but at least 32 however large one is.
    """
    one = leaves(loaded.head(1))
    if any(map(is_composite, one)):
        raise Unfit("no batches can be made from ragged or sparse data; make it dense")
    row_bytes = sum(np.asarray(leaf).nbytes for leaf in one)
    rows = min(REAL_ROWS, max(32, REAL_BYTES // max(row_bytes, 1)))
    whole = loaded.arrays()
    if whole is None or loaded.rows <= rows:
        return loaded.head(rows)
    picked: Batch = taken(whole, np.linspace(0, loaded.rows - 1, rows).astype(np.int64))
    return picked


def schema_of(real: Batch) -> Schema:
    """Learn the schema of real rows.

    Raises:
        Unfit: there are no rows, or values that cannot be probed.
    """
    inputs, *labels = real
    named = dict(_named(inputs, "input"))
    try:
        return derive(
            {name: np.asarray(leaf) for name, leaf in named.items()},
            [np.asarray(leaf) for part in labels if part is not None for leaf in tf.nest.flatten(part)],
        )
    except ValueError as fault:
        raise Unfit(f"no batches can be made from the data: {fault}") from fault


def _named(structure: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield leaves with names, in the order in which a structure is flattened.

    A feature of a dict is named by its key, ``images``, one of a list by its place, ``input 1``.
    """
    if isinstance(structure, dict):
        for key in sorted(structure):
            yield from _named(structure[key], str(key) if name == "input" else f"{name}/{key}")
    elif isinstance(structure, list | tuple):
        for place, part in enumerate(structure):
            yield from _named(part, f"{name} {place}")
    else:
        yield name, structure


class KerasProbed:
    """A model under probes. Call `close` when done: it puts everything back.

    Args:
        model: built and, for training steps, compiled.
        schema: of the data that is probed with.
        real: real rows, for their structure alone.
    """

    def __init__(self, model: Any, schema: Schema, real: Batch) -> None:
        self._model = model
        self._schema = schema
        self._structure = tuple(part for part in real if part is not None)
        self._found = state.snapshot(model)
        self._specs = _specs(schema)
        self._forward = self._traced(self._predict, self._specs[: len(schema.features)])
        self._step: Callable[..., Any] | None = None
        self.forward(typical(schema, 1))

    def forward(self, batch: Probe) -> tuple[Array, ...]:
        """Return every output as ``model.predict`` would, each ``(rows, ...)``."""
        outputs = self._forward(*self._inputs_of(batch))
        return tuple(output.numpy() for output in outputs)

    def ready_to_step(self) -> None:
        """Trace the training step and take one, undone, on a typical row.

        Raises:
            Unfit: the data has no labels, or the model was not compiled.
        """
        model = self._model
        if not self._schema.labels:
            raise Unfit("`train step finite` needs labels, and the data has none")
        if getattr(model, "optimizer", None) is None:
            raise Unfit("`train step finite` needs a compiled model, and this one was not compiled")
        batch = typical(self._schema, 2)
        model.train_step(self._packed([*self._inputs_of(batch), *map(tf.constant, batch.labels)]))
        state.restore(model, self._found)
        model.reset_metrics()  # the first step has built them; emptied, they report one batch's loss
        self._undoing = [(each, tf.identity(each.value)) for each, _ in state.entries(model)]
        self._watched = [variable for variable, _ in self._undoing if _is_float(variable)]
        self._step = self._traced(self._train_and_undo, self._specs)
        self.step(batch)

    def step(self, batch: Probe) -> Step:
        """Take one training step and undo it; also when the model raises midway."""
        if self._step is None:
            self.ready_to_step()
        assert self._step is not None
        try:
            loss, finite = self._step(*self._inputs_of(batch), *map(tf.constant, batch.labels))
        except Exception:
            self._undo()
            raise
        loss, flags = float(loss), finite.numpy()
        bad = () if flags.all() else tuple(v.path for v, good in zip(self._watched, flags, strict=True) if not good)
        has_loss = "loss" in self._logs
        return Step(loss, ("the loss", *bad) if has_loss and not math.isfinite(loss) else bad)

    def close(self) -> bool:
        """Put every variable back, and return whether that was called for.

        Returns:
            True if weights and optimizer stood bitwise as they were found: a step undid all it did, and
            predicting changed nothing. Seeds that the model drew from and metrics, which were emptied
            for the steps, are put back without being counted.
        """
        counted = {
            id(variable)
            for variable, entry in state.entries(self._model)
            if entry.group != "metrics" and entry.what != "seed state"
        }
        moved = any(id(variable) in counted for variable in state.changed(self._found))
        state.restore(self._model, self._found)
        return not moved

    def _traced(self, function: Callable[..., Any], specs: Sequence[tf.TensorSpec]) -> Callable[..., Any]:
        if getattr(self._model, "run_eagerly", False):
            return function
        return cast(Callable[..., Any], tf.function(function, input_signature=specs).get_concrete_function())

    def _inputs_of(self, batch: Probe) -> list[Any]:
        tables = zip(batch.tables, self._schema.features, strict=True)
        return [tf.constant(table.reshape(-1, *feature.shape)) for table, feature in tables]

    def _packed(self, tensors: Sequence[Any]) -> Any:
        """Return inputs, labels and weights in the structures in which the data holds them."""
        return tf.nest.pack_sequence_as(self._structure, [_as_keras(tensor) for tensor in tensors])

    def _predict(self, *tensors: Any) -> list[Any]:
        inputs = tf.nest.pack_sequence_as(self._structure[0], [_as_keras(tensor) for tensor in tensors])
        outputs = tf.nest.flatten(self._model.predict_step((inputs,)))
        return [tf.cast(out, tf.float32) if out.dtype in (tf.float16, tf.bfloat16) else out for out in outputs]

    def _train_and_undo(self, *tensors: Any) -> tuple[Any, Any]:
        logs = self._model.train_step(self._packed(tensors))
        self._logs = frozenset(logs or ())
        loss = tf.cast(logs["loss"], tf.float64) if "loss" in self._logs else tf.constant(math.nan, tf.float64)
        finite = tf.stack([tf.reduce_all(tf.math.is_finite(variable.value)) for variable in self._watched])
        with tf.control_dependencies([loss, finite]):
            self._undo()
        return loss, finite

    def _undo(self) -> None:
        for variable, value in self._undoing:
            variable.assign(value)


def _is_float(variable: Any) -> bool:
    return bool(tf.as_dtype(variable.dtype).is_floating)


def _specs(schema: Schema) -> list[tf.TensorSpec]:
    """Return the signature of a batch with any number of rows: features, then labels."""
    shapes = [((None, *feature.shape), feature.pool.dtype) for feature in schema.features]
    shapes += [((None, *leaf.shape[1:]), leaf.dtype) for leaf in schema.labels]
    return [tf.TensorSpec(shape, tf.string if dtype.kind in "OSU" else tf.as_dtype(dtype)) for shape, dtype in shapes]


def _as_keras(tensor: Any) -> Any:
    """Cast doubles as ``model.fit`` casts arrays."""
    return tf.cast(tensor, keras.config.floatx()) if tensor.dtype == tf.float64 else tensor
