"""Nested structures of arrays, rows first: the form in which data reaches a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import numpy as np

Nest = TypeVar("Nest")

Batch = tuple[Any, Any, Any]
"""Inputs, labels and sample weights; the latter two may be None."""


def leaves(nest: Any) -> list[Any]:
    """Return what is not None in a structure of dicts, lists and tuples, in its own order."""
    if nest is None:
        return []
    if isinstance(nest, dict):
        return [leaf for part in nest.values() for leaf in leaves(part)]
    if isinstance(nest, list | tuple):
        return [leaf for part in nest for leaf in leaves(part)]
    return [nest]


def mapped(function: Callable[[Any], Any], nest: Any) -> Any:
    """Return the structure with a function applied to each leaf; None stays."""
    if nest is None:
        return None
    if isinstance(nest, dict):
        return {key: mapped(function, part) for key, part in nest.items()}
    if isinstance(nest, list | tuple):
        parts = [mapped(function, part) for part in nest]
        return tuple(parts) if isinstance(nest, tuple) else parts
    return function(nest)


def named(nest: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the leaves with names to tell people: ``input[age]``, ``input[1]``."""
    parts = nest.items() if isinstance(nest, dict) else enumerate(nest) if isinstance(nest, list | tuple) else None
    if parts is None:
        if nest is not None:
            yield name, nest
        return
    for key, part in parts:
        yield from named(part, f"{name}[{key}]")


def as_arrays(nest: Any) -> Any:
    """Return the structure with NumPy arrays for tensors, frames and columns; ragged and sparse ones stay.

    A list is a structure where it holds arrays or structures, and otherwise one array itself.
    """
    if nest is None:
        return None
    if isinstance(nest, dict):
        return {key: as_arrays(part) for key, part in nest.items()}
    if isinstance(nest, list | tuple):
        if any(isinstance(part, dict | list | tuple) or hasattr(part, "shape") for part in nest) and all(
            hasattr(part, "shape") or isinstance(part, dict) for part in leaves_of_level(nest)
        ):
            parts = [as_arrays(part) for part in nest]
            return tuple(parts) if isinstance(nest, tuple) else parts
        return np.asarray(nest)
    if is_composite(nest):
        return nest
    return nest.to_numpy() if hasattr(nest, "to_numpy") else np.asarray(nest)


def leaves_of_level(nest: Iterable[Any]) -> list[Any]:
    """Return the parts of a list, those of lists in it included."""
    return [leaf for part in nest for leaf in (leaves_of_level(part) if isinstance(part, list | tuple) else [part])]


def is_composite(leaf: Any) -> bool:
    """Tell whether a leaf is a ragged or sparse tensor, which NumPy cannot hold."""
    return type(leaf).__name__ in {"RaggedTensor", "SparseTensor"}


def rows_of(nest: Any) -> int:
    """Return how many rows a structure has, by its first leaf; 0 for one without leaves."""
    found = leaves(nest)
    if not found:
        return 0
    shape = found[0].shape
    return int(shape[0]) if len(shape) else 1


def taken(nest: Any, at: Any) -> Any:
    """Return these rows (a slice or indices) of every leaf."""
    return mapped(lambda leaf: leaf[at], nest)


def joined(batches: list[Nest]) -> Nest:
    """Return batches, or other nests of equal structure, as one, rows after rows."""
    return batches[0] if len(batches) == 1 else _joined(batches)


def _joined(parts: list[Any]) -> Any:
    first = parts[0]
    if first is None:
        return None
    if isinstance(first, dict):
        return {key: _joined([part[key] for part in parts]) for key in first}
    if isinstance(first, list | tuple):
        columns = [_joined([part[at] for part in parts]) for at in range(len(first))]
        return tuple(columns) if isinstance(first, tuple) else columns
    if is_composite(first):
        import tensorflow as tf

        return tf.concat(parts, axis=0)
    return np.concatenate(parts)


def rebatched(batches: Iterable[Batch], rows: int) -> Iterator[Batch]:
    """Yield batches of exactly so many rows, the last one of what is left; never holds more than it must."""
    held: list[Batch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += rows_of(batch[0])
        while count >= rows:
            whole = joined(held)
            yield taken(whole, slice(0, rows))
            count -= rows
            held = [taken(whole, slice(rows, None))] if count else []
    if count:
        yield joined(held)
