"""Slices: the rows that share the values of some features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mltspec.evidence.predictions import Filter
from mltspec.subjects.bench import Unfit

Column: TypeAlias = NDArray[Any]

MOST_NUMBERS = 20
"""Numbers with more distinct values than this are measurements, not groups."""

QUANTILES = 4
"""Ranges that a measurement is cut into where nothing else is said."""

COMPARE: Mapping[str, Any] = {">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less}


@dataclass(frozen=True)
class Slice:
    """The rows, in order of the data, that share these values.

    Args:
        where: the value of each feature sliced by, as text.
        at: (rows of the slice,), indices into the data.
    """

    where: dict[str, str]
    at: NDArray[np.intp]


def split(columns: Mapping[str, Column], by: Sequence[str], quantiles: int = QUANTILES) -> list[Slice]:
    """Return every combination of values that occurs, in order of the values.

    Args:
        columns: feature name to its values, (rows,) or (rows, 1) each.
        by: the features to slice by; none of them gives no slice.
        quantiles: into how many ranges of equally many rows a number of many values is cut.

    Raises:
        Unfit: a feature is not there, or has several values a row.
    """
    if not by:
        return []
    found = [groups(column_of(columns, name), quantiles) for name in by]
    codes = np.stack([code for _, code in found], axis=1)
    combinations, member = np.unique(codes, axis=0, return_inverse=True)
    order = np.argsort(member.reshape(-1), kind="stable")
    ends = np.cumsum(np.bincount(member.reshape(-1), minlength=len(combinations)))
    return [
        Slice(
            where={name: texts[code] for name, (texts, _), code in zip(by, found, combination, strict=True)},
            at=at,
        )
        for combination, at in zip(combinations, np.split(order, ends[:-1]), strict=True)
    ]


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return the end of a message about an unknown name: the nearest one, or all there are."""
    if near := get_close_matches(name, known, n=1):
        return f"did you mean `{near[0]}`?"
    if not known:
        return "there are none"
    return "there are " + ", ".join(f"`{other}`" for other in sorted(known))


def column_of(columns: Mapping[str, Column], name: str) -> Column:
    """Return a feature's values, (rows,)."""
    if name not in columns:
        known = did_you_mean(name, list(columns))
        raise Unfit(f"cannot slice by `{name}`: the data has no such feature; {known}")
    values = columns[name]
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise Unfit(
            f"cannot slice by `{name}`: it holds {'x'.join(map(str, values.shape[1:]))} values a row, "
            "and a slice needs one; add a feature that names the group"
        )
    return values


def chosen(columns: Mapping[str, Column], only: Sequence[Filter]) -> NDArray[np.intp]:
    """Return the indices of the rows that meet every condition.

    Raises:
        Unfit: a feature is not there, has several values a row, or is no number where one is compared.
    """
    met = np.ones(len(next(iter(columns.values()))) if columns else 0, bool)
    for each in only:
        met &= _meets(each, column_of(columns, each.feature))
    return np.flatnonzero(met)


def _meets(only: Filter, values: Column) -> NDArray[np.bool_]:
    if only.compare in ("=", "!=", "in"):
        texts, codes = groups(values, None)
        inside = np.isin(codes, [at for at, text in enumerate(texts) if text in only.values])
        return ~inside if only.compare == "!=" else inside
    if not np.issubdtype(values.dtype, np.number):
        raise Unfit(f"`where {only}` compares numbers, but `{only.feature}` holds {values.dtype}")
    return np.asarray(COMPARE[only.compare](values.astype(np.float64), float(only.values[0])))


def groups(values: Column, quantiles: int | None = QUANTILES) -> tuple[list[str], NDArray[np.intp]]:
    """Return the distinct values as text, and for each row the number of its value.

    A number of more than `MOST_NUMBERS` values is cut into ranges of equally many rows; None leaves it whole.
    """
    if values.dtype == object:
        texts, codes = np.unique(np.array(texts_of(values), str), return_inverse=True)
        return [str(text) for text in texts], codes
    distinct, codes = np.unique(values, return_inverse=True)
    if np.issubdtype(values.dtype, np.number) and len(distinct) > MOST_NUMBERS and quantiles:
        return _ranges(values, quantiles)
    return texts_of(distinct), codes


def _ranges(values: Column, quantiles: int) -> tuple[list[str], NDArray[np.intp]]:
    """Cut a number into ranges of equally many rows; missing values are a group of their own."""
    inner, missing = edges_of(values, quantiles)
    return names_of(inner, missing), placed(inner, values)


def edges_of(values: Column, quantiles: int) -> tuple[Column, bool]:
    """Return the inner edges of ranges of equally many rows, and whether values are missing."""
    known = values[~np.isnan(values)] if values.dtype.kind == "f" else values
    inner = np.unique(np.quantile(known, np.linspace(0, 1, quantiles + 1)[1:-1], method="lower"))
    return inner, len(known) < len(values)


def names_of(inner: Column, missing: bool) -> list[str]:
    """Return the names of ranges."""
    edges = [_text(edge) for edge in inner]
    texts = [f"<= {edges[0]}", *(f"{low} to {high}" for low, high in pairwise(edges)), f"> {edges[-1]}"]
    return [*texts, "missing"] if missing else texts


def placed(inner: Column, values: Column) -> NDArray[np.intp]:
    """Return the range of each value, by its place in the names."""
    codes = np.searchsorted(inner, values, side="left")
    return np.where(np.isnan(values), len(inner) + 1, codes) if values.dtype.kind == "f" else codes


def texts_of(values: Column) -> list[str]:
    """Return values as a report writes them."""
    return [_text(value) for value in values]


def _text(value: object) -> str:
    """Return a value as a report writes it; a missing one is ``missing``."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return "missing"
        return str(int(value)) if float(value).is_integer() else f"{float(value):g}"
    return "missing" if value is None else str(value)
