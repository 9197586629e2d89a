"""A training step taken again and again from the same state: its gradients read, its update withheld."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mltspec.subjects import state
from mltspec.subjects.fresh_doors import dialled, doors_shut, heard, stilled
from mltspec.subjects.fresh_rows import any_rows, given, packed
from mltspec.subjects.nests import Batch, leaves, mapped

Vector = NDArray[np.float64]

STEADY_SCALE = 2.0**10
"""Scale of a scaled loss while gradients are read: too small to overflow, large enough for half precision."""


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
        with doors_shut(self.model, self._at, handed), heard(self.model, outputs):
            logs = self.model.train_step(packed((x, y, weight))) or {}
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
        with stilled(self.model), dialled(self.model, self.variables, *self._dials.values()):
            yield

    def _steady_scales(self) -> None:
        for optimizer in state.optimizers(self.model):
            if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
                if not optimizer.built:
                    optimizer.build(self.variables)
                optimizer.dynamic_scale.assign(STEADY_SCALE)
