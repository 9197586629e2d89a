"""A loaded data set: trained on, predicted, sliced and described in one way, whatever its form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from mltspec.plan.subject import Fit
from mltspec.subjects.bench import Unfit
from mltspec.subjects.nests import (
    Batch,
    as_arrays,
    is_composite,
    joined,
    named,
    rebatched,
    rows_of,
    taken,
)
from mltspec.subjects.tables import table_inputs

ROWS_AT_ONCE = 1024
"""Rows of a batch where the data is in memory and nobody asked for another number."""


class Loaded(Protocol):
    """What every data set can do. Batches are ``(x, y, sample_weight)``; the latter two may be None."""

    name: str
    repeatable: bool
    """Reading it leaves no trace: a pass over it changes neither the next pass nor any generator."""

    @property
    def rows(self) -> int:
        """How many rows there are; for a stream counted in one pass, once."""

    def arrays(self) -> Batch | None:
        """Return everything at once, or None for a stream."""

    def batches(self, batch_rows: int | None = None, limit: int | None = None) -> Iterator[Batch]:
        """Yield batches in one pass.

        Args:
            batch_rows: rows of a batch; None leaves a stream's own batches as they are.
            limit: stop after so many rows.
        """

    def head(self, rows: int) -> Batch:
        """Return the first rows, fewer if there are no more."""

    def for_model(self, model: Any) -> Loaded:
        """Return the data as this model takes it: a table by the model's input names, or as one matrix."""

    def fit_arguments(self, fit: Fit) -> dict[str, Any]:
        """Return the data arguments of ``model.fit``: x, y, sample_weight, batch_size, shuffle."""

    def features(self) -> dict[str, Any]:
        """Return columns of one value a row to slice by, and ``label``; empty for a stream."""

    def describe_nonfinite(self) -> str:
        """Name the first NaN or infinity among inputs, labels and weights; empty if there is none."""


class Arrays:
    """A data set in memory.

    Args:
        name: as the spec names it.
        x: inputs, a structure of arrays, (rows, ...) each.
        y: labels likewise, or None.
        weight: sample weights likewise, or None.
        table: its columns without the label, where the data came as a table.

    Raises:
        Unfit: no rows, or parts of different length.
    """

    def __init__(self, name: str, x: Any, y: Any, weight: Any, table: dict[str, Any] | None = None) -> None:
        self.name = name
        self.repeatable = True
        self._parts: Batch = (x, y, weight)
        self._table = table or {}
        self.rows = rows_of(x)
        if self.rows == 0:
            raise Unfit(f"data `{name}` is empty: it has no rows")
        for part, what in ((x, "input"), (y, "labels"), (weight, "sample_weight")):
            for leaf, array in named(part, what):
                if rows_of(array) != self.rows:
                    raise Unfit(
                        f"data `{name}`: x has {self.rows} rows but {leaf} has {rows_of(array)}; every part "
                        "must have one entry a row"
                    )

    def arrays(self) -> Batch | None:
        """Return everything at once."""
        return self._parts

    def batches(self, batch_rows: int | None = None, limit: int | None = None) -> Iterator[Batch]:
        """Yield batches in order."""
        size, end = batch_rows or ROWS_AT_ONCE, min(self.rows, limit or self.rows)
        for start in range(0, end, size):
            yield taken(self._parts, slice(start, min(start + size, end)))

    def head(self, rows: int) -> Batch:
        """Return the first rows."""
        return taken(self._parts, slice(0, rows))  # type: ignore[no-any-return]

    def for_model(self, model: Any) -> Loaded:
        """Return a table as this model takes it, and anything else as it is."""
        if not self._table:
            return self
        _, y, weight = self._parts
        return Arrays(self.name, table_inputs(self._table, model), y, weight, table=self._table)

    def fit_arguments(self, fit: Fit) -> dict[str, Any]:
        """Return the data arguments of ``model.fit``."""
        x, y, weight = self._parts
        given = {"x": x, "batch_size": fit.batch_rows, "shuffle": fit.shuffle}
        given |= {} if y is None else {"y": y}
        return given | ({} if weight is None else {"sample_weight": weight})

    def features(self) -> dict[str, Any]:
        """Return columns of one value a row, and ``label``."""
        x, y, _ = self._parts
        found = (x if isinstance(x, dict) else {}) | self._table
        if y is not None and not isinstance(y, dict | list | tuple):
            found.setdefault("label", y)
        single = {name: np.asarray(array) for name, array in found.items() if not is_composite(array)}
        return {name: array.reshape(-1) for name, array in single.items() if array.size == len(array) and array.ndim}

    def describe_nonfinite(self) -> str:
        """Name the first NaN or infinity."""
        return describe_nonfinite(self._parts)


