"""A linear model as a yardstick: ridge least squares on the inputs, its strength chosen by leaving rows out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mltspec.subjects.answers import Array, Floats
from mltspec.subjects.nests import is_composite, leaves

MOST_COLUMNS = 4096
"""Of wider inputs evenly spaced columns are taken."""

FEW_VALUES = 20
"""Whole numbers with at most so many distinct values are kinds, not amounts."""

MOST_WORDS = 512
ALIKE = 0.5
"""The correlation above which labels are an input with noise on it."""

STRENGTHS = 10.0 ** np.arange(-6, 3)
"""Ridge penalties tried, as shares of the mean squared length of a row."""

Encode = Callable[[Any], Floats]


@dataclass(frozen=True)
class Fitted:
    """A ridge fit.

    Args:
        left_out: (rows, targets), each row answered by the fit to all others.
        answers: answers other rows, (rows, columns) to (rows, targets).
    """

    left_out: Floats
    answers: Callable[[Floats], Floats]


def encoder(inputs: Any) -> Encode:
    """Learn from training rows how inputs become columns of numbers; apply it to any rows.

    Numbers are taken as they are, kinds and words as one column each, whole rows of word numbers also as counts.
    """
    parts = [
        (at, encode) for at, leaf in enumerate(leaves(inputs)) if not is_composite(leaf) for encode in [_leaf(leaf)]
    ]

    def encode(other: Any) -> Floats:
        found = leaves(other)
        matrix = np.concatenate([one(np.asarray(found[at])) for at, one in parts], axis=1)
        matrix = np.where(np.isfinite(matrix), matrix, 0.0)
        step = -(-matrix.shape[1] // MOST_COLUMNS)
        return matrix[:, ::step]

    return encode


def _leaf(leaf: Any) -> Encode:
    array = np.asarray(leaf)
    flat = array.reshape(len(array), -1)
    if array.dtype.kind in "OUS":
        return _one_of(_common(flat))
    if array.dtype.kind in "iu" and flat.shape[1] == 1 and len(np.unique(flat)) <= FEW_VALUES:
        return _one_of(_common(flat))
    if array.dtype.kind in "iu" and array.ndim == 2 and flat.shape[1] > 1:
        words = _common(flat)
        return lambda other: np.concatenate([_counts(other, words), _numbers(other)], axis=1)
    return _numbers


def _common(flat: Array) -> Array:
    values, counts = np.unique(flat.astype(str) if flat.dtype.kind == "O" else flat, return_counts=True)
    return np.asarray(values[np.argsort(-counts)][:MOST_WORDS])


def _one_of(values: Array) -> Encode:
    def encode(other: Array) -> Floats:
        flat = other.reshape(len(other), -1)
        flat = flat.astype(values.dtype) if values.dtype.kind == "U" else flat
        return np.asarray((flat[:, :, None] == values).reshape(len(other), -1), np.float64)

    return encode


def _counts(other: Array, words: Array) -> Floats:
    return np.stack([(other == word).sum(axis=1) for word in words], axis=1).astype(np.float64)


def _numbers(other: Array) -> Floats:
    return other.reshape(len(other), -1).astype(np.float64)


def ridge(matrix: Floats, targets: Floats, weights: Floats) -> Fitted:
    """Fit targets by ridge least squares with an intercept.

    Columns are standardised. The penalty is the one whose answers to rows left out are best.

    Args:
        matrix: (rows, columns).
        targets: (rows, targets).
        weights: (rows,), not negative; rows of weight 0 have no say.

    Source: Hoerl and Kennard, "Ridge regression", Technometrics 12, 1970; Golub, Heath and Wahba, "Generalized
        cross-validation as a method for choosing a good ridge parameter", Technometrics 21, 1979, section 1.
    """
    shares = weights / weights.sum()
    centre = shares @ matrix
    spread = np.sqrt(shares @ (matrix - centre) ** 2)
    spread = np.where(spread > 1e-9 * np.maximum(1.0, np.abs(centre)), spread, np.inf)
    middle = shares @ targets
    roots = np.sqrt(weights / weights.mean())[:, None]
    standard = roots * ((matrix - centre) / spread)
    wanted = roots * (targets - middle)
    values, vectors = _row_space(standard)
    turned = vectors.T @ wanted
    # The intercept alone already answers each row a little by itself.
    own_share = roots[:, 0] ** 2 / float((roots**2).sum())
    size = max(float(values.sum()) / len(targets), 1e-12)

    def left_out(strength: float) -> Floats:
        kept = values / (values + strength * size)
        fitted = vectors @ (kept[:, None] * turned)
        own = np.minimum((vectors**2) @ kept + own_share, 1 - 1e-6)
        return np.asarray((wanted - fitted) / (1 - own)[:, None])

    errors = [left_out(strength) for strength in STRENGTHS]
    best = int(np.argmin([float((error**2).sum()) for error in errors]))
    inverse = 1.0 / (values + STRENGTHS[best] * size)
    slopes = standard.T @ (vectors @ (inverse[:, None] * turned))
    safe = np.where(roots > 0, roots, 1.0)
    return Fitted(
        left_out=np.asarray(targets - errors[best] / safe),
        answers=lambda other: np.asarray(middle + ((other - centre) / spread) @ slopes),
    )


def _row_space(matrix: Floats) -> tuple[Floats, Floats]:
    """Return the squared singular values and left singular vectors, by way of the smaller of two squares."""
    rows, columns = matrix.shape
    if rows <= columns:
        values, vectors = np.linalg.eigh(matrix @ matrix.T)
        return np.maximum(values, 0.0), vectors
    values, turns = np.linalg.eigh(matrix.T @ matrix)
    kept = values > 1e-10 * max(float(values.max(initial=0.0)), 1e-300)
    return values[kept], (matrix @ turns[:, kept]) / np.sqrt(values[kept])


def labels_among(inputs: Any, labels: Array) -> bool:
    """Tell whether the labels are an input, or one with noise on it: a model that is to give back what it gets.

    A line runs through everything there, which a model that must squeeze it through few numbers cannot match.
    """
    for leaf in leaves(inputs):
        array = np.zeros(0) if is_composite(leaf) else np.asarray(leaf)
        if array.shape != labels.shape or array.dtype.kind not in "fiub" or labels.dtype.kind not in "fiub":
            continue
        if np.allclose(array, labels, equal_nan=True):
            return True
        pair = array.reshape(-1).astype(np.float64), labels.reshape(-1).astype(np.float64)
        several = array.ndim > 1 and array.shape[-1] > 1
        if several and min(pair[0].std(), pair[1].std()) > 0 and np.corrcoef(*pair)[0, 1] > ALIKE:
            return True
    return False
