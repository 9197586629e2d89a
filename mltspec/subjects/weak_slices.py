"""Every slice of one feature, and of two together: where to search for a weak one.

Source: Chung et al., "Slice Finder: Automated Data Slicing for Model Validation", ICDE 2019, sections 2 and 3 (slices
of few literals, large enough to matter).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mltspec.evidence.predictions import PredictionsAsk, SliceValue
from mltspec.subjects.answers import Array
from mltspec.subjects.bench import Unfit
from mltspec.subjects.bounds import bounded
from mltspec.subjects.rulers import Ruler
from mltspec.subjects.slices import groups

MOST_FEATURES = 30
"""Pairs grow with the square of features: those with the fewest values come first."""

MOST_VALUES = 200
"""A text of more values than this names rows, not groups."""

MOST_SLICES = 5_000

LABEL = "label"


def every(ask: PredictionsAsk, ruler: Ruler, columns: Mapping[str, Array]) -> tuple[SliceValue, ...]:
    """Return the metric on every slice of up to ``ask.search`` features with enough rows.

    Raises:
        Unfit: there is no feature of one value a row, or there are too many slices.
    """
    found = _features(ask, columns)
    if not found:
        raise Unfit("there is no feature to search for slices: the data has no input of one value a row, by name")
    slices: list[SliceValue] = []
    for size in range(1, ask.search + 1):
        for names in combinations(found, size):
            slices += _of(names, found, ask, ruler)
            if len(slices) > MOST_SLICES:
                raise Unfit(
                    f"more than {MOST_SLICES:,} slices have {ask.search_rows} rows: ask for larger ones "
                    f"(`where rows >= {2 * ask.search_rows}`)"
                )
    return tuple(slices)


def _features(ask: PredictionsAsk, columns: Mapping[str, Array]) -> dict[str, tuple[list[str], NDArray[np.intp]]]:
    """Return features with their groups, those of few values first; what is a label, or all alike, is none."""
    single = {
        name: values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
        for name, values in columns.items()
        if name not in (LABEL, ask.data.label or LABEL)
    }
    grouped = {name: groups(values, ask.quantiles) for name, values in single.items() if values.ndim == 1}
    usable = {name: each for name, each in grouped.items() if 1 < len(each[0]) <= MOST_VALUES}
    order = sorted(usable, key=lambda name: len(usable[name][0]))[:MOST_FEATURES]
    return {name: usable[name] for name in order}


def _of(
    names: tuple[str, ...], found: Mapping[str, tuple[list[str], NDArray[np.intp]]], ask: PredictionsAsk, ruler: Ruler
) -> list[SliceValue]:
    """Return every combination of these features' values that has enough rows."""
    code = np.zeros(len(found[names[0]][1]), np.intp)
    for name in names:
        code = code * len(found[name][0]) + found[name][1]
    values, member, rows = np.unique(code, return_inverse=True, return_counts=True)
    measured = bounded(ruler, member, len(values), ask.confidence)
    slices = []
    for at in np.flatnonzero(rows >= ask.search_rows):
        where, left = {}, int(values[at])
        for name in reversed(names):
            left, place = divmod(left, len(found[name][0]))
            where[name] = found[name][0][place]
        slices.append(
            SliceValue(
                where=dict(reversed(where.items())),
                value=float(measured.value[at]),
                rows=int(rows[at]),
                low=None if measured.low is None else float(measured.low[at]),
                high=None if measured.high is None else float(measured.high[at]),
            )
        )
    return slices
