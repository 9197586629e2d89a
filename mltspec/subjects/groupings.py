"""Slices of rows that come in parts: what occurs is found in one reading, and where each row belongs in the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mltspec.subjects.slices import MOST_NUMBERS, Column, column_of, edges_of, names_of, placed, texts_of

Codes = NDArray[np.intp]


class Grouping:
    """The groups of one feature, equal to those that `slices.groups` finds in all rows at once."""

    def __init__(self, quantiles: int) -> None:
        self._quantiles = quantiles
        self._distinct: Column | None = None
        self._numbers: list[Column] | None = []
        self._inner: Column | None = None

    def add(self, values: Column) -> None:
        """Take in the values of some rows, (rows,)."""
        found = np.unique(np.array(texts_of(values), str) if values.dtype == object else values)
        self._distinct = found if self._distinct is None else np.unique(np.concatenate([self._distinct, found]))
        if not np.issubdtype(values.dtype, np.number):
            self._numbers = None
        if self._numbers is not None:
            self._numbers.append(values)

    def names(self) -> list[str]:
        """Return the groups, once all rows were taken in."""
        assert self._distinct is not None
        if self._numbers is not None and len(self._distinct) > MOST_NUMBERS:
            # Quantiles need every value of this one column at once.
            self._inner, missing = edges_of(np.concatenate(self._numbers), self._quantiles)
            self._numbers = []
            return names_of(self._inner, missing)
        self._numbers = None
        return texts_of(self._distinct)

    def codes(self, values: Column) -> Codes:
        """Return the group of each of some rows, once `names` were asked for."""
        if self._inner is not None:
            return placed(self._inner, values)
        assert self._distinct is not None
        return np.searchsorted(self._distinct, np.array(texts_of(values), str) if values.dtype == object else values)


class Combinations:
    """Slices by several features, in the order in which `slices.split` has them.

    Args:
        by: the features; none of them makes all rows one slice, which has no name.
        quantiles: into how many ranges a number of many values is cut.
    """

    def __init__(self, by: Sequence[str], quantiles: int) -> None:
        self._groupings = {name: Grouping(quantiles) for name in by}
        self._names: list[list[str]] = []
        self._occurring: Codes | None = None

    def survey(self, columns: Mapping[str, Column]) -> None:
        """First reading: take in the values of some rows."""
        for name, grouping in self._groupings.items():
            grouping.add(column_of(columns, name))

    def count(self, columns: Mapping[str, Column]) -> None:
        """Second reading: take in which combinations occur in some rows."""
        if not self._names:
            self._names = [grouping.names() for grouping in self._groupings.values()]
        if self._groupings:
            here = np.unique(self._combined(columns))
            known = self._occurring
            self._occurring = here if known is None else np.unique(np.concatenate([known, here]))

    def wheres(self) -> list[dict[str, str]]:
        """Return the values that each slice has."""
        found = []
        for code in [] if self._occurring is None else self._occurring.tolist():
            where, left = {}, int(code)
            for name, names in zip(reversed(list(self._groupings)), reversed(self._names), strict=True):
                left, place = divmod(left, len(names))
                where[name] = names[place]
            found.append(dict(reversed(where.items())))
        return found

    def member(self, columns: Mapping[str, Column], rows: int) -> Codes:
        """Third reading: return the slice of each of some rows, (rows,)."""
        if self._occurring is None:
            return np.zeros(rows, np.intp)
        return np.searchsorted(self._occurring, self._combined(columns))

    def _combined(self, columns: Mapping[str, Column]) -> Codes:
        code: Codes | None = None
        for (name, grouping), names in zip(self._groupings.items(), self._names, strict=True):
            here = grouping.codes(column_of(columns, name))
            code = here if code is None else code * len(names) + here
        assert code is not None
        return code
