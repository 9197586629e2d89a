"""A batch: what a recipe stands for, and what a model is given."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mltspec.probes.recipe import ALL_ROWS, Edge, Recipe
from mltspec.probes.schema import UNSEEN, Array, Feature, Schema

HOSTILE_TEXTS = ("", "\u202e\U0001f9ea \t\n'\";--", "x" * 4096)
"""Empty, full of what parsers trip over, and very long."""


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
        batch = _changed(edge, batch, schema)
    return batch


def _resampled(rows: int, seed: int, pool_rows: int) -> NDArray[np.int64]:
    """Return pseudo-random pool rows. A generator object would cost more than the rest of a batch."""
    mixed = (np.arange(1, rows + 1, dtype=np.uint64) + np.uint64(seed << 16)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    return ((mixed * np.uint64(0xD6E8FEB86659FD93) >> np.uint64(33)) % np.uint64(pool_rows)).astype(np.int64)


def _changed(edge: Edge, batch: Batch, schema: Schema) -> Batch:
    """Apply an edge: in place, or to a wider copy where a text is longer than any seen."""
    rows = slice(None)
    if edge.row != ALL_ROWS:
        row = edge.row % batch.rows
        rows = slice(row, row + 1)
    if edge.kind == "repeated row":
        source = edge.value % batch.rows
        for values in (*batch.tables, *batch.labels):
            values[rows] = values[source]
        return batch
    tables = list(batch.tables)
    for which, columns in _targets(edge, schema):
        feature = schema.features[which]
        if feature.kind != "text":
            _set(edge, feature, tables[which], rows, columns)
        else:
            text = _text(edge, feature, columns)
            if text.dtype.itemsize > tables[which].dtype.itemsize:
                tables[which] = tables[which].astype(text.dtype)
            tables[which][rows, columns] = text
    return Batch(tuple(tables), batch.labels)


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
    """Write an edge's numbers; a feature that has no such edge is left alone."""
    if edge.kind == "missing or unseen":
        if feature.missing:
            table[rows, columns] = np.nan
    elif edge.kind == "seen value":
        if feature.vocabulary is not None:
            table[rows, columns] = feature.vocabulary[edge.value % len(feature.vocabulary)]
        else:
            table[rows, columns] = feature.pool[edge.value % len(feature.pool), columns]
    elif edge.kind == "zero":
        anywhere = edge.level and feature.kind == "number"
        zero = table.dtype.type(np.finfo(table.dtype).tiny if anywhere and edge.level == 3 else 0)
        np.copyto(table[rows, columns], zero, where=True if anywhere else feature.spans_zero[columns])
    else:
        ends = feature.ends(edge.reach) if edge.level else (feature.low, feature.high)
        table[rows, columns] = ends[edge.kind == "maximum"][columns]


def _text(edge: Edge, feature: Feature, columns: slice) -> Array:
    """Return a text to put in, or one for each column."""
    if edge.kind == "missing or unseen":
        return np.array("" if feature.missing and edge.value % 2 == 0 else UNSEEN)
    if edge.level:
        return np.array(HOSTILE_TEXTS[edge.level - 1])
    if feature.vocabulary is not None:
        return np.asarray(feature.vocabulary[edge.value % len(feature.vocabulary)])
    return np.asarray(feature.pool[edge.value % len(feature.pool), columns])
