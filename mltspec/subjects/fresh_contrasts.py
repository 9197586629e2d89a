"""One batch against itself, changed: labels and weights moved to other rows, every row there twice, rows left out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mltspec.evidence.fresh import Doubling, Pairing, Weighing
from mltspec.subjects.fresh_rows import picked
from mltspec.subjects.fresh_step import Dials, Vector, WatchedStep
from mltspec.subjects.nests import Batch, leaves, rows_of

Array = NDArray[Any]

ROWS = 8
ALONE = Dials(strength=0.0)
"""The data's own gradient: without any penalty."""

SAME = 1e-5
"""Gradients no further apart than single precision leaves them."""

EXACT = 0.02
"""A multiple of a gradient that fits so well is one."""


@dataclass(frozen=True)
class Drawn:
    """A few rows of a batch: where they stand, and one number a row that tells labels apart."""

    at: NDArray[np.intp]
    kinds: NDArray[np.intp]


def draw(batch: Batch, count: int, among: NDArray[np.bool_] | None = None) -> Drawn:
    """Choose rows with labels as different as can be, in the order of the batch.

    Args:
        batch: tensors.
        count: at most so many rows.
        among: rows that may be chosen; all by default.
    """
    kinds = _kinds(batch)
    allowed = np.arange(len(kinds)) if among is None else np.flatnonzero(among)
    turns: dict[int, int] = {}
    order = []
    for place in allowed:
        kind = int(kinds[place])
        turns[kind] = turns.get(kind, -1) + 1
        order.append((turns[kind], place))
    at = np.sort(np.array([place for _, place in sorted(order)[:count]], np.intp))
    return Drawn(at, kinds[at])


