"""How a data set is scaled against the data trained on, column by column, part by part."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mltspec.evidence.dataset import Scale
from mltspec.subjects.dataset_rows import Floats
from mltspec.subjects.nests import Batch, is_composite, named, taken

LEAST_ROWS = 12
FACTOR = 3.0
"""A typical column's spread must differ by so much: two draws from one source never do, over most columns."""
SIGMAS = 6.0
SHIFT = 3.0
ATOM = 0.2
"""One value of so many rows is no measurement among numbers."""


def scales(training: Batch, other: Batch, whole: bool) -> tuple[Scale, ...]:
    """Compare every part of two data sets that is made of numbers: inputs, and labels that are no classes.

    Args:
        training: rows trained on.
        other: rows of the other data set.
        whole: all rows of both are there, so that means and spreads are exact.
    """
    ours, theirs = (
        dict([*named(batch[0], "input"), *named(batch[1], "labels")]) for batch in (weighty(other), weighty(training))
    )
    found = (_scale(name, _columns(theirs.get(name)), _columns(leaf), whole) for name, leaf in ours.items())
    return tuple(scale for scale in found if scale is not None)


def weighty(batch: Batch) -> Batch:
    """Return the rows that count: those of weight 0 are there, but nothing is learnt from them."""
    weights = batch[2]
    if weights is None or isinstance(weights, dict | list | tuple):
        return batch
    counts = (np.asarray(weights).reshape(len(weights), -1) != 0).any(axis=1)
    return batch if counts.all() else taken(batch, np.flatnonzero(counts))


def _columns(leaf: Any) -> Floats | None:
    """Return (rows, columns); None for what is text, whole numbers by type (ids, classes), or ragged."""
    if leaf is None or is_composite(leaf):
        return None
    array = np.asarray(leaf)
    if array.dtype.kind not in "fiu" or len(array) < LEAST_ROWS:
        return None
    return array.reshape(len(array), -1).astype(np.float64)


def _scale(name: str, training: Floats | None, other: Floats | None, whole: bool) -> Scale | None:
    if training is None or other is None or training.shape[1] != other.shape[1]:
        return None
    if name.startswith("labels"):
        if _classes(training) or _classes(other):
            return None
        training, other = _without_atom(training), _without_atom(other)
        if min(len(training), len(other)) < LEAST_ROWS:
            return None
    ours, theirs = _Columns(other), _Columns(training)
    varying = (ours.spread > 0) & (theirs.spread > 0)
    if not varying.any():
        return None
    logs = np.log(ours.spread[varying] / theirs.spread[varying])
    noise = np.hypot(ours.noise[varying], theirs.noise[varying])
    ratio = float(np.exp(np.median(logs)))
    larger = np.maximum(ours.spread, theirs.spread)[varying]
    shift = float(np.median(np.abs(ours.mean - theirs.mean)[varying] / larger))
    same_way = float((np.sign(logs) * np.sign(np.median(logs)) * np.abs(logs) > SIGMAS * noise).mean())
    scaled = abs(math.log(ratio)) > math.log(FACTOR) and same_way > 0.5 and _robustly(training, other, ratio)
    standard = ours.standard(), theirs.standard()
    return Scale(
        part=name,
        columns=int(varying.sum()),
        ratio=ratio,
        shift=shift,
        explained=_explained(ours, theirs, varying, ratio),
        apart=scaled or (shift > SHIFT and int(varying.sum()) > 1),
        own=whole and all(standard) and not _row_wise(training),
        training_standard=standard[1],
        standard=standard[0],
        training_range=_range(training),
        here_range=_range(other),
    )


