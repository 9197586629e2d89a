"""A tensor in short: range, mean, spread, zeros, what is not finite, and a histogram."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mltspec.evidence.trace import BINS, Trouble, Values
from mltspec.subjects.trained_units import ENDS, NEAR_END

MOST_BINNED = 200_000
"""So many values make a histogram; more are taken evenly spaced."""
SATURATED = 0.99
"""A share of outputs at the ends of their activation that leaves nothing to learn from."""


def values_of(tensor: Any) -> Values:
    """Describe a tensor, an array or a variable; one without numbers has a shape and a type only."""
    if isinstance(tensor, tf.RaggedTensor):
        tensor = tensor.flat_values
    elif isinstance(tensor, tf.SparseTensor | tf.IndexedSlices):
        tensor = tensor.values
    dtype = tf.as_dtype(tensor.dtype).name if hasattr(tensor, "dtype") else type(tensor).__name__
    shape = tuple(int(size) for size in np.shape(tensor))
    if dtype in ("string", "resource", "variant"):
        nothing = math.nan
        return Values(
            shape=shape, dtype=dtype, low=nothing, high=nothing, mean=nothing, spread=nothing, zeros=0.0, nonfinite=0,
            bars=(),
        )  # fmt: skip
    flat = as_numbers(tensor).ravel()
    finite = flat[np.isfinite(flat)]
    some = bool(finite.size)
    low, high = (float(finite.min()), float(finite.max())) if some else (math.nan, math.nan)
    return Values(
        shape=shape,
        dtype=dtype,
        low=low,
        high=high,
        mean=float(finite.mean()) if some else math.nan,
        spread=float(finite.std()) if some else math.nan,
        zeros=float((finite == 0).mean()) if some else 0.0,
        nonfinite=int(flat.size - finite.size),
        bars=_bars(finite, low, high) if some else (),
    )


def as_numbers(tensor: Any) -> NDArray[np.float64]:
    """Return the values as doubles."""
    array = tensor if isinstance(tensor, np.ndarray) else tf.convert_to_tensor(tensor)
    if not isinstance(array, np.ndarray):
        array = (tf.cast(array, tf.float32) if array.dtype in (tf.bfloat16, tf.float16) else array).numpy()
    return np.asarray(array, dtype=np.float64)


def is_finite(tensor: Any) -> bool:
    """Tell whether a tensor holds no NaN and no infinity; what is no number is."""
    flat = getattr(tensor, "flat_values", getattr(tensor, "values", tensor))
    dtype = getattr(flat, "dtype", None)
    if dtype is None or not tf.as_dtype(dtype).is_floating:
        return True
    return bool(tf.reduce_all(tf.math.is_finite(tf.cast(flat, tf.float32) if dtype != tf.float64 else flat)))


def saturated_share(layer: Any, tensor: Any) -> float | None:
    """Return the share of outputs at an end of the layer's activation; None where it has no ends."""
    ends = ENDS.get(getattr(getattr(layer, "activation", None), "__name__", ""))
    if ends is None or not hasattr(tensor, "dtype") or not tensor.dtype.is_floating:
        return None
    flat = as_numbers(tensor)
    if not flat.size:
        return None
    return float((np.minimum(np.abs(flat - ends[0]), np.abs(flat - ends[1])) < NEAR_END).mean())


def trouble_with(values: Values | None, saturated: float | None) -> Trouble:
    """Return what is wrong with an output at first sight."""
    if values is None:
        return ""
    if values.nonfinite:
        return "not finite"
    size = math.prod(values.shape)
    if size > 1 and values.zeros == 1:
        return "all zero"
    if saturated is not None and saturated >= SATURATED:
        return "saturated"
    return "constant" if size > 1 and values.low == values.high else ""


def _bars(finite: NDArray[np.float64], low: float, high: float) -> tuple[int, ...]:
    if low == high:
        return (*([0] * (BINS // 2)), len(finite), *([0] * (BINS - BINS // 2 - 1)))
    some = finite if len(finite) <= MOST_BINNED else finite[:: -(-len(finite) // MOST_BINNED)]
    shares = np.clip(
        (some / 2 - low / 2) / (high / 2 - low / 2), 0, 1
    )  # halves: a span may be beyond what doubles hold
    counts = np.bincount(np.minimum((shares * BINS).astype(np.int64), BINS - 1), minlength=BINS)
    return tuple(int(count) for count in counts)
