"""A training step taken again and again from the same state: its gradients read, its update withheld."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mltspec.subjects import state
from mltspec.subjects.nests import Batch, is_composite, leaves, mapped

Vector = NDArray[np.float64]

STEADY_SCALE = 2.0**10
"""Scale of a scaled loss while gradients are read: too small to overflow, large enough for half precision."""

NOISY = ("rate", "dropout", "recurrent_dropout", "stddev")
"""Settings of Keras' own layers that make training random; at 0 they are still."""

SEEDED: dict[str, Callable[..., Any]] = {
    "normal": tf.random.stateless_normal,
    "uniform": tf.random.stateless_uniform,
    "truncated_normal": tf.random.stateless_truncated_normal,
}
"""Draws that go on from call to call, with ones that do not: no snapshot puts their state back."""


@dataclass(frozen=True)
class Step:
    """One step: its loss (NaN if it reports none), penalties, gradients (None: not handed over) and answers.

    ``handed``: gradients were handed to an optimizer; else they are what the step moved its weights by.
    """

    loss: float
    penalty: float
    gradients: tuple[Vector | None, ...]
    outputs: tuple[NDArray[Any], ...]
    handed: bool

    @property
    def readable(self) -> bool:
        """There is a gradient; a step that gathers several batches hands none over at first."""
        return any(part is not None for part in self.gradients)

    @property
    def gradient(self) -> Vector:
        """All gradients as one vector."""
        parts = [part.reshape(-1) for part in self.gradients if part is not None]
        return np.concatenate(parts) if parts else np.zeros(0)


@dataclass(frozen=True)
class Dials:
    """What is turned for one step: the strength of all penalties, and a pull added to those on weights or to others.

    A pull adds a multiple of the sum of the weights to the penalty: a step that takes the penalty in shows it.
    """

    strength: float = 1.0
    weights_pull: float = 0.0
    added_pull: float = 0.0


class WatchedStep:
    """The model's own training step, traced once; every call begins at the same weights, metrics and seeds.

    Dropout and noise of Keras' own layers are still meanwhile: batches of different size would draw different noise.
    What draws from TensorFlow's generators draws the same numbers every time.

    Args:
        model: compiled and built. It is left as it was found, but for variables that come into being.
        example: a batch to trace with.
    """

    def __init__(self, model: Any, example: Batch) -> None:
        self.model = model
        self.variables = list(model.trainable_variables)
        self.added = 0
        """How many losses the layers add themselves."""
        self._dials = {name: tf.Variable(0.0, dtype=tf.float32) for name in ("strength", "weights_pull", "added_pull")}
        self._at = {id(variable): at for at, variable in enumerate(self.variables)}
        self._steady_scales()
        self._found = state.snapshot(model)
        self._function = self._traced(example)
        with self.patched():
            self._function(*given(example))
        touched = state.changed(self._found)
        self.put_back()
        metrics = [variable for metric in model.metrics for variable in metric.variables]
        self._found = state.snapshot(model, [*{id(v): v for v in [*touched, *self.variables, *metrics]}.values()])

    def run(self, batch: Batch, dials: Dials | None = None) -> Step:
        """Take one step and undo all it did."""
        self.put_back()
        self.turn(dials or Dials())
        try:
            with self.patched():
                seen = self._function(*given(batch))
            return self._step(seen)
        finally:
            state.restore(self.model, self._found)

    def turn(self, dials: Dials) -> None:
        """Set the dials for what runs next."""
        for name, variable in self._dials.items():
            variable.assign(getattr(dials, name))

    def put_back(self) -> None:
        """Undo all that was done since the steps' beginning."""
        state.restore(self.model, self._found)

    def begin_at(self, values: Sequence[Vector]) -> None:
        """Begin all further steps at these values of the trainable variables."""
        for variable, value in zip(self.variables, values, strict=True):
            variable.assign(value)
        self.begin_here()

    def begin_here(self) -> None:
        """Begin all further steps at what the model's variables are now."""
        self._found = state.snapshot(self.model, [variable for variable, _ in self._found.variables])

    def _step(self, seen: Any) -> Step:
        gradients: list[Vector | None] = [None] * len(self.variables)
        for at, gradient in seen["gradients"].items():
            gradients[int(at)] = np.asarray(gradient, np.float64)
        if not seen["gradients"]:
            # A step that moves its weights itself: what it moved them by stands for the gradient.
            before = {id(variable): value for variable, value in self._found.variables}
            moved = [before[id(v)].astype(np.float64) - state.value_of(v) for v in self.variables]
            gradients = list(moved) if any(part.any() for part in moved) else gradients
        outputs = tuple(np.asarray(output) for output in seen["outputs"])
        return Step(float(seen["loss"]), float(seen["penalty"]), tuple(gradients), outputs, bool(seen["gradients"]))

    def _traced(self, example: Batch) -> Callable[..., Any]:
        """Return the step as a function of batches of any size; of each size anew where that cannot be traced."""
        if self.model.run_eagerly:
            return self.take
        anew: Callable[..., Any] = tf.function(self.take, autograph=False)
        specs = mapped(any_rows, given(example))
        traced: Callable[..., Any] = tf.function(self.take, input_signature=list(specs), autograph=False)
        try:
            with self.patched():
                traced(*given(example))
            return traced
        except Exception:  # whatever user code raises on batches of unknown size, or where it reads what it traces
            return anew if self._runs(anew, example) else self.take
        finally:
            self.put_back()

    def _runs(self, step: Callable[..., Any], example: Batch) -> bool:
        try:
            with self.patched():
                step(*given(example))
        except Exception:  # it can only be run eagerly; what it raises then is told
            return False
        return True

    def take(self, x: Any, y: Any = None, weight: Any = None) -> dict[str, Any]:
        """Take the step with the optimizers' doors shut."""
        handed: dict[str, Any] = {}
        outputs: list[Any] = []
        with _doors(self.model, self._at, handed), _heard(self.model, outputs):
            logs = self.model.train_step(given((x, y, weight))) or {}
            self.added = len(self.model.losses) - sum(v.regularizer is not None for v in self.variables)
            penalties = [tf.cast(tf.reduce_sum(each), tf.float32) for each in self.model.losses]
        loss = logs.get("loss", math.nan) if isinstance(logs, dict) else math.nan
        return {
            "loss": tf.cast(tf.reduce_mean(loss), tf.float32),
            "penalty": tf.add_n(penalties) if penalties else tf.constant(0.0),
            "gradients": handed,
            "outputs": [tf.identity(output) for output in leaves(outputs[-1] if outputs else None)],
        }

    @contextmanager
    def patched(self) -> Iterator[None]:
        """Turn penalties into ones with dials, and noise off, while the step is traced or run."""
        strength, weights_pull, added_pull = self._dials.values()
        with ExitStack() as stack:
            for layer in self.model._flatten_layers(include_self=True):
                for name, regulariser in _regularisers(layer):
                    stack.enter_context(patch.object(layer, name, _dialled(regulariser, strength, weights_pull)))
                for name in NOISY if type(layer).__module__.startswith("keras.") else ():
                    if isinstance(vars(layer).get(name), float):
                        stack.enter_context(patch.object(layer, name, 0.0))
            for variable in self.variables:
                if variable.regularizer is not None:
                    stack.callback(setattr, variable, "regularizer", variable.regularizer)
                    variable.regularizer = _dialled(variable.regularizer, strength, weights_pull)
            plain = keras.layers.Layer.add_loss

            def add_loss(layer: Any, loss: Any) -> None:
                pull = added_pull * tf.add_n([_sum(variable) for variable in self.variables])
                for each in tf.nest.flatten(loss):
                    plain(layer, tf.cast(each, tf.float32) * strength + pull)

            stack.enter_context(patch.object(keras.layers.Layer, "add_loss", add_loss))
            for name, drawn in SEEDED.items():
                stack.enter_context(patch.object(tf.random, name, _seeded(drawn)))
                if hasattr(tf.random.Generator, name):
                    stack.enter_context(patch.object(tf.random.Generator, name, _seeded_method(drawn)))
            yield

    def _steady_scales(self) -> None:
        for optimizer in state.optimizers(self.model):
            if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
                if not optimizer.built:
                    optimizer.build(self.variables)
                optimizer.dynamic_scale.assign(STEADY_SCALE)