class Streamed:
    """A ``tf.data.Dataset`` or ``keras.utils.PyDataset``: read in passes, never held as a whole.

    Args:
        name: as the spec names it.
        source: the user's object.
        dataset: it is a ``tf.data.Dataset``.

    Raises:
        Unfit: it is known to be empty or endless.
    """

    def __init__(self, name: str, source: Any, dataset: bool) -> None:
        self.name = name
        self.source = source
        self.repeatable = False
        self._dataset = dataset
        self._rows: int | None = None
        if dataset:
            cardinality = int(source.cardinality())
            if cardinality == 0:
                raise Unfit(f"data `{name}` is empty: the data set has no batches")
            if cardinality == -1:
                raise Unfit(f"data `{name}` never ends (`repeat()`): leave it out, or add `.take(batches)`")
        elif source.num_batches is None:
            raise Unfit(f"data `{name}` never ends: give the PyDataset a `__len__`")

    @property
    def rows(self) -> int:
        """How many rows there are, counted in one pass, once."""
        if self._rows is None:
            self._rows = sum(rows_of(batch[0]) for batch in self._raw())
            if self._rows == 0:
                raise Unfit(f"data `{self.name}` is empty: the data set has no rows")
        return self._rows

    def arrays(self) -> Batch | None:
        """Return None: a stream may be larger than memory."""
        return None

    def batches(self, batch_rows: int | None = None, limit: int | None = None) -> Iterator[Batch]:
        """Yield batches as the stream makes them, or of the size asked for."""
        source = self._raw() if batch_rows is None else rebatched(self._raw(), batch_rows)
        left = limit
        for batch in source:
            rows = rows_of(batch[0])
            if left is not None and rows >= left:
                yield taken(batch, slice(0, left)) if rows > left else batch
                return
            left = None if left is None else left - rows
            yield batch

    def head(self, rows: int) -> Batch:
        """Return the first rows of a new pass."""
        found = list(self.batches(limit=rows))
        if not found:
            raise Unfit(f"data `{self.name}` is empty: the data set has no rows")
        return joined(found)

    def for_model(self, model: Any) -> Loaded:
        """Return the stream as it is."""
        return self

    def fit_arguments(self, fit: Fit) -> dict[str, Any]:
        """Return the stream alone: it makes its own batches, and shuffles itself."""
        return {"x": self.source, "shuffle": fit.shuffle and not self._dataset}

    def features(self) -> dict[str, Any]:
        """Return nothing: columns are gathered from the batches of the pass that needs them."""
        return {}

    def describe_nonfinite(self) -> str:
        """Name the first NaN or infinity of a new pass."""
        start = 0
        for batch in self._raw():
            found = describe_nonfinite(batch, start)
            if found:
                return found
            start += rows_of(batch[0])
        return ""

    def _raw(self) -> Iterator[Batch]:
        source = self.source
        elements = source if self._dataset else (source[at] for at in range(source.num_batches))
        for element in elements:
            parts = element if isinstance(element, tuple) else (element,)
            if len(parts) > 3:
                raise Unfit(
                    f"data `{self.name}` yields {len(parts)} parts; give (x, y) or (x, y, sample_weight), and "
                    "several inputs as a dict or a tuple of their own"
                )
            x, y, weight = (*parts, None, None)[:3]
            yield as_arrays(x), as_arrays(y), as_arrays(weight)


def describe_nonfinite(batch: Batch, start: int = 0) -> str:
    """Name the first NaN or infinity of a batch; ``start`` is the number of its first row."""
    for part, what in zip(batch, ("input", "labels", "sample_weight"), strict=True):
        for name, leaf in named(part, what):
            array = np.asarray(leaf) if not is_composite(leaf) else np.zeros(0)
            if array.dtype.kind != "f":
                continue
            bad = ~np.isfinite(array)
            if bad.any():
                at = np.unravel_index(int(bad.argmax()), array.shape)
                column = f", column {', '.join(map(str, at[1:]))}" if len(at) > 1 else ""
                return f"{name} holds {array[at]} at row {start + int(at[0])}{column}"
    return ""
