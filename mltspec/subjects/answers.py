"""One head's labels and scores side by side, and what kind of question they answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

Array: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[np.float64]


class Task(Enum):
    """What the labels ask for. ``CLASSES``: one of several; ``TAGS``: any of several; ``BINARY``: yes or no."""

    BINARY = "binary"
    CLASSES = "classes"
    TAGS = "tags"
    NUMBERS = "numbers"


@dataclass(frozen=True)
class Answers:
    """Labels and scores of one head, row by row.

    Args:
        truth: (rows, ...), labels as the data gives them.
        score: (rows, ..., outputs), as the model gives them.
        weights: (rows,), sample weights, or None.
        logits: scores are known to be unbounded (the loss says so); else they are looked at.
        task: None to find out from labels and scores; a slice must not change it.
    """

    truth: Array
    score: Array
    weights: Floats | None = None
    logits: bool = False
    task: Task | None = None

    @cached_property
    def asked(self) -> Task:
        """The kind of question, found from all rows."""
        return _task(self.truth, self.score) if self.task is None else self.task

    @cached_property
    def unbounded(self) -> bool:
        """Whether scores are logits: declared so, or outside 0 to 1."""
        finite = self.score[np.isfinite(self.score)]
        return self.logits or bool(finite.size and (finite.min() < -1e-3 or finite.max() > 1.001))

    @cached_property
    def labels(self) -> Array:
        """Class numbers (rows, ...) for classes; 0 or 1, shaped as the scores, for binary and tags."""
        if self.asked is Task.CLASSES:
            if self.truth.shape == self.score.shape:
                return np.asarray(self.truth.argmax(axis=-1))
            return self.truth.reshape(self.score.shape[:-1]).astype(np.int64)
        if self.asked is Task.NUMBERS:
            return self.truth
        return (self.truth.reshape(self.score.shape) > 0).astype(np.int64)

    @cached_property
    def chosen(self) -> Array:
        """What the model decides for, shaped as ``labels``."""
        if self.asked is Task.CLASSES:
            return np.asarray(self.score.argmax(axis=-1))
        return (self.score > (0.0 if self.unbounded else 0.5)).astype(np.int64)

    @cached_property
    def probabilities(self) -> Floats:
        """Scores that may be compared between rows: logits of classes through a softmax, others as they are."""
        score = self.score.astype(np.float64)
        return softmax(score, axis=-1) if self.unbounded and self.asked is Task.CLASSES else score

    @cached_property
    def numbers(self) -> tuple[Floats, Floats] | None:
        """Labels and scores as numbers of one shape; None where labels are class numbers."""
        if self.truth.size != self.score.size or self.truth.dtype.kind not in "fiub":
            return None
        return self.truth.reshape(self.score.shape).astype(np.float64), self.score.astype(np.float64)

    def take(self, at: NDArray[np.intp]) -> Answers:
        """Return these rows alone, asked the same question."""
        weights = None if self.weights is None else self.weights[at]
        return replace(
            self,
            truth=self.truth[at],
            score=self.score[at],
            weights=weights,
            logits=self.unbounded,
            task=self.asked,
        )


def _task(truth: Array, score: Array) -> Task:
    """Tell the kind of question by the shapes and values of labels and scores."""
    if truth.dtype.kind not in "fiub" or truth.size == 0:
        return Task.NUMBERS
    outputs = score.shape[-1] if score.ndim > 1 else 1
    distinct = np.unique(truth[:100_000])
    zero_one = bool(np.isin(distinct, [0, 1]).all())
    if truth.size == score.size and outputs == 1:
        return Task.BINARY if zero_one or bool(np.isin(distinct, [-1, 1]).all()) else Task.NUMBERS
    if truth.shape == score.shape:
        if bool((truth >= 0).all()) and np.allclose(truth.sum(axis=-1), 1, atol=1e-4):
            return Task.CLASSES
        return Task.TAGS if zero_one else Task.NUMBERS
    numbered = bool((distinct == np.floor(distinct)).all()) and distinct.min() >= 0
    if outputs > 1 and truth.size * outputs == score.size and numbered and truth.max() < outputs:
        return Task.CLASSES
    return Task.NUMBERS
