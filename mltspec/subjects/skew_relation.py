"""How one array follows from another: by a factor, an offset, another order of columns, filled gaps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mltspec.evidence.skew import InputSkew, Relation
from mltspec.subjects.dataset_rows import Floats

CLOSE = 1e-4
"""Single precision, after a few operations, and no more."""


@dataclass(frozen=True)
class Rule:
    """A rule that explains every cell."""

    relation: Relation
    factor: float = math.nan
    offset: float = math.nan
    note: str = ""


def compare(name: str, training: Any, serving: Any, others: Mapping[str, Any]) -> InputSkew:
    """Compare one input of both paths, and find the rule by which serving's follows from training's.

    Args:
        name: the input's.
        training: (rows, ...) as training computes it.
        serving: (rows, ...) as serving does.
        others: training's other inputs by name, one of which serving may have put in its place.
    """
    ours, theirs = np.asarray(serving), np.asarray(training)
    if ours.size != theirs.size or len(ours) != len(theirs) or _columns(ours).shape != _columns(theirs).shape:
        note = f"{_shape(theirs)} in training, {_shape(ours)} in serving"
        return _skew(name, theirs, math.inf, len(theirs), Rule("shape", note=note))
    ours, theirs = _columns(ours), _columns(theirs)
    if ours.dtype.kind not in "biuf" or theirs.dtype.kind not in "biuf":
        return _texts(name, theirs, ours)
    a, b = theirs.astype(np.float64), ours.astype(np.float64)
    apart = distance(a, b)
    bad = (apart > CLOSE).any(axis=1)
    largest = float(apart.max(initial=0.0))
    if not bad.any():
        return _skew(name, a, largest, 0, Rule("equal", 1.0, 0.0))
    row, column = (int(at) for at in np.unravel_index(int(apart.argmax()), apart.shape))
    worst = (row, column, f"{a[row, column]:.6g}", f"{b[row, column]:.6g}")
    return _skew(name, a, largest, int(bad.sum()), _rule(a, b, others), worst)


def missing(name: str, rows: int, note: str) -> InputSkew:
    """Return the skew of an input that one path lacks."""
    return _skew(name, np.zeros((rows, 1)), math.inf, rows, Rule("missing", note=note))


def distance(a: Floats, b: Floats) -> Floats:
    """Return cell by cell how far two arrays lie apart, relative to cells above 1; NaN equals NaN, and nothing else."""
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore"):
        gap = np.abs(a - b) / np.maximum(1.0, np.abs(a))
    return np.where(same, 0.0, np.where(np.isnan(gap), np.inf, gap))


def _skew(
    name: str, training: Any, largest: float, rows: int, rule: Rule, worst: tuple[int, int, str, str] | None = None
) -> InputSkew:
    return InputSkew(
        name=name,
        columns=_columns(training).shape[1],
        largest=largest,
        rows=rows,
        relation=rule.relation,
        factor=rule.factor,
        offset=rule.offset,
        note=rule.note,
        worst=worst,
    )


def _columns(array: Any) -> Any:
    """Return (rows, columns): one value a row is one column."""
    return array.reshape(len(array), -1) if array.size else array.reshape(len(array), 0)


def _shape(array: Any) -> str:
    return f"({', '.join(['rows', *map(str, array.shape[1:])])})"


def _texts(name: str, training: Any, serving: Any) -> InputSkew:
    """Compare texts, or a text with a number."""
    a, b = (np.vectorize(_text, otypes=[object])(side) for side in (training, serving))
    apart = a != b
    if not apart.any():
        return _skew(name, a, 0.0, 0, Rule("equal", 1.0, 0.0))
    row, column = (int(at) for at in np.unravel_index(int(apart.argmax()), apart.shape))
    lower = bool((np.vectorize(_plain, otypes=[object])(a) == np.vectorize(_plain, otypes=[object])(b)).all())
    note = "they differ in case and blanks alone" if lower else ""
    worst = (row, column, f"{a[row, column]!r}"[:40], f"{b[row, column]!r}"[:40])
    return _skew(name, a, math.inf, int(apart.any(axis=1).sum()), Rule("text", note=note), worst)


def _text(cell: Any) -> str:
    return cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)


def _plain(text: str) -> str:
    return "".join(text.split()).lower()


def _rule(a: Floats, b: Floats, others: Mapping[str, Any]) -> Rule:
    """Return the simplest rule that explains every cell."""
    rules: tuple[Callable[[Floats, Floats], Rule | None], ...] = (
        _ratio,
        _affine,
        _reordered,
        lambda a, b: _swapped(b, others),
        _logarithm,
        _rounded,
        _filled,
        _by_column,
    )
    with np.errstate(all="ignore"):
        return next((found for found in (rule(a, b) for rule in rules) if found is not None), Rule("other"))


def _explains(made: Floats, b: Floats) -> bool:
    """Tell whether a rule's answer is what was seen, to single precision of the values' own size."""
    size = np.nanmax(np.abs(b), initial=0.0)
    return bool(((np.abs(made - b) <= CLOSE * max(float(size), 1e-12)) | (np.isnan(made) & np.isnan(b))).all())


def _ratio(a: Floats, b: Floats) -> Rule | None:
    firm = np.isfinite(a) & np.isfinite(b) & (np.abs(a) > 1e-6 * max(float(np.nanmax(np.abs(a), initial=0.0)), 1e-30))
    if not firm.any():
        return None
    factor = float(np.median(b[firm] / a[firm]))
    return Rule("ratio", factor, 0.0) if factor != 0 and _explains(a * factor, b) else None


def _affine(a: Floats, b: Floats) -> Rule | None:
    firm = np.isfinite(a) & np.isfinite(b)
    if firm.sum() < 3 or np.ptp(a[firm]) == 0:
        return None
    factor, offset = (float(value) for value in np.polyfit(a[firm], b[firm], 1))
    return Rule("affine", factor, offset) if abs(factor) > 1e-9 and _explains(a * factor + offset, b) else None


def _reordered(a: Floats, b: Floats) -> Rule | None:
    """Serving's columns are training's in another order."""
    if not 2 <= a.shape[1] <= 4096:
        return None
    places: dict[bytes, list[int]] = {}
    for column in range(a.shape[1]):
        places.setdefault(_column_key(a[:, column]), []).append(column)
    order: list[int] = []
    for column in range(b.shape[1]):
        home = places.get(_column_key(b[:, column]))
        if not home:
            return None
        order.append(home.pop(0))
    at = next(place for place, source in enumerate(order) if place != source)
    if order == list(range(a.shape[1]))[::-1]:
        return Rule("reordered", note="they come in reverse")
    blocks = np.arange(a.shape[1]).reshape(-1, 3)[:, ::-1].ravel() if a.shape[1] % 3 == 0 else np.zeros(0)
    if len(order) > 3 and order == blocks.tolist():
        return Rule("reordered", note="each three are reversed, as RGB and BGR are")
    return Rule("reordered", note=f"column {at} of serving is column {order[at]} of training")


def _column_key(column: Floats) -> bytes:
    return np.ascontiguousarray(column.astype(np.float32) + np.float32(0)).tobytes()


def _swapped(b: Floats, others: Mapping[str, Any]) -> Rule | None:
    """Serving put another of training's inputs here."""
    for name, other in others.items():
        array = np.asarray(other)
        fits = array.dtype.kind in "biuf" and _columns(array).shape == b.shape and np.ptp(b) > 0
        if fits and _explains(_columns(array).astype(np.float64), b):
            return Rule("swapped", note=name)
    return None


