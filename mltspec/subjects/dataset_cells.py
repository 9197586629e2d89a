"""Cells that hold no number, inputs that tell rows apart by nothing, and labels that stand among the inputs."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from mltspec.evidence.dataset import Missing, OneClassBatches
from mltspec.subjects.nests import Batch, is_composite, leaves, mapped, named, taken

MOST_ASKED = 32
"""Rows with missing values that the model is asked about."""
PARTS = ("input", "labels", "sample_weight")


def missing(batch: Batch, build: Callable[[], Any]) -> tuple[Missing, ...]:
    """Return the parts of the data that hold NaN, infinity or None.

    Args:
        batch: all rows that were read.
        build: returns the model; called only if something is missing, to see whether it can live with it.
    """
    found = [(part, name, *seen) for part, name, leaf in _parts(batch) for seen in _holes(leaf)]
    if not found:
        return ()
    model = build()
    return tuple(_missing(batch, model, part, name, value, bad) for part, name, value, bad in found)


def _parts(batch: Batch) -> Iterator[tuple[str, str, Any]]:
    for part, what in zip(batch, PARTS, strict=True):
        for name, leaf in named(part, what):
            if not is_composite(leaf):
                yield what, name, np.asarray(leaf)


def _holes(array: Any) -> Iterator[tuple[str, Any]]:
    """Yield what is missing and where, as flags of the array's shape."""
    if array.dtype.kind == "f":
        flags = {"NaN": np.isnan(array), "infinity": np.isinf(array)}
    elif array.dtype.kind == "O":
        flags = {"None": np.vectorize(lambda cell: cell is None or cell != cell, otypes=[bool])(array)}
    else:
        return
    yield from ((value, bad) for value, bad in flags.items() if bad.any())


def _missing(batch: Batch, model: Any, part: str, name: str, value: str, bad: Any) -> Missing:
    by_row = bad.reshape(len(bad), -1)
    rows = np.flatnonzero(by_row.any(axis=1))
    columns = np.flatnonzero(by_row.any(axis=0)) if bad.ndim > 1 else ()
    return Missing(
        part=name,
        value=value,
        cells=int(bad.sum()),
        rows=len(rows),
        first_row=int(rows[0]),
        columns=tuple(map(int, columns[:8])),
        carried=_carried(model, taken(batch, rows[:MOST_ASKED]), part),
    )


def _carried(model: Any, batch: Batch, part: str) -> bool | None:
    """Tell whether a model lives with these rows: its answers, or for labels and weights its loss, are finite."""
    x, y, weight = (mapped(tf.convert_to_tensor, each) if _holds_numbers(each) else each for each in batch)
    with contextlib.suppress(Exception):
        if part == "input":
            return all(
                bool(np.isfinite(np.asarray(leaf, np.float64)).all()) for leaf in leaves(model(x, training=False))
            )
        logs = model.test_on_batch(x, y, weight, return_dict=True)
        return bool(np.isfinite(np.asarray(logs["loss"])))
    return None


def _holds_numbers(structure: Any) -> bool:
    return all(not is_composite(leaf) and np.asarray(leaf).dtype.kind in "biufUS" for leaf in leaves(structure))


def blank(batch: Batch) -> bool:
    """Tell whether every row has the same inputs: then nothing can be learnt from them."""
    arrays = leaves(batch[0])
    if not arrays or any(is_composite(leaf) for leaf in arrays) or len(arrays[0]) < 2:
        return False
    return all(bool((np.asarray(leaf) == np.asarray(leaf)[:1]).all()) for leaf in arrays)


def label_columns(batch: Batch) -> tuple[str, ...]:
    """Return the input columns that equal the label in every row, where it is one value among other columns."""
    label = batch[1]
    if label is None or isinstance(label, dict | list | tuple) or is_composite(label):
        return ()
    truth = np.asarray(label)
    if truth.dtype.kind not in "biuf" or truth.size != len(truth) or len(np.unique(truth)) < 2:
        return ()
    truth, found, columns = truth.reshape(-1).astype(np.float32), [], 0
    for name, leaf in named(batch[0], "input"):
        if is_composite(leaf) or np.asarray(leaf).dtype.kind not in "biuf":
            columns += 1
            continue
        values = np.asarray(leaf).reshape(len(truth), -1).astype(np.float32)
        same = np.flatnonzero((values == truth[:, None]).all(axis=0))
        found += [f"{name}, column {at}" if values.shape[1] > 1 else name for at in same]
        columns += values.shape[1]
    return tuple(found) if columns > len(found) else ()


def one_class_batches(labels: Any, sizes: tuple[int, ...]) -> OneClassBatches | None:
    """Measure how mixed the classes of each batch are, in the order of training.

    Args:
        labels: (rows,) or (rows, 1) classes by number, or (rows, classes) one-hot.
        sizes: the rows of each batch.

    Returns:
        None where labels are no classes, or there are too few batches to tell.
    """
    classes = _class_numbers(labels)
    if classes is None or len(sizes) < 4 or min(sizes[:-1]) < 4:
        return None
    kinds = len(np.unique(classes))
    starts = np.cumsum((0, *sizes[:-1]))
    within = [_mixed(classes[start : start + size]) for start, size in zip(starts, sizes, strict=True) if size > 1]
    return OneClassBatches(batches=len(sizes), classes=kinds, within=float(np.mean(within)), overall=_mixed(classes))


def _class_numbers(labels: Any) -> Any:
    if labels is None or isinstance(labels, dict | list | tuple) or is_composite(labels):
        return None
    array = np.asarray(labels)
    if array.dtype.kind not in "biuf" or array.ndim > 2 or not len(array):
        return None
    if array.ndim == 2 and array.shape[1] > 1:
        one_hot = bool(np.isin(array, (0, 1)).all()) and bool((array.sum(axis=1) == 1).all())
        return array.argmax(axis=1) if one_hot else None
    array = array.reshape(-1)
    whole = bool((array == np.floor(array)).all())
    return array if whole and 2 <= len(np.unique(array)) <= max(2, min(100, len(array) // 8)) else None


def _mixed(classes: Any) -> float:
    """Return the chance that two different rows differ in class."""
    counts = np.unique(classes, return_counts=True)[1].astype(np.float64)
    rows = counts.sum()
    return float(1 - (counts * (counts - 1)).sum() / (rows * (rows - 1)))
