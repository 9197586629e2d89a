"""What a model's inputs look like, learnt from real rows: kinds, ranges, vocabularies, a typical row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Kind = Literal["number", "integer", "flag", "text"]

POOL_ROWS = 2048
POOL_BYTES = 128 * 2**20
"""Rows of large images fill this first; a pool never holds fewer than 32."""
VOCABULARY_SIZE = 4096
WIDE = 256
UNSEEN = "(unseen)"
"""A text that no data holds; text arrays are wide enough for it."""


@dataclass(frozen=True)
class Feature:
    """One input array, seen as a table: ``width`` is the product of its ``shape`` without rows.

    ``pool`` holds real rows ``(pool rows, width)``. ``typical``, ``low`` and ``high`` are ``(width,)``: the
    median (numbers) or mode (all else) and the finite range seen, column by column; text has no range.
    ``vocabulary`` lists the distinct values of a text or integer feature of width 1, None for others:
    columns of one array may mean different things, and an id of one may be out of range in another. ``limits`` are the
    least and the greatest whole number that the model is made for, where that is known. ``measured``: its whole numbers
    are amounts, not names of things.
    """

    name: str
    kind: Kind
    shape: tuple[int, ...]
    pool: Array
    typical: Array
    low: Array
    high: Array
    vocabulary: Array | None
    missing: bool
    limits: tuple[int, int] | None = None
    measured: bool = False

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return int(self.pool.shape[1])

    @cached_property
    def spans_zero(self) -> NDArray[np.bool_]:
        """Where zero lies inside the range seen, ``(width,)``."""
        if self.kind == "text":
            return np.zeros(self.width, bool)
        return np.asarray((self.low <= 0) & (self.high >= 0), dtype=np.bool_)

    def ends(self, reach: float) -> tuple[Array, Array]:
        """Return the least and the greatest hostile values, ``(width,)`` each.

        Amounts go to ``reach`` times the largest seen, on both sides; if it is infinite, to the ends of their type.
        Other whole numbers may be names of things: they go to the limits that are known, bytes to those of their type,
        and the rest stays in the range seen.
        """
        if self.kind == "number" or self.measured:
            least, most = _ends_of(self.pool.dtype)
            largest = np.maximum(np.abs(self.low.astype(np.float64)), np.abs(self.high.astype(np.float64)))
            with np.errstate(over="ignore"):
                far = np.minimum(np.where(largest > 0, largest, 1.0) * reach, most)
            return np.maximum(-far, least).astype(self.pool.dtype), far.astype(self.pool.dtype)
        limits = self.limits
        if limits is None and self.pool.dtype.itemsize == 1 and self.kind == "integer":
            limits = int(np.iinfo(self.pool.dtype).min), int(np.iinfo(self.pool.dtype).max)
        if limits is None:
            return self.low, self.high
        return np.full_like(self.low, limits[0]), np.full_like(self.high, limits[1])

    def column(self, index: int) -> str:
        """Return the name of a column: the feature's own, or with its place as in ``pixels[3,5]``."""
        if not self.shape or self.width == 1:
            return self.name
        place = ",".join(str(i) for i in np.unravel_index(index, self.shape))
        return f"{self.name}[{place}]"


@dataclass(frozen=True)
class Schema:
    """The features in the model's order, and the pool's labels.

    ``labels`` are the leaves of labels and sample weights, each ``(pool rows, ...)``. ``typical_row`` is
    the pool row nearest to the typical one: its labels go with a typical row.
    """

    features: tuple[Feature, ...]
    labels: tuple[Array, ...]
    typical_row: int

    @property
    def pool_rows(self) -> int:
        """How many real rows are at hand."""
        return int(self.features[0].pool.shape[0])

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """The running sum of the features' widths: column ``c`` belongs to the first feature that ends above."""
        return tuple(int(end) for end in np.cumsum([feature.width for feature in self.features]))