def given(batch: Batch) -> tuple[Any, ...]:
    """Return the batch as ``fit`` gives it to a training step: without the parts that are not there."""
    x, y, weight = batch
    if y is None:
        return (x,)
    return (x, y) if weight is None else (x, y, weight)


def still(batch: Batch, in_memory: bool) -> Batch:
    """Return a batch as tensors; doubles of arrays in memory become singles, as ``fit`` makes them."""

    def tensor(leaf: Any) -> Any:
        if is_composite(leaf):
            return leaf
        made = tf.convert_to_tensor(leaf)
        return tf.cast(made, keras.config.floatx()) if in_memory and made.dtype == tf.float64 else made

    x, y, weight = (mapped(tensor, part) for part in batch)
    return x, y, weight


def picked(batch: Batch, at: Any) -> Batch:
    """Return these rows of a batch of tensors."""
    places = tf.constant(np.asarray(at, np.int32))
    x, y, weight = (mapped(lambda leaf: tf.gather(leaf, places), part) for part in batch)
    return x, y, weight


def apart(one: Vector, other: Vector) -> float:
    """Return how far two gradients lie apart, relative to the larger; 0 where both are zero, 1 where parts are missing."""
    if one.size != other.size:
        return 1.0
    size = max(float(np.linalg.norm(one)), float(np.linalg.norm(other)))
    return float(np.linalg.norm(one - other)) / size if size > 0 else 0.0


def multiple(of: Vector, one: Vector) -> tuple[float, float]:
    """Return the number r for which ``one`` is nearest to r times ``of``, and how far it is from that, relatively."""
    square = float(of @ of)
    if square == 0 or of.size != one.size:
        return math.nan, math.nan
    ratio = float(of @ one) / square
    return ratio, apart(ratio * of, one)


@contextmanager
def _doors(model: Any, at: dict[int, int], handed: dict[str, Any]) -> Iterator[None]:
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
def _heard(model: Any, outputs: list[Any]) -> Iterator[None]:
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


def any_rows(leaf: Any) -> Any:
    """Return the signature of such a leaf with any number of rows."""
    if isinstance(leaf, tf.RaggedTensor):
        shape = (None, *leaf.shape[1:])
        return tf.RaggedTensorSpec(shape, leaf.dtype, leaf.ragged_rank, leaf.row_splits.dtype)
    if is_composite(leaf):
        return tf.SparseTensorSpec((None, *leaf.shape[1:]), leaf.dtype)
    return tf.TensorSpec((None, *leaf.shape[1:]), leaf.dtype)
