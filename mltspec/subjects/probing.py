"""A Keras model made ready for probes: one traced function forward, one for a step that undoes itself.

Both take batches of any number of rows without being traced again, and are called below
``tf.function``'s dispatch, which would cost a third of a small model's forward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cached_property
from typing import Any, cast

import keras
import numpy as np
import tensorflow as tf

from mltspec.probes.batch import Batch as Probe
from mltspec.probes.batch import typical
from mltspec.probes.schema import Array, Schema
from mltspec.probes.trial import Refusal, Step
from mltspec.subjects import state
from mltspec.subjects.bench import Unfit
from mltspec.subjects.input_names import input_names
from mltspec.subjects.nests import mapped
from mltspec.subjects.probe_noise import noise_held
from mltspec.subjects.probe_refusals import refusals_of
from mltspec.subjects.probe_rows import Leaf, RealRows
from mltspec.subjects.probe_step import UndoneStep, differs, loss_scales


class KerasProbed:
    """A model under probes. Call `close` when done: it puts everything back.

    Args:
        model: built and, for training steps, compiled.
        schema: of the data that is probed with.
        real: real rows, for their structure alone.
        held: give every row the same noise at inference, because the model is declared to be random there.
    """

    def __init__(self, model: Any, schema: Schema, real: RealRows, held: bool = False) -> None:
        self._model = model
        self._schema = schema
        self._real = real
        self._held = held
        self._found = state.snapshot(model)
        self._specs = _specs(schema)
        self._answers: Any = None
        inputs = self._specs[: len(schema.features)]
        self._forward = self._traced(self._predict, inputs)
        self._longer: dict[tuple[str, ...], Callable[..., Any]] = {}
        scales = set(map(id, loss_scales(model)))
        self._counted = [
            (variable, entry.path, tf.identity(variable.value))
            for variable, entry in state.entries(model)
            if entry.group != "metrics" and entry.what != "seed state" and id(variable) not in scales
        ]
        self._changed = self._traced(self._which_changed, [])
        self._step: UndoneStep | None = None
        self.forward(typical(schema, 1))

    @property
    def inputs(self) -> tuple[Leaf, ...]:
        """The inputs, each with the form in which the model takes it."""
        return self._real.inputs

    @cached_property
    def precision(self) -> float:
        """The machine epsilon of the coarsest type that a layer computes in."""
        return precision_of(self._model)

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
        if not self._schema.labels and type(model).train_step is keras.Model.train_step:
            raise Unfit("a claim about a training step needs labels, and the rows that batches are made from have none")
        if getattr(model, "optimizer", None) is None:
            raise Unfit("a claim about a training step needs a compiled model, and this one was not compiled")
        batch = typical(self._schema, 2)
        model.train_step(self._real.packed(self._all_of(batch)))
        state.restore(model, self._found)
        model.reset_metrics()  # the first step has built them; emptied, they report one batch's loss
        self._step = UndoneStep(model, self._real, lambda function: self._traced(function, self._specs))
        self.step(batch)

    def step(self, batch: Probe) -> Step:
        """Take one training step and undo it; also when the model raises midway."""
        if self._step is None:
            self.ready_to_step()
        assert self._step is not None
        return self._step.take(self._all_of(batch))

    def loss(self, batch: Probe) -> float:
        """Return the loss that the model's own ``test_step`` reports of a batch."""
        if self._step is None:
            self.ready_to_step()
        assert self._step is not None
        return self._step.evaluate(self._all_of(batch))

    def moved(self) -> tuple[str, ...]:
        """Name the variables that predicting has changed, and put them back."""
        flags = self._changed().numpy() if self._counted else np.zeros(0, bool)
        if not flags.any():
            return ()
        for variable, _, value in self._counted:
            variable.assign(value)
        return tuple(path for (_, path, _), flag in zip(self._counted, flags, strict=True) if flag)

    def ready_to_pad(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the features whose sequences can be made longer: those named, or all that the model lets vary.

        Raises:
            Unfit: there is none, or one that is named cannot be.
        """
        features = {feature.name: feature for feature in self._schema.features}
        unknown = [name for name in names if name not in features]
        if unknown:
            raise Unfit(f"there is no feature `{unknown[0]}` to pad; there are {', '.join(map(repr, features))}")
        fixed = self._fixed_lengths(list(features))
        free = [name for name, feature in features.items() if feature.shape and fixed.get(name, 0) is None]
        if not fixed:  # a subclassed model declares nothing: sequences are then whole numbers side by side
            free = [name for name, feature in features.items() if feature.kind == "integer" and feature.width > 1]
        chosen = tuple(names) or tuple(free)
        if not chosen:
            raise Unfit("no input is a sequence of any length, so nothing can be padded; declare one as (None,)")
        for name in chosen:
            if fixed.get(name) is not None or not features[name].shape:
                raise Unfit(f"`{name}` takes {fixed.get(name) or 1} steps and no more: it cannot be padded")
        return chosen

    def padded(self, batch: Probe, names: Sequence[str], value: float, steps: int) -> tuple[Array, ...]:
        """Return the outputs with the sequences of some features made longer by ``steps`` times ``value``."""
        chosen = tuple(names)
        if chosen not in self._longer:
            specs = [
                tf.TensorSpec((None, None, *spec.shape[2:]), spec.dtype) if feature.name in chosen else spec
                for feature, spec in zip(self._schema.features, self._specs, strict=False)
            ]
            self._longer[chosen] = self._traced(self._predict, specs)
        tensors = []
        for feature, table in zip(self._schema.features, batch.tables, strict=True):
            array = table.reshape(-1, *feature.shape)
            if feature.name in chosen:
                tail = np.full((len(array), steps, *array.shape[2:]), value).astype(array.dtype)
                array = np.concatenate([array, tail], axis=1)
            tensors.append(tf.constant(array))
        return tuple(output.numpy() for output in self._longer[chosen](*tensors))

    def refusals(self, batch: Probe) -> tuple[Refusal, ...]:
        """Send inputs of a wrong type and shape, and with one missing, and tell what came of each."""
        return refusals_of(self._model, self._real, self._schema, self._inputs_of(batch))

    def relate(self, relation: Callable[..., Any], batch: Probe) -> Any:
        """Return what ``relation(predict, inputs)`` says, both in the model's own structures, as NumPy arrays."""

        def predict(inputs: Any) -> Any:
            tensors = [
                tf.cast(tf.convert_to_tensor(leaf), spec.dtype) if spec.dtype != tf.string else tf.constant(leaf)
                for leaf, spec in zip(tf.nest.flatten(inputs), self._specs, strict=False)
            ]
            answers = [output.numpy() for output in self._forward(*tensors)]
            return tf.nest.pack_sequence_as(self._answers, answers)

        arrays = [
            table.reshape(-1, *feature.shape)
            for table, feature in zip(batch.tables, self._schema.features, strict=True)
        ]
        return relation(predict, tf.nest.pack_sequence_as(mapped(lambda leaf: 0, self._real.structure[0]), arrays))

    def close(self) -> bool:
        """Put every variable back, and return whether that was called for.

        Returns:
            True if weights and optimizer stood bitwise as they were found: a step undid all it did, and
            predicting changed nothing. Seeds that the model drew from, metrics, which were emptied
            for the steps, and loss scales, which stood at one, are put back without being counted.
        """
        moved = bool(self._changed().numpy().any()) if self._counted else False
        state.restore(self._model, self._found)
        return not moved

    def _fixed_lengths(self, names: Sequence[str]) -> dict[str, int | None]:
        """Return how many steps each declared input takes, None where any number; empty where none is declared."""
        inputs = list(getattr(self._model, "inputs", None) or ())
        declared = input_names(self._model)
        own = declared if set(declared) == set(names) else tuple(names)
        if not inputs or len(own) != len(inputs):
            return {}
        return {name: tensor.shape[1] if len(tensor.shape) > 1 else 1 for name, tensor in zip(own, inputs, strict=True)}

    def _traced(self, function: Callable[..., Any], specs: Sequence[tf.TensorSpec]) -> Callable[..., Any]:
        """Return a function of batches of any size; the Python one where that cannot be traced."""
        if getattr(self._model, "run_eagerly", False):
            return function
        try:
            concrete = tf.function(function, input_signature=specs).get_concrete_function()
        except Exception:  # whatever user code raises on batches of unknown size; what it raises eagerly is told
            state.restore(self._model, self._found)
            return function
        flat = getattr(concrete, "_call_flat", None)  # without binding arguments, a quarter of a small model's call
        if flat is None:
            return cast(Callable[..., Any], concrete)
        captured = concrete.captured_inputs
        return lambda *tensors: flat(list(tensors), captured)

    def _inputs_of(self, batch: Probe) -> list[Any]:
        tables = zip(batch.tables, self._schema.features, strict=True)
        return [tf.constant(table.reshape(-1, *feature.shape)) for table, feature in tables]

    def _all_of(self, batch: Probe) -> list[Any]:
        return [*self._inputs_of(batch), *map(tf.constant, batch.labels)]

    def _predict(self, *tensors: Any) -> list[Any]:
        with noise_held() if self._held else nullcontext():
            answers = self._model.predict_step((self._real.packed_inputs(tensors),))
        outputs = tf.nest.flatten(answers)
        self._answers = tf.nest.map_structure(lambda leaf: 0, answers)
        return [tf.cast(out, tf.float32) if out.dtype in (tf.float16, tf.bfloat16) else out for out in outputs]

    def _which_changed(self) -> Any:
        return tf.stack([differs(variable, value) for variable, _, value in self._counted] or [tf.constant(False)])


def _specs(schema: Schema) -> list[tf.TensorSpec]:
    """Return the signature of a batch with any number of rows: features, then labels."""
    shapes = [((None, *feature.shape), feature.pool.dtype) for feature in schema.features]
    shapes += [((None, *leaf.shape[1:]), leaf.dtype) for leaf in schema.labels]
    return [tf.TensorSpec(shape, tf.string if dtype.kind in "OSU" else tf.as_dtype(dtype)) for shape, dtype in shapes]


def precision_of(model: Any) -> float:
    """Return the machine epsilon of the coarsest type that a layer computes in."""
    types = {str(layer.compute_dtype) for layer in model._flatten_layers()}
    if "bfloat16" in types:
        return 2.0**-7
    return float(np.finfo(np.float16).eps) if "float16" in types else float(np.finfo(np.float32).eps)
