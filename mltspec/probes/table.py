"""A batch as people read it: a small table, with the cells that are not a typical row's."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mltspec.evidence.probes import Cell
from mltspec.probes.batch import Batch
from mltspec.probes.schema import Array, Feature, Schema, differing

COLUMNS = 12
ROWS = 16


class Table(NamedTuple):
    """Column names, rows of text, and the unusual cells among those shown."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unusual: tuple[Cell, ...]


def tabulate(batch: Batch, schema: Schema) -> Table:
    """Show a batch.

    At most 16 rows, and of each input at most 12 columns: those with unusual cells first, then the
    first ones, in their own order.
    """
    columns: list[str] = []
    texts: list[Array] = []
    marks: list[Array] = []
    for feature, whole in zip(schema.features, batch.tables, strict=True):
        unusual = differing(whole, feature.typical)
        shown = _columns(unusual)
        columns += [feature.column(int(column)) for column in shown]
        texts.append(_texts(feature, whole[:ROWS, shown]))
        marks.append(unusual[:ROWS, shown])
    table, marked = np.concatenate(texts, axis=1), np.concatenate(marks, axis=1)
    cells = tuple(
        Cell(row=int(row), feature=columns[column], value=str(table[row, column]))
        for row, column in np.argwhere(marked)
    )
    return Table(tuple(columns), tuple(tuple(map(str, row)) for row in table), cells)


def arrays(batch: Batch, schema: Schema) -> dict[str, Array]:
    """Return the whole batch as arrays to save: ``inputs/NAME`` with their shapes, ``labels/0`` and up."""
    features = {
        f"inputs/{feature.name}": table.reshape(batch.rows, *feature.shape)
        for feature, table in zip(schema.features, batch.tables, strict=True)
    }
    return features | {f"labels/{number}": leaf for number, leaf in enumerate(batch.labels)}


def _columns(unusual: Array) -> Array:
    """Return the columns to show: no more than `COLUMNS`, ascending."""
    odd = np.flatnonzero(unusual.any(axis=0))[:COLUMNS]
    rest = np.setdiff1d(np.arange(min(unusual.shape[1], 2 * COLUMNS)), odd)
    return np.sort(np.concatenate([odd, rest[: COLUMNS - len(odd)]]))


def _texts(feature: Feature, cells: Array) -> Array:
    texts = np.empty(cells.shape, dtype=object)
    for place in np.ndindex(*cells.shape):
        texts[place] = _text(feature, cells[place])
    return texts


def _text(feature: Feature, value: Any) -> str:
    if feature.kind == "number":
        return "missing" if np.isnan(value) else f"{float(value):.6g}"
    return repr(str(value)) if feature.kind == "text" else str(value)
