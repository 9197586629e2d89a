"""A batch: what a recipe stands for, and what a model is given."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mltspec.probes.recipe import ALL_ROWS, Edge, Recipe
from mltspec.probes.schema import UNSEEN, Array, Feature, Schema


@dataclass(frozen=True)
class Batch:
    """Rows to give to a model.

    ``tables`` has one array ``(rows, width)`` a feature, in the schema's order; ``labels`` the leaves of
    labels and sample weights, each ``(rows, ...)``.
    """

    tables: tuple[Array, ...]
    labels: tuple[Array, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.tables[0])

    def take(self, index: NDArray[np.int64] | list[int]) -> Batch:
        """Return the batch of these rows, in this order."""
        return Batch(
            tuple(table.take(index, axis=0) for table in self.tables),
            tuple(leaf.take(index, axis=0) for leaf in self.labels),
        )

    def followed_by(self, other: Batch) -> Batch:
        """Return the rows of this batch and then those of another."""
        return Batch(
            tuple(np.concatenate(pair) for pair in zip(self.tables, other.tables, strict=True)),
            tuple(np.concatenate(pair) for pair in zip(self.labels, other.labels, strict=True)),
        )


def typical(schema: Schema, rows: int) -> Batch:
    """Return a batch of ``rows`` typical rows."""
    labels = np.full(rows, schema.typical_row)
    return Batch(
        tuple(np.tile(feature.typical, (rows, 1)) for feature in schema.features),
        tuple(leaf.take(labels, axis=0) for leaf in schema.labels),
    )


def expand(schema: Schema, recipe: Recipe) -> Batch:
    """Return the batch that a recipe stands for; equal recipes give equal batches."""
    if recipe.seed == 0:
        batch = typical(schema, recipe.rows)
    else:
        index = _resampled(recipe.rows, recipe.seed, schema.pool_rows)
        batch = Batch(
            tuple(feature.pool.take(index, axis=0) for feature in schema.features),
            tuple(leaf.take(index, axis=0) for leaf in schema.labels),
        )
    for edge in recipe.edges:
        _apply(edge, batch, schema)
    return batch


def _resampled(rows: int, seed: int, pool_rows: int) -> NDArray[np.int64]:
    """Return pseudo-random pool rows. A generator object would cost more than the rest of a batch."""
    mixed = (np.arange(1, rows + 1, dtype=np.uint64) + np.uint64(seed << 16)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    return ((mixed * np.uint64(0xD6E8FEB86659FD93) >> np.uint64(33)) % np.uint64(pool_rows)).astype(np.int64)


def _apply(edge: Edge, batch: Batch, schema: Schema) -> None:
    rows = slice(None)
    if edge.row != ALL_ROWS:
        row = edge.row % batch.rows
        rows = slice(row, row + 1)
    if edge.kind == "repeated row":
        source = edge.value % batch.rows
        for values in (*batch.tables, *batch.labels):
            values[rows] = values[source]
        return
    for which, columns in _targets(edge, schema):
        _set(edge, schema.features[which], batch.tables[which], rows, columns)


def _targets(edge: Edge, schema: Schema) -> Iterable[tuple[int, slice]]:
    """Return the features touched, by number, each with its columns."""
    if edge.scope == "everything":
        return [(which, slice(None)) for which in range(len(schema.features))]
    if edge.scope == "feature":
        return [(edge.target % len(schema.features), slice(None))]
    column = edge.target % schema.ends[-1]
    which = bisect_right(schema.ends, column)
    column -= schema.ends[which] - schema.features[which].width
    return [(which, slice(column, column + 1))]


def _set(edge: Edge, feature: Feature, table: Array, rows: slice, columns: slice) -> None:
    """Write an edge's values; a feature that has no such edge is left alone."""
    if edge.kind == "missing or unseen":
        if feature.kind == "text":
            table[rows, columns] = "" if feature.missing and edge.value % 2 == 0 else UNSEEN
        elif feature.missing:
            table[rows, columns] = np.nan
    elif edge.kind == "seen value" or feature.kind == "text":
        if feature.vocabulary is not None:
            table[rows, columns] = feature.vocabulary[edge.value % len(feature.vocabulary)]
        else:
            table[rows, columns] = feature.pool[edge.value % len(feature.pool), columns]
    elif edge.kind == "zero":
        np.copyto(table[rows, columns], table.dtype.type(0), where=feature.spans_zero[columns])
    else:
        table[rows, columns] = (feature.low if edge.kind == "minimum" else feature.high)[columns]