def pairing(step: WatchedStep, batch: Batch) -> Pairing | None:
    """Tell whether it matters which label belongs to which row.

    A loss of shapes (N, 1) and (N,) is a mean over all pairs of rows: exchanging labels leaves it as it is, though
    labels matter, and the gradient is no longer the mean of those of its rows.

    Returns:
        None where the labels of all rows are alike, or there are none.
    """
    drawn = draw(batch, ROWS, counting(batch))
    if batch[1] is None or len(drawn.at) < 4 or len(set(drawn.kinds.tolist())) < 2:
        return None
    rows = picked(batch, drawn.at[: len(drawn.at) // 2 * 2])
    count = rows_of(rows[0])
    whole = step.run(rows, ALONE).gradient
    order = np.arange(count)
    exchanged = max(apart(whole, _with_labels(step, rows, np.roll(order, by))) for by in (1, count // 2))
    alike = [_labelled_alike(step, rows, row) for row in range(count if exchanged < SAME else 2)]
    halves = [step.run(picked(rows, half), ALONE).gradient for half in np.split(order, 2)]
    return Pairing(
        rows=count,
        exchanged=exchanged,
        replaced=max(apart(whole, each) for each in alike),
        halves=apart(whole, (halves[0] + halves[1]) / 2),
        all_pairs=apart(whole, np.mean(alike, axis=0)) if exchanged < SAME else None,
    )


def doubling(step: WatchedStep, batch: Batch, batch_rows: int, repeatable: bool) -> Doubling | None:
    """Hold a batch against the same rows, each there twice; None where there is neither a gradient nor a loss."""
    at = draw(batch, ROWS if repeatable else 4 * ROWS, counting(batch)).at
    both = picked(batch, at), picked(batch, np.concatenate([at, at]))
    # A model may have no loss but those that its layers add.
    dials = ALONE if step.run(both[0], ALONE).gradient.any() else Dials()
    once, twice = (step.run(rows, dials) for rows in both)
    ratio, off = multiple(once.gradient, twice.gradient)
    loss = twice.loss / once.loss if once.loss and np.isfinite([once.loss, twice.loss]).all() else None
    if not np.isfinite(ratio) and loss is None:
        return None
    gradient = ratio if np.isfinite(ratio) else None
    return Doubling(rows=len(at), gradient=gradient, loss=loss, exact=off < EXACT, batch_rows=batch_rows)


def weighing(step: WatchedStep, batch: Batch, source: str) -> Weighing | None:
    """Tell what sample weights do to the gradient; None where a row's weight is not one array's."""
    weights = batch[2]
    if weights is None or isinstance(weights, dict | list | tuple):
        return None
    each = np.asarray(weights, np.float64).reshape(len(weights), -1)
    counts = (each != 0).any(axis=1)
    zero = float((~counts).mean())
    heavy, light = draw(batch, ROWS, counts).at, draw(batch, ROWS // 2, ~counts).at
    at = np.sort(np.concatenate([heavy, light]))
    rows = picked(batch, at)
    varied = bool(np.unique(each[at], axis=0).shape[0] > 1)
    plain = Weighing(
        source=source,
        varied=varied,
        rows=len(at),
        effect=1.0,
        exchanged=1.0,
        zero=zero,
        leak=None,
        dilution=None,
        kept=len(heavy) / max(len(at), 1),
    )
    if not varied or not len(heavy):
        return plain
    whole = step.run(rows, ALONE).gradient
    x, y, _ = rows
    ones = step.run((x, y, tf.ones_like(rows[2])), ALONE).gradient
    moved = _exchange(each[at])
    exchanged = step.run((x, y, tf.gather(rows[2], moved)), ALONE).gradient
    leak = dilution = None
    if len(light):
        light_at = np.flatnonzero(~counts[at])
        leak = apart(whole, step.run(_relabelled(rows, light_at, np.flatnonzero(counts[at])), ALONE).gradient)
        alone = step.run(picked(batch, heavy), ALONE).gradient
        ratio, off = multiple(alone, whole)
        dilution = ratio if off < EXACT else None
    return plain.model_copy(
        update={
            "effect": apart(whole, ones),
            "exchanged": apart(whole, exchanged),
            "leak": leak,
            "dilution": dilution,
        }
    )


def apart(one: Vector, other: Vector) -> float:
    """Return how far two gradients lie apart, relative to the larger: 0 where both are zero, 1 where parts lack."""
    if one.size != other.size:
        return 1.0
    size = max(float(np.linalg.norm(one)), float(np.linalg.norm(other)))
    return float(np.linalg.norm(one - other)) / size if size > 0 else 0.0


def multiple(of: Vector, one: Vector) -> tuple[float, float]:
    """Return the number r for which ``one`` is nearest to r times ``of``, and how far it is from that, relatively."""
    square = float(of @ of)
    if square == 0 or of.size != one.size:
        return math.nan, math.nan
    ratio = float(of @ one) / square
    return ratio, apart(ratio * of, one)


def _with_labels(step: WatchedStep, rows: Batch, order: NDArray[np.intp]) -> Vector:
    x, y, weight = rows
    return step.run((x, picked((y, None, None), order)[0], weight), ALONE).gradient


def _labelled_alike(step: WatchedStep, rows: Batch, row: int) -> Vector:
    """Return the gradient with the label of one row given to all."""
    return _with_labels(step, rows, np.full(rows_of(rows[0]), row, np.intp))


def _relabelled(rows: Batch, at: NDArray[np.intp], of: NDArray[np.intp]) -> Batch:
    """Return the rows with the inputs and labels of some of them replaced by those of others; weights stay."""
    order = np.arange(rows_of(rows[0]))
    order[at] = np.resize(of, len(at))
    x, y, _ = picked(rows, order)
    return x, y, rows[2]


def _exchange(weights: Array) -> NDArray[np.int32]:
    """Return an order of rows in which weights change places: the lightest for the heaviest."""
    ranks = np.argsort(weights.sum(axis=1), kind="stable")
    order = np.empty(len(ranks), np.int32)
    order[ranks] = ranks[::-1]
    return order


def counting(batch: Batch) -> NDArray[np.bool_] | None:
    """Tell which rows have any weight; None where all have."""
    found = leaves(batch[2])
    if not found:
        return None
    each = [(np.asarray(leaf).reshape(len(leaf), -1) != 0).any(axis=1) for leaf in found]
    return np.all(each, axis=0)  # type: ignore[no-any-return]


def _kinds(batch: Batch) -> NDArray[np.intp]:
    """Return one number a row: equal for equal labels; all 0 without labels."""
    found = leaves(batch[1])
    if not found:
        return np.zeros(rows_of(batch[0]), np.intp)
    flat = [np.asarray(leaf).reshape(len(leaf), -1) for leaf in found]
    numbers = [np.unique(part, axis=0, return_inverse=True)[1].reshape(-1) for part in flat]
    return np.unique(np.stack(numbers), axis=1, return_inverse=True)[1].reshape(-1)