class _Columns:
    """Mean and spread of each column, and how uncertain the logarithm of the spread is."""

    def __init__(self, values: Floats) -> None:
        finite = np.isfinite(values)
        self.rows = np.maximum(finite.sum(axis=0), 1)
        kept = np.where(finite, values, 0.0)
        self.mean = kept.sum(axis=0) / self.rows
        centred = np.where(finite, values - self.mean, 0.0)
        self.spread = np.sqrt((centred**2).sum(axis=0) / self.rows)
        fourth = (centred**4).sum(axis=0) / self.rows
        with np.errstate(divide="ignore", invalid="ignore"):
            kurtosis = np.where(self.spread > 0, fourth / self.spread**4, 3.0)
        self.noise = np.sqrt(np.maximum(kurtosis - 1, 0.1) / (4 * self.rows))

    def standard(self) -> bool:
        """Tell whether every column that varies has mean 0 and spread 1, as a scaler fitted on these rows leaves it."""
        varies = self.spread > 1e-12
        if not varies.any():
            return False
        spread = self.spread[varies]
        # Scalers divide the sum of squares by the rows, or by the rows less one.
        unbiased = spread * np.sqrt(self.rows[varies] / np.maximum(self.rows[varies] - 1, 1))
        exact = np.minimum(np.abs(spread - 1), np.abs(unbiased - 1)) < 1e-4
        return bool((np.abs(self.mean[varies]) < 1e-4).all() and exact.all())


def _classes(labels: Floats) -> bool:
    """Tell whether labels are few whole numbers."""
    return bool((labels == np.floor(labels)).all()) and len(np.unique(labels)) <= max(20, len(labels) // 10)


def _without_atom(labels: Floats) -> Floats:
    """Return labels without a value that many rows share: it stands for rows that have none."""
    if labels.shape[1] > 1:
        return labels
    values, counts = np.unique(labels, return_counts=True)
    most = int(counts.argmax())
    return labels[labels[:, 0] != values[most]] if counts[most] > max(2.0, ATOM * len(labels)) else labels


def _row_wise(values: Floats) -> bool:
    """Tell whether each row was scaled by itself: then columns tell nothing."""
    return values.shape[1] > 1 and bool((np.abs(values.mean(axis=1)) < 1e-4).all())


def _robustly(training: Floats, other: Floats, ratio: float) -> bool:
    """Tell whether the middle half of the values is scaled likewise: a few wild values move a spread, not quartiles."""
    ours, theirs = _middle_half(other), _middle_half(training)
    if ours <= 0 or theirs <= 0:
        return True
    seen = math.log(ours / theirs)
    return abs(seen) > math.log(2) and abs(seen - math.log(ratio)) < math.log(FACTOR)


def _middle_half(values: Floats) -> float:
    """Return the distance of the quartiles of all values together."""
    low, high = np.quantile(values[np.isfinite(values)], (0.25, 0.75))
    return float(high - low)


def _explained(ours: _Columns, theirs: _Columns, varying: Any, ratio: float) -> bool:
    """Tell whether dividing by one number brings spreads and means of most columns together."""
    spread = np.abs(np.log(ours.spread[varying] / (ratio * theirs.spread[varying]))) < math.log(1.5)
    mean = np.abs(ours.mean / ratio - theirs.mean)[varying] < 0.5 * theirs.spread[varying]
    return bool((spread & mean).mean() > 0.7)


def _range(values: Floats) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (math.nan, math.nan)


def unseen_labels(training: Batch, other: Batch) -> tuple[float | None, tuple[str, str] | None]:
    """Return the share of rows whose class is never trained on, and both sets of classes as text.

    Returns:
        None twice where labels are no single classes.
    """
    sides = [np.asarray(batch[1]) if hasattr(batch[1], "dtype") else None for batch in (training, other)]
    theirs, ours = sides
    if theirs is None or ours is None or not theirs.size or not ours.size:
        return None, None
    if (
        theirs.size != len(theirs)
        or ours.size != len(ours)
        or theirs.dtype.kind not in "fiu"
        or ours.dtype.kind not in "fiu"
    ):
        return None, None
    theirs, ours = theirs.reshape(-1), ours.reshape(-1)
    if not (_classes(theirs[:, None].astype(np.float64)) and _classes(ours[:, None].astype(np.float64))):
        return None, None
    known = np.unique(theirs)
    return float((~np.isin(ours, known)).mean()), (_listed(known), _listed(np.unique(ours)))


def _listed(classes: Any) -> str:
    names = [f"{value:g}" for value in classes]
    return ", ".join(names) if len(names) <= 6 else f"{names[0]} to {names[-1]}"