def _logarithm(a: Floats, b: Floats) -> Rule | None:
    for name, made in {
        "the logarithm of training": np.log(a),
        "log(1 + training)": np.log1p(a),
        "the exponential of training": np.exp(a),
        "exp(training) - 1": np.expm1(a),
    }.items():
        if np.isfinite(made).any() and _explains(made, b):
            return Rule("logarithm", note=name)
    return None


def _rounded(a: Floats, b: Floats) -> Rule | None:
    whole = bool((b == np.floor(b)).all())
    return Rule("rounded") if whole and bool((np.abs(a - b) <= 1).all()) and np.ptp(b) > 0 else None


def _filled(a: Floats, b: Floats) -> Rule | None:
    """The two differ in cells alone where one of them holds the same value each time, as a missing value's stand-in."""
    bad = distance(a, b) > CLOSE
    if bad.all() or bad.sum() < 2:
        return None
    ours, theirs = b[bad], a[bad]
    for name, side in (("serving", ours), ("training", theirs)):
        if np.isnan(side).all() or (not np.isnan(side).any() and np.ptp(side) == 0):
            return Rule("filled", note=f"{name} holds {side[0]:.6g} in each of those cells")
    return None


def _by_column(a: Floats, b: Floats) -> Rule | None:
    """Each column is scaled by figures of its own, as another mean and spread do."""
    if len(a) < 4 or a.shape[1] > 4096:
        return None
    for column in range(a.shape[1]):
        x, y = a[:, column], b[:, column]
        firm = np.isfinite(x) & np.isfinite(y)
        if not firm.all():
            return None
        if np.ptp(x) == 0:
            if np.ptp(y) > CLOSE * max(1.0, float(np.abs(y).max())):
                return None
            continue
        factor, offset = (float(value) for value in np.polyfit(x, y, 1))
        if not _explains((x * factor + offset)[:, None], y[:, None]):
            return None
    return Rule("by column")
