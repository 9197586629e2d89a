"""What training did to the weights: how far they moved, which stood still, shrank or are no numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from mltspec.evidence.trained import WeightsLook
from mltspec.subjects import state

SHRUNK = 0.1
"""A variable below this share of its norm at the start has been shrunk."""


def look_at_weights(
    model: Any, start: Sequence[Any], steps: int, start_known: bool, penalty: float, chain: tuple[str, ...]
) -> WeightsLook:
    """Compare the trained weights with those before training.

    Args:
        model: in its trained state.
        start: the values before training, in the order of ``model.trainable_variables``.
        steps: how many were taken.
        start_known: training began from these values.
        penalty: what regularisers add to the loss.
        chain: two layers in a row with nothing between but a linear map.
    """
    variables = list(model.trainable_variables)
    ends = [_float(state.value_of(variable)) for variable in variables]
    begins = [_float(value) for value in start]
    pairs = list(zip(variables, begins, ends, strict=True))
    size = math.sqrt(sum(float((begin**2).sum()) for begin in begins))
    change = math.sqrt(sum(float(((end - begin) ** 2).sum()) for _, begin, end in pairs if np.isfinite(end).all()))
    return WeightsLook(
        trainable=len(variables),
        steps=steps,
        moved=change / size if size > 0 else math.inf if change > 0 else 0.0,
        still=tuple(v.path for v, begin, end in pairs if np.array_equal(begin, end)) if start_known else (),
        shrunk=tuple(v.path for v, begin, end in pairs if _norm(end) < SHRUNK * _norm(begin)),
        nonfinite=tuple(variable.path for variable, _, end in pairs if not np.isfinite(end).all()),
        start_known=start_known,
        penalty=penalty,
        linear_chain=chain,
    )


def _norm(value: Any) -> float:
    return float(np.linalg.norm(value))


def _float(value: Any) -> Any:
    """Return a value as doubles; bfloat16 is the upper half of a float."""
    if value.dtype.kind == "V":
        return (value.view(np.uint16).astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return value.astype(np.float64)
