"""Rows known by their content: how two passes compare, and which rows of one data set are in another."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mltspec.evidence.dataset import Overlap, Passes
from mltspec.subjects.loaded import Loaded
from mltspec.subjects.nests import Batch, is_composite, joined, leaves, named, rows_of

Floats: TypeAlias = NDArray[np.float64]
MOST_BYTES = 256 * 2**20
NEAR_COLUMNS = 2
"""Two rows are nearly alike if at most so many of their columns differ: as many as one category, one-hot, moves."""
MOST_COMPARED = (64, 2000, 512)
"""Found rows, training rows and columns that are compared cell by cell."""


@dataclass(frozen=True)
class Pass:
    """One pass: its rows as one batch, the rows of each batch as it came, and each row's key."""

    batch: Batch
    sizes: tuple[int, ...]
    keys: tuple[bytes, ...]
    whole: bool


def read(loaded: Loaded, rows: int, batch_rows: int | None = None) -> Pass:
    """Read one pass, at most ``rows`` rows and 256 MiB of it."""
    held: list[Batch] = []
    count = size_bytes = 0
    whole = True
    for batch in loaded.batches(batch_rows):
        held.append(batch)
        count += rows_of(batch[0])
        size_bytes += sum(np.asarray(leaf).nbytes for leaf in leaves(batch) if not is_composite(leaf))
        if count >= rows or size_bytes > MOST_BYTES:
            whole = count == loaded.rows if loaded.arrays() is not None else False
            break
    together = joined(held)
    return Pass(together, tuple(rows_of(batch[0]) for batch in held), tuple(keys(together)), whole)


def keys(batch: Batch) -> Iterator[bytes]:
    """Yield a digest of each row, inputs and labels; numbers count by value, whatever their type."""
    parts = [list(_row_bytes(leaf)) for _, leaf in [*named(batch[0], "input"), *named(batch[1], "labels")]]
    for row in zip(*parts, strict=True):
        yield hashlib.blake2b(b"|".join(row), digest_size=16).digest()


def _row_bytes(leaf: Any) -> Iterator[bytes]:
    if is_composite(leaf):
        import tensorflow as tf

        dense = tf.sparse.to_dense(leaf) if isinstance(leaf, tf.SparseTensor) else leaf
        yield from (
            repr(np.asarray(row).tolist() if hasattr(row, "numpy") else row.to_list()).encode() for row in dense
        )
        return
    array = np.asarray(leaf)
    if array.dtype.kind in "biuf":
        # Adding zero makes -0.0 and 0.0 one.
        array = np.ascontiguousarray(array.astype(np.float32).reshape(len(array), -1) + np.float32(0))
        yield from (row.tobytes() for row in array)
        return
    yield from (repr(row.tolist()).encode() for row in array.reshape(len(array), -1))


def passes(one: Pass, two: Pass) -> Passes:
    """Compare two passes over one data set, row by row and as sets."""
    moved = sum(a != b for a, b in zip(one.keys, two.keys, strict=False)) + abs(len(one.keys) - len(two.keys))
    lost = (Counter(one.keys) - Counter(two.keys)).total()
    return Passes(
        rows=len(one.keys),
        same_order=moved == 0,
        same_rows=(lost == 0 and len(one.keys) == len(two.keys)) if one.whole and two.whole else None,
        moved=moved,
        lost=lost,
    )


def overlap(training: Sequence[Pass], other: Pass) -> Overlap:
    """Find the rows of a data set among those trained on, over every pass that was read."""
    dealt = [Counter(_learnt(each)) for each in training]
    first, ever = dealt[0], Counter[bytes]()
    for each in dealt:
        ever |= each
    here = Counter(other.keys)
    found = [at for at, key in enumerate(other.keys) if key in ever]
    return Overlap(
        rows=len(other.keys),
        training_rows=first.total(),
        passes=len(training),
        found=len(found),
        found_first=sum(key in first for key in other.keys),
        redealt=any(set(each) != set(first) for each in dealt[1:]),
        copies_in_training=sum(count for count in first.values() if count > 1),
        singles_in_training=sum(count == 1 for count in first.values()),
        chance=_chance(first, ever, here),
        lonely=_lonely(training[0], other, found, ever) if found else 0,
        examples=tuple(found[:5]),
    )


def _learnt(each: Pass) -> list[bytes]:
    """Return the keys of the rows that count: from those of weight 0 nothing is learnt."""
    weights = each.batch[2]
    if weights is None or isinstance(weights, dict | list | tuple):
        return list(each.keys)
    counts = (np.asarray(weights).reshape(len(weights), -1) != 0).any(axis=1)
    return [key for key, learnt in zip(each.keys, counts, strict=True) if learnt]


def _chance(first: Counter[bytes], ever: Counter[bytes], here: Counter[bytes]) -> float:
    """Return how probable so much overlap is if all rows, copies included, were dealt at random.

    Each group of equal rows is dealt apart, or wholly into training, by chance. The bound is Chernoff's, on the number
    of groups that are dealt apart.
    """
    rows, kept = sum(first.values()), sum(here.values())
    away = kept / (rows + kept)
    groups = [(ever[key] + here[key], key in here) for key in ever if ever[key] + here[key] > 1]
    mixed = sum(apart for _, apart in groups)
    odds = [1 - (1 - away) ** size / (1 - away**size) for size, _ in groups]
    expected = sum(odds)
    if not groups or mixed <= expected:
        return 1.0
    mean, share = expected / len(groups), mixed / len(groups)
    rest = 0.0 if share == 1 else (1 - share) * math.log((1 - share) / (1 - mean))
    return math.exp(-len(groups) * (share * math.log(share / mean) + rest))


def _lonely(training: Pass, other: Pass, found: Sequence[int], ever: Counter[bytes]) -> int:
    """Count found rows, of those looked at in proportion, that have no nearly equal row in training but their copies.

    In a small domain a row that is met twice by chance has neighbours that differ in one value. A row
    copied out of a large one has none.
    """
    most_found, most_rows, most_columns = MOST_COMPARED
    ours, theirs = flat(other.batch[0]), flat(training.batch[0])
    if ours is None or theirs is None or ours.shape[1] != theirs.shape[1] or ours.shape[1] <= NEAR_COLUMNS:
        return 0
    step = max(1, len(found) // most_found)
    looked = found[::step]
    _, distinct = np.unique(np.array([key.hex() for key in training.keys]), return_index=True)
    theirs, columns = theirs[distinct[:most_rows]], slice(0, most_columns)
    alone = 0
    for at in looked:
        apart = (theirs[:, columns] != ours[at, columns]).sum(axis=1)
        alone += not bool(((apart > 0) & (apart <= NEAR_COLUMNS)).any())
    return round(alone * len(found) / len(looked))


def flat(structure: Any) -> Floats | None:
    """Return all numbers of the inputs as (rows, columns); None if a part is no array of numbers."""
    arrays = [np.asarray(leaf) for leaf in leaves(structure) if not is_composite(leaf)]
    if len(arrays) != len(leaves(structure)) or any(array.dtype.kind not in "biuf" for array in arrays):
        return None
    return np.concatenate([array.reshape(len(array), -1).astype(np.float64) for array in arrays], axis=1)