def derive(
    inputs: Mapping[str, Array],
    labels: Sequence[Array] = (),
    limits: Mapping[str, tuple[int, int]] | None = None,
    measured: frozenset[str] = frozenset(),
) -> Schema:
    """Learn a schema from real rows.

    Args:
        inputs: arrays ``(rows, ...)`` by feature name, in the model's order.
        labels: leaves of labels and sample weights, each ``(rows, ...)``.
        limits: the least and the greatest id that the model knows, by feature name, for those that are ids.
        measured: the features whose whole numbers are amounts.

    Returns:
        The schema. Ranges and vocabularies are those of all rows; the pool keeps at most 2048 (fewer of
        large rows), evenly spaced, so that data sorted by label is still represented.

    Raises:
        ValueError: there is no input, or no row.
    """
    if not inputs:
        raise ValueError("there is no input")
    rows = len(next(iter(inputs.values())))
    if not rows:
        raise ValueError("there is no row")
    row_bytes = sum(values.nbytes for values in inputs.values()) // rows
    kept_rows = min(rows, POOL_ROWS, max(32, POOL_BYTES // max(row_bytes, 1)))
    picked = np.unique(np.linspace(0, rows - 1, kept_rows).astype(np.int64))
    known = limits or {}
    features = tuple(
        _feature(name, np.asarray(values), picked, known.get(name), name in measured) for name, values in inputs.items()
    )
    kept = tuple(np.asarray(leaf)[picked] for leaf in labels)
    return Schema(features, kept, _nearest_to_typical(features))


def differing(values: Array, typical: Array) -> NDArray[np.bool_]:
    """Return where ``values (rows, width)`` differ from a typical row; missing equals missing."""
    same = values == typical
    if values.dtype.kind == "f":
        same |= np.isnan(values) & np.isnan(typical)
    return np.asarray(~same, dtype=np.bool_)


def _feature(
    name: str, values: Array, picked: NDArray[np.int64], limits: tuple[int, int] | None, measured: bool
) -> Feature:
    shape = values.shape[1:]
    table = values.reshape(len(values), -1)
    missing = False
    if table.dtype.kind in "OSU":
        table, missing = _as_text(table)
    kind = _kind(table)
    if kind == "number":
        missing = bool(np.isnan(table).any())
    low, high = _range(table, kind)
    return Feature(
        name=name, kind=kind, shape=shape, pool=np.ascontiguousarray(table[picked]),
        typical=_typical(table[picked], kind), low=low, high=high,
        vocabulary=_vocabulary(table, kind), missing=missing, limits=limits, measured=measured and kind == "integer",
    )  # fmt: skip


def _ends_of(dtype: np.dtype[Any]) -> tuple[float, float]:
    """Return the least and the greatest finite value of a type that a float can say and the type can hold."""
    if dtype.kind == "f":
        return float(np.finfo(dtype).min), float(np.finfo(dtype).max)
    ends = np.iinfo(dtype)
    return float(ends.min), float(ends.max) if ends.max < 2**53 else float(np.nextafter(float(ends.max), 0))


def _kind(table: Array) -> Kind:
    kinds: dict[str, Kind] = {"f": "number", "i": "integer", "u": "integer", "b": "flag", "U": "text"}
    if table.dtype.kind not in kinds:
        raise ValueError(f"values of type {table.dtype} cannot be probed")
    return kinds[table.dtype.kind]


def _as_text(table: Array) -> tuple[Array, bool]:
    """Return the cells as a unicode array (it can be saved without pickle), and whether any was missing."""
    missing = False
    cells: list[str] = []
    for value in table.ravel().tolist():
        absent = value is None or value != value
        missing |= absent
        cells.append("" if absent else value.decode(errors="replace") if isinstance(value, bytes) else str(value))
    longest = max((len(cell) for cell in cells), default=0)
    return np.array(cells, dtype=f"<U{max(longest, len(UNSEEN))}").reshape(table.shape), missing


def _range(table: Array, kind: Kind) -> tuple[Array, Array]:
    """Return the smallest and largest finite value of each column; zero where a column has none."""
    if kind == "text":
        return table[0], table[0]
    if kind != "number":
        return table.min(axis=0), table.max(axis=0)
    finite = np.isfinite(table)
    low = np.where(finite, table, np.inf).min(axis=0)
    high = np.where(finite, table, -np.inf).max(axis=0)
    none = ~finite.any(axis=0)
    low[none] = high[none] = 0
    return low.astype(table.dtype), high.astype(table.dtype)


def _typical(table: Array, kind: Kind) -> Array:
    """Return the lower median (a value that was seen) of numbers and wide integers, else the mode."""
    if kind == "number":
        ordered = np.sort(table, axis=0)  # missing values sort last
        present = (~np.isnan(table)).sum(axis=0)
        middle = np.maximum(present - 1, 0) // 2
        return np.asarray(ordered[middle, np.arange(table.shape[1])])
    if kind == "integer" and table.shape[1] > WIDE:  # pixels: an order means something, and modes are slow
        return np.asarray(np.sort(table, axis=0)[(len(table) - 1) // 2])
    return np.array([_mode(table[:, column]) for column in range(table.shape[1])], dtype=table.dtype)


def _mode(values: Array) -> Any:
    distinct, counts = np.unique(values, return_counts=True)
    return distinct[counts.argmax()]


def _vocabulary(table: Array, kind: Kind) -> Array | None:
    if kind not in ("text", "integer") or table.shape[1] != 1:
        return None
    distinct = np.unique(table)
    spaced = np.linspace(0, len(distinct) - 1, min(len(distinct), VOCABULARY_SIZE)).astype(np.int64)
    return np.asarray(distinct[np.unique(spaced)])


def _nearest_to_typical(features: Sequence[Feature]) -> int:
    """Return the pool row with the least distance: the share of each range for numbers, 1 for other changes."""
    distance = np.zeros(len(features[0].pool))
    for feature in features:
        if feature.kind == "number":
            span = np.maximum(feature.high.astype(np.float64) - feature.low, np.finfo(np.float64).tiny)
            gap = np.abs(feature.pool.astype(np.float64) - feature.typical) / span
            distance += np.nan_to_num(gap, nan=1.0, posinf=1.0).mean(axis=1)
        else:
            distance += differing(feature.pool, feature.typical).mean(axis=1)
    return int(distance.argmin())
