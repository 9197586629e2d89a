"""What each layer of a model was given and answered in one forward pass, whoever called it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import keras
import tensorflow as tf

from mltspec.subjects.nests import leaves


@dataclass(frozen=True)
class Call:
    """One call of a layer that holds no other layers: tensors as they were."""

    layer: Any
    given: Any
    answered: Any


@contextmanager
def recorded(keep: bool = True) -> Iterator[list[Call]]:
    """Note every eager call of every innermost layer in this process, in order, until the block is left.

    Args:
        keep: hold on to what was given and answered; else only to the layers.
    """
    calls: list[Call] = []
    plain = keras.layers.Layer.__call__

    def noted(layer: Any, *positional: Any, **named: Any) -> Any:
        answered = plain(layer, *positional, **named)
        given = positional[0] if positional else next(iter(named.values()), None)
        tensors = [*leaves(given), *leaves(answered)]
        eager = all(isinstance(each, tf.Tensor) and hasattr(each, "numpy") for each in tensors)
        innermost = next(iter(layer._flatten_layers(include_self=False)), None) is None
        if tensors and eager and innermost:
            calls.append(Call(layer, given, answered) if keep else Call(layer, None, None))
        return answered

    with patch.object(keras.layers.Layer, "__call__", noted):
        yield calls
