"""Slices: the rows that share the values of some features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mltspec.subjects.bench import Unfit

Column: TypeAlias = NDArray[Any]

MOST_NUMBERS = 20
"""Numbers with more distinct values than this are measurements, not groups."""


@dataclass(frozen=True)
class Slice:
    """The rows, in order of the data, that share these values.

    Args:
        where: the value of each feature sliced by, as text.
        at: (rows of the slice,), indices into the data.
    """

    where: dict[str, str]
    at: NDArray[np.intp]


def split(columns: Mapping[str, Column], by: Sequence[str]) -> list[Slice]:
    """Return every combination of values that occurs, in order of the values.

    Args:
        columns: feature name to its values, (rows,) or (rows, 1) each.
        by: the features to slice by; none of them gives no slice.

    Raises:
        Unfit: a feature is not there, has several values a row, or is a number with too many values.
    """
    if not by:
        return []
    found = [_groups(name, _column(columns, name)) for name in by]
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


def _column(columns: Mapping[str, Column], name: str) -> Column:
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


def _groups(name: str, values: Column) -> tuple[list[str], NDArray[np.intp]]:
    """Return the distinct values as text, and for each row the number of its value."""
    if values.dtype == object:
        texts, codes = np.unique(np.array([_text(value) for value in values], str), return_inverse=True)
        return [str(text) for text in texts], codes
    distinct, codes = np.unique(values, return_inverse=True)
    if np.issubdtype(values.dtype, np.number) and len(distinct) > MOST_NUMBERS:
        raise Unfit(
            f"cannot slice by `{name}`: it is a number with {len(distinct):,} distinct values (at most "
            f"{MOST_NUMBERS} make groups); add a feature to the data that puts it in ranges, and slice by that"
        )
    return [_text(value) for value in distinct], codes


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
