"""Which inputs a trained model's answers depend on: each is set to several of its values, all else as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from mltspec.evidence.trained import InputsLook
from mltspec.subjects.answers import Array
from mltspec.subjects.nests import is_composite, leaves, mapped, named, rows_of, taken
from mltspec.subjects.trained_model import Restored

MOST_INPUTS = 256
FEW_ROWS, MANY_ROWS = 16, 256
"""Rows on which each input is tried at first, and once more before it is said to be ignored."""

POSITIONAL = ("Conv", "Pool", "Reshape", "Crop", "RNN", "LSTM", "GRU", "Attention", "Permute", "Flatten")
"""Parts of the names of layers to which a column may be a position, and one at the edge may rightly be dropped."""


@dataclass(frozen=True)
class Input:
    """One input: a leaf of the inputs, or one column of it (None: all of it)."""

    name: str
    leaf: int
    column: int | None


def look_at_inputs(restored: Restored, inputs: Any) -> InputsLook:
    """Find the inputs that no answer depends on.

    An input is ignored only if every output is bitwise the same for all its values tried, on every row tried. Inputs
    that do not vary in the rows, and those that the model does not declare, are none.

    Args:
        restored: the trained model.
        inputs: training rows, a structure of arrays.
    """
    found = _inputs(restored.model, inputs)
    chosen = found[:: -(-len(found) // MOST_INPUTS)] if found else []
    rows = min(rows_of(inputs), FEW_ROWS)
    suspects = _ignored(restored, inputs, chosen, rows)
    ignored = _ignored(restored, inputs, suspects, min(rows_of(inputs), MANY_ROWS)) if suspects else []
    return InputsLook(
        tried=len(chosen),
        rows=rows,
        ignored=tuple(each.name for each in ignored),
        skipped=len(found) - len(chosen),
    )


def _inputs(model: Any, inputs: Any) -> list[Input]:
    struct = getattr(model, "_inputs_struct", None)
    declared = set(struct) if isinstance(struct, dict) else None
    by_column = not any(part in type(layer).__name__ for layer in model._flatten_layers() for part in POSITIONAL)
    keys = list(inputs) if isinstance(inputs, dict) else [None] * len(leaves(inputs))
    found: list[Input] = []
    for at, (name, leaf) in enumerate(named(inputs, "input")):
        if declared is not None and len(keys) > at and keys[at] not in declared:
            continue
        if type(leaf).__name__ == "SparseTensor":
            continue
        if is_composite(leaf):
            found.append(Input(name, at, None))
            continue
        array = np.asarray(leaf)
        if array.ndim == 2 and array.shape[1] > 1 and array.dtype.kind == "f" and by_column:
            varying = (array != array[:1]).any(axis=0)
            found += [Input(f"{name}, column {column}", at, column) for column in np.flatnonzero(varying).tolist()]
        elif (array != array[:1]).any():
            found.append(Input(name, at, None))
    return found


def _ignored(restored: Restored, inputs: Any, tried: Sequence[Input], rows: int) -> list[Input]:
    """Return the inputs whose values change no output on the first rows."""
    if not tried:
        return []
    base = taken(inputs, slice(0, rows))
    moves = [_settings(each, leaves(inputs)[each.leaf], rows) for each in tried]
    alike = np.ones(len(tried), bool)
    values = rows * sum(1024 if is_composite(leaf) else int(np.prod(np.shape(leaf)[1:])) for leaf in leaves(base))
    at_once = max(1, 2**20 // max(1, values))
    for start in range(0, len(tried), at_once):
        part = slice(start, start + at_once)
        answers: list[list[Array]] = []
        for move in range(max(len(each) for each in moves[part])):
            moved = [_with(base, each, settings[move % len(settings)])
                     for each, settings in zip(tried[part], moves[part], strict=True)]  # fmt: skip
            outputs = leaves(restored.answers(_stacked(moved)))
            answers.append([output.reshape(len(moved), -1) for output in outputs])
        for other in answers[1:]:
            for one, another in zip(answers[0], other, strict=True):
                alike[part] &= (one == another).all(axis=1)
    return [each for each, same in zip(tried, alike, strict=True) if same]


def _settings(tried: Input, leaf: Any, rows: int) -> list[Any]:
    """Return values to set: low, high and middle ones or the commonest kinds; whole inputs take other rows' place."""
    generator = np.random.default_rng(0)
    if is_composite(leaf):
        return [leaf[:rows], *(tf.gather(leaf, generator.permutation(rows_of(leaf))[:rows]) for _ in range(3))]
    array = np.asarray(leaf)
    if tried.column is not None or array.size == len(array):
        column = array[:, tried.column] if tried.column is not None else array.reshape(-1)
        if array.dtype.kind == "f":
            known = column[np.isfinite(column)]
            return [np.quantile(known, q).astype(array.dtype) for q in (0.0, 1.0, 0.5)] if known.size else [column[0]]
        values, counts = np.unique(column.astype(str) if array.dtype.kind == "O" else column, return_counts=True)
        return list(values[np.argsort(-counts)][:6])
    return [array[:rows], *(array[generator.permutation(len(array))[:rows]] for _ in range(3))]


def _with(base: Any, tried: Input, setting: Any) -> Any:
    """Return the rows with one input set."""
    place = iter(range(len(leaves(base))))

    def changed(leaf: Any) -> Any:
        if next(place) != tried.leaf:
            return leaf
        if is_composite(leaf):
            return setting
        array = np.array(leaf)
        if tried.column is not None:
            array[:, tried.column] = setting
        else:
            array[...] = setting
        return array

    return mapped(changed, base)


def _stacked(parts: Sequence[Any]) -> Any:
    """Return structures as one, rows after rows: the same rows stand in the same places at every setting."""
    columns = [leaves(part) for part in parts]
    place = iter(range(len(columns[0])))

    def joined(_: Any) -> Any:
        at = next(place)
        parts = [column[at] for column in columns]
        return tf.concat(parts, axis=0) if is_composite(parts[0]) else np.concatenate(parts)

    return mapped(joined, parts[0])
