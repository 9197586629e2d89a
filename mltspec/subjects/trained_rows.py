"""Rows of a data set to look at: a fair sample of one pass, and whether a second pass is the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import numpy as np

from mltspec.subjects.loaded import Loaded
from mltspec.subjects.nests import Batch, is_composite, joined, leaves, rows_of, taken

READ_ROWS = 4096
"""Of a stream at most so many rows are read in a pass; a sample of its first batches alone may hold one class."""

READ_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Rows:
    """Rows of one pass, in its order.

    Args:
        name: the data set's.
        batch: inputs, labels and weights, (rows, ...) each.
        order: whether a second pass was the same.
        labels_again: the labels of the second pass where these rows stand in the first; None if it was the same.
        whole: the pass was read to its end.
        weighted: the share of rows that carry a sample weight above 0; only these are looked at.
    """

    name: str
    batch: Batch
    order: Literal["same", "reordered", "other rows"] = "same"
    labels_again: Any = None
    whole: bool = True
    weighted: float = 1.0

    @property
    def count(self) -> int:
        """How many rows there are."""
        return rows_of(self.batch[0])


def sampled(loaded: Loaded, most: int, seed: int) -> Rows:
    """Return at most so many rows, drawn without replacement and kept in order.

    Data in memory is the same at each pass; a stream is read twice and the passes compared.

    Args:
        loaded: the data set.
        most: how many rows to draw.
        seed: equal seeds draw equal rows.
    """
    whole = loaded.arrays()
    if whole is not None:
        at, weighted = _drawn(whole, most, seed)
        return Rows(loaded.name, taken(whole, at), weighted=weighted)
    first, second = _read(loaded), _read(loaded)
    count = rows_of(first[0])
    at, weighted = _drawn(first, most, seed)
    order = _order(first, second)
    again = None
    if order != "same" and second[1] is not None and rows_of(second[0]) == count:
        again = taken(second[1], at)
    return Rows(loaded.name, taken(first, at), order, again, count < READ_ROWS, weighted)


def _drawn(batch: Batch, most: int, seed: int) -> tuple[Any, float]:
    """Return places in rising order, and the share of rows with a weight.

    A fixed stride would fall in step with data that repeats itself.
    """
    count = rows_of(batch[0])
    if any(map(is_composite, leaves(batch))):
        return slice(0, most), 1.0
    places, weights = np.arange(count), leaves(batch[2])
    if len(weights) == 1:
        counting = np.asarray(weights[0]).reshape(count, -1).max(axis=1) > 0
        places = np.flatnonzero(counting) if counting.any() else places
    if len(places) > most:
        places = np.sort(np.random.default_rng(seed).choice(places, most, replace=False))
    return places, 1.0 if len(weights) != 1 else float(counting.mean())


def _read(loaded: Loaded) -> Batch:
    one = leaves(next(loaded.batches(limit=1)))
    row_bytes = sum(64 if is_composite(leaf) else np.asarray(leaf).nbytes for leaf in one)
    rows = min(READ_ROWS, max(64, READ_BYTES // max(1, row_bytes)))
    return joined(list(islice(loaded.batches(limit=rows), rows)))


def _order(first: Batch, second: Batch) -> Literal["same", "reordered", "other rows"]:
    ours, theirs = _digests(first), _digests(second)
    if ours == theirs:
        return "same"
    # Of a long stream that is shuffled anew, the first rows need not be the same rows.
    if Counter(ours) == Counter(theirs) or len(ours) >= READ_ROWS:
        return "reordered"
    return "other rows"


def _digests(batch: Batch) -> list[bytes]:
    """Return a digest of each row."""
    rows = rows_of(batch[0])
    hashes = [hashlib.blake2b(digest_size=16) for _ in range(rows)]
    for leaf in leaves(batch):
        if is_composite(leaf):
            continue
        array = np.asarray(leaf)
        if array.dtype.kind in "OUS":
            parts = [repr(row.tolist()).encode() for row in array.reshape(rows, -1)]
        else:
            parts = [row.tobytes() for row in np.ascontiguousarray(array)]
        for each, part in zip(hashes, parts, strict=True):
            each.update(part)
    return [each.digest() for each in hashes]
