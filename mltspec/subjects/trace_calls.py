"""What every layer was given and answered while a model ran, whoever called it, and what lay in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import keras
import tensorflow as tf

from mltspec.subjects.nests import leaves
from mltspec.subjects.trace_values import is_finite


@dataclass
class Call:
    """One call of a layer or of an operation of a functional model; tensors as they were.

    ``above`` are the paths of the layers that it is a part of, the outermost first; ``whole``: it holds others.
    """

    layer: Any
    path: str
    above: tuple[str, ...]
    whole: bool
    given: list[Any]
    answered: list[Any] = field(default_factory=list)

    @property
    def within(self) -> str:
        """The path of the layer that called it, empty if none did."""
        return self.above[-1] if self.above else ""

    @property
    def kind(self) -> str:
        """The layer's class, and its activation where it has one."""
        activation = getattr(getattr(self.layer, "activation", None), "__name__", "")
        return type(self.layer).__name__ + (f" {activation}" if activation and activation != "linear" else "")

    def breaks(self) -> bool:
        """Tell whether it was given finite tensors and answered with something else."""
        return not all(map(is_finite, self.answered)) and all(map(is_finite, self.given))


@dataclass
class Course:
    """All calls of a run in the order in which they began; ``unseen`` has a reason for each layer that was compiled."""

    calls: list[Call] = field(default_factory=list)
    unseen: dict[str, str] = field(default_factory=dict)


@contextmanager
def followed() -> Iterator[Course]:
    """Note every call of a layer in this process until the block is left; functions of TensorFlow's run eagerly.

    What is compiled all the same (a loop of XLA's, a graph loaded from disk) cannot be looked into, and is named.
    """
    course = Course()
    stack: list[Call] = []
    eagerly = tf.config.functions_run_eagerly()

    def noting(plain: Callable[..., Any], layers_too: bool) -> Callable[..., Any]:
        def call(layer: Any, *positional: Any, **named: Any) -> Any:
            if isinstance(layer, keras.layers.Layer) is not layers_too:
                return plain(layer, *positional, **named)
            noted = _begun(layer, positional, named, stack)
            stack.append(noted)
            course.calls.append(noted)
            try:
                answered = plain(layer, *positional, **named)
            finally:
                stack.pop()
            noted.answered = _tensors(answered)
            if not noted.answered or not all(map(_is_eager, noted.answered)):
                course.calls.remove(noted)
                if noted.answered:
                    course.unseen[noted.path] = "it runs inside a compiled function"
            return answered

        return call

    tf.config.run_functions_eagerly(True)
    try:
        with (
            patch.object(keras.layers.Layer, "__call__", noting(keras.layers.Layer.__call__, True)),
            patch.object(keras.Operation, "__call__", noting(keras.Operation.__call__, False)),
        ):
            yield course
    finally:
        tf.config.run_functions_eagerly(eagerly)


def first_broken(course: Course, sound_inputs: bool = True) -> tuple[str, str] | None:
    """Return where something not finite first came up: a path, and in words what it is; None if all was finite.

    A layer whose parts are all sound has done it itself; a layer that is given something not finite, which no layer
    answered, stands behind the operation that did it.

    Args:
        course: of a run that ended in something not finite: what comes up and is thrown away is nobody's trouble.
        sound_inputs: the batch itself was finite. Where it was not, what a layer is given may be the batch's.
    """
    broken: set[int] = set()
    for at, call in enumerate(course.calls):
        if at and sound_inputs and any(not is_finite(each) and id(each) not in broken for each in call.given):
            where = f"in `{call.within}`, " if call.within else ""
            return call.path, f"{where}what it is given is not finite: an operation before it made it so"
        if call.breaks():
            parts = [each for each in course.calls[at + 1 :] if call.path in each.above]
            inner = first_broken(Course(parts), sound_inputs) if parts else None
            return inner or (call.path, "its output is not finite, though what it was given is")
        broken |= {id(tensor) for tensor in call.answered if not is_finite(tensor)}
    return None


def _begun(layer: Any, positional: tuple[Any, ...], named: dict[str, Any], stack: list[Call]) -> Call:
    path = getattr(layer, "path", None) or layer.name
    whole = isinstance(layer, keras.layers.Layer) and any(True for _ in layer._flatten_layers(include_self=False))
    return Call(layer, path, tuple(call.path for call in stack), whole, _tensors([positional, named]))


def _tensors(nest: Any) -> list[Any]:
    return [leaf for leaf in leaves(nest) if isinstance(leaf, tf.Tensor | tf.RaggedTensor | tf.SparseTensor)]


def _is_eager(tensor: Any) -> bool:
    flat = getattr(tensor, "flat_values", getattr(tensor, "values", tensor))
    return hasattr(flat, "numpy")
