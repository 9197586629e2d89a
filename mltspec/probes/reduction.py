"""A broken batch made plain: the fewest rows, then the fewest cells that are not a typical row's.

Hypothesis shrinks the recipe. What a recipe cannot say is which cells of a real row matter: that is
found here by delta debugging, which removes halves, then quarters, and so on while the claim stays broken.

Source: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE Transactions on
Software Engineering 28(2), 2002, section 3.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mltspec.probes.batch import Batch, typical
from mltspec.probes.schema import Array, Schema, differing

Breaks = Callable[[Batch], bool]
Items = NDArray[np.int64]


def reduced(batch: Batch, schema: Schema, breaks: Breaks, least_rows: int) -> Batch:
    """Return the plainest batch reachable from one that breaks a claim.

    Args:
        batch: a batch for which ``breaks`` holds.
        schema: knows the typical row.
        breaks: whether a batch breaks the claim; it may say no when its budget is spent.
        least_rows: fewer rows than this are not tried.

    Returns:
        A batch for which ``breaks`` held, with labels of its own rows.
    """
    rows = fewest(np.arange(batch.rows), lambda kept: breaks(batch.take(kept)), least_rows)
    batch = batch.take(rows)
    cells = np.flatnonzero(_unusual(batch, schema))
    kept = fewest(cells, lambda some: breaks(_with_only(batch, schema, some)), 0)
    return batch if len(kept) == len(cells) else _with_only(batch, schema, kept)


def fewest(items: Items, breaks: Callable[[Items], bool], least: int) -> Items:
    """Return a subset of at least ``least`` items that still breaks, and no part of which can be left out."""
    if least == 0 and len(items) and breaks(items[:0]):
        return items[:0]
    pieces = 2
    while len(items) > max(least, 1):
        size = -(-len(items) // pieces)
        parts = [(items[at : at + size], np.delete(items, slice(at, at + size))) for at in range(0, len(items), size)]
        candidates = [part for part, _ in parts] + [rest for _, rest in parts]
        smaller = next((some for some in candidates if least <= len(some) < len(items) and breaks(some)), None)
        if smaller is not None:
            pieces = 2 if len(smaller) <= size else max(pieces - 1, 2)
            items = smaller
        elif size == 1:
            break
        else:
            pieces = min(2 * pieces, len(items))
    return items


def _unusual(batch: Batch, schema: Schema) -> NDArray[np.bool_]:
    """Return which cells differ from the typical row: all features' cells in one line, feature by feature."""
    pairs = zip(batch.tables, schema.features, strict=True)
    return np.concatenate([differing(table, feature.typical).ravel() for table, feature in pairs])


def _with_only(batch: Batch, schema: Schema, cells: Items) -> Batch:
    """Return the batch with only these cells kept and every other one typical."""
    plain = typical(schema, batch.rows)
    start = 0
    tables: list[Array] = []
    for kept, usual in zip(batch.tables, plain.tables, strict=True):
        here = cells[(cells >= start) & (cells < start + usual.size)] - start
        # A hostile text may be longer than any that was seen.
        table = usual.astype(kept.dtype) if kept.dtype.itemsize > usual.dtype.itemsize else usual
        table.flat[here] = kept.flat[here]
        start += usual.size
        tables.append(table)
    return Batch(tuple(tables), batch.labels)
