"""The units of hidden layers over rows: which are constant, zero or saturated, and which layers pass nothing on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mltspec.evidence.trained import LayerUnits
from mltspec.subjects.answers import Array, Floats
from mltspec.subjects.nests import leaves
from mltspec.subjects.trained_calls import Call

CONSTANT, FAINT = 1e-6, 1e-4
"""Ranges over rows, as shares of a unit's size, at which single precision ends and at which hardly anything is left."""

NEAR_END = 1e-3
ENDS = {"sigmoid": (0.0, 1.0), "hard_sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "softsign": (-1.0, 1.0)}
"""Where activations saturate."""

LINEAR_MAPS = ("Dense", "EinsumDense", "Conv1D", "Conv2D", "Conv3D")
PASSING = ("Dropout", "Flatten", "InputLayer", "Identity")


def hidden_units(calls: Sequence[Call], outputs: Any) -> tuple[LayerUnits, ...]:
    """Describe the layers up to the last one that learns; that one and what follows it make the answers.

    Args:
        calls: of one forward pass in inference mode.
        outputs: the tensors that the model answered.
    """
    learning = [at for at, call in enumerate(calls) if call.layer.trainable_weights]
    answers = {id(leaf) for leaf in leaves(outputs)}
    hidden = calls[: learning[-1]] if learning else []
    found = [
        _described(call, np.asarray(call.answered))
        for call in hidden
        if _has_units(call) and id(call.answered) not in answers
    ]
    # A layer called again and again (a cell, a shared layer) is alive if it is in any of its calls.
    kept: dict[str, LayerUnits] = {}
    for each in found:
        known = kept.get(each.path)
        if known is None or each.constant + each.faint < known.constant + known.faint:
            kept[each.path] = each
    return tuple(kept.values())


def linear_chain(calls: Sequence[Call]) -> tuple[str, ...]:
    """Return the first two layers in a row that are one linear map together: an activation is missing between."""
    # What a linear layer answered, by the tensor that holds it.
    linear: dict[int, str] = {}
    for call in calls:
        kind, before = type(call.layer).__name__, linear.get(id(call.given))
        if before is not None and kind in LINEAR_MAPS:
            return before, call.layer.name
        if before is not None and kind in PASSING:
            linear[id(call.answered)] = before
        activation = getattr(getattr(call.layer, "activation", None), "__name__", "")
        if kind in LINEAR_MAPS and activation == "linear" and call.layer.trainable_weights:
            linear[id(call.answered)] = call.layer.name
    return ()


def _has_units(call: Call) -> bool:
    if len(leaves(call.answered)) != 1 or not hasattr(call.answered, "shape"):
        return False
    active = getattr(call.layer, "activation", None) is not None or "ReLU" in type(call.layer).__name__
    return (
        len(call.answered.shape) > 1
        and call.answered.dtype.is_floating
        and bool(call.layer.trainable_weights or active)
    )


def _described(call: Call, answered: Array) -> LayerUnits:
    units = answered.astype(np.float64).reshape(len(answered), -1, answered.shape[-1])
    sizes = np.abs(units).max(axis=(0, 1))
    spans = np.ptp(units, axis=0).max(axis=0)
    constant = spans <= CONSTANT * sizes
    still = spans <= FAINT * sizes
    activation = getattr(getattr(call.layer, "activation", None), "__name__", "")
    ends = ENDS.get(activation, ())
    saturated = np.zeros(len(sizes), bool)
    for end in ends:
        saturated |= np.abs(units - end).max(axis=(0, 1)) < NEAR_END
    return LayerUnits(
        path=call.layer.path or call.layer.name,
        kind=type(call.layer).__name__ + (f", {activation}" if activation and activation != "linear" else ""),
        units=len(sizes),
        constant=int(constant.sum()),
        faint=int((still & ~constant).sum()),
        zero=int((still & (sizes == 0)).sum()),
        saturated=int((still & saturated).sum()),
        inputs_vary=_varies(call.given),
    )


def _varies(given: Any) -> bool:
    for leaf in leaves(given):
        array = np.asarray(leaf)
        if array.dtype.kind in "OSU":
            return True
        if array.ndim and len(array) > 1:
            flat: Floats = array.astype(np.float64).reshape(len(array), -1)
            if (np.ptp(flat, axis=0) > CONSTANT * np.abs(flat).max(axis=0)).any():
                return True
    return False
