"""Simple answers to hold a model against: the trivial one, which ignores its inputs, and a linear model's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import expit, softmax

from mltspec.subjects.answers import Answers, Floats, Task
from mltspec.subjects.nests import rows_of
from mltspec.subjects.trained_linear import Fitted, ridge

MOST_TARGETS = 512
SHARPNESS = (1.0, 2.0, 4.0, 8.0, 16.0)
"""How steeply a linear score becomes a probability: the steepness that suits the rows left out is taken."""

SMALLEST = 1e-3
"""No probability of a simple model is smaller: one that is certain and wrong would have no finite loss."""


@dataclass(frozen=True)
class Yardstick:
    """Simple answers of one head, learnt from some rows.

    Args:
        asked: the kind of question.
        shape: of one row's scores.
        trivial: the best answer that is the same for all rows: shares of the labels, or their mean, (outputs).
        median: of labels that are numbers, else as ``trivial``.
        fitted: a ridge fit of the labels, or None where there are too many or it would be no yardstick.
        sharpness: how steeply its scores become probabilities.
        signed: labels are -1 and 1.
    """

    asked: Task
    shape: tuple[int, ...]
    trivial: Floats
    median: Floats
    fitted: Fitted | None
    sharpness: float
    signed: bool

    def same_for_all(self, rows: int, median: bool = False) -> Floats:
        """Return the trivial answers, (rows, ...), as shares or numbers."""
        return np.broadcast_to(self.median if median else self.trivial, (rows, *self.shape)).astype(np.float64)

    def linear(self, matrix: Floats | None) -> Floats:
        """Return the linear answers, as shares or numbers; of the rows it was fitted on, each left out, for None."""
        assert self.fitted is not None
        found = self.fitted.left_out if matrix is None else self.fitted.answers(matrix)
        return self._shares(found.reshape(len(found), *self.shape), self.sharpness)

    def _shares(self, scores: Floats, sharpness: float) -> Floats:
        if self.asked is Task.NUMBERS:
            return scores
        if self.asked is Task.CLASSES:
            return np.asarray(softmax(sharpness * scores, axis=-1))
        return np.asarray(expit(2 * sharpness * (scores - 0.5)))

    def forms(self, shares: Floats) -> list[Floats]:
        """Return answers in every form that a loss may take: numbers; -1 to 1; probabilities and logits."""
        if self.asked is Task.NUMBERS:
            return [shares]
        if self.signed:
            return [2 * shares - 1]
        kept = np.clip(shares, SMALLEST, 1 - SMALLEST)
        if self.asked is Task.CLASSES:
            kept = kept / kept.sum(axis=-1, keepdims=True)
            return [kept, np.log(kept)]
        return [kept, np.log(kept / (1 - kept))]


def yardstick(answers: Answers, matrix: Floats | None, weights: Floats) -> Yardstick | None:
    """Learn simple answers from labels.

    Args:
        answers: labels and scores of the rows to learn from.
        matrix: (rows, columns) of inputs, or None to fit no linear model.
        weights: (rows,), positive.

    Returns:
        None where labels are neither classes nor numbers of the scores' shape.
    """
    wanted = targets(answers)
    if wanted is None or not np.isfinite(wanted).all():
        return None
    flat = wanted.reshape(len(wanted), -1)
    trivial = np.average(wanted, axis=0, weights=weights)
    made = Yardstick(
        asked=answers.asked,
        shape=wanted.shape[1:],
        trivial=trivial,
        median=np.median(wanted, axis=0) if answers.asked is Task.NUMBERS else trivial,
        fitted=None if matrix is None or flat.shape[1] > MOST_TARGETS else ridge(matrix, flat, weights),
        sharpness=1.0,
        signed=answers.asked is Task.BINARY and bool((answers.truth < 0).any()),
    )
    if made.fitted is None or made.asked is Task.NUMBERS:
        return made
    scores = made.fitted.left_out.reshape(wanted.shape)
    losses = [_log_loss(made._shares(scores, sharpness), wanted, made.asked) for sharpness in SHARPNESS]
    return replace(made, sharpness=SHARPNESS[int(np.argmin(losses))])


def targets(answers: Answers) -> Floats | None:
    """Return labels in the scores' shape: one-hot classes, 0 or 1, or numbers; None if they do not fit."""
    if answers.asked is Task.NUMBERS:
        return None if answers.numbers is None else answers.numbers[0]
    if answers.asked is Task.CLASSES:
        return np.asarray(answers.labels[..., None] == np.arange(answers.score.shape[-1]), np.float64)
    return answers.labels.astype(np.float64)


def errors(answers: Answers, shares: Floats | None = None) -> Floats | None:
    """Return each row's error: wrong decisions as a share of all, or the mean squared difference, (rows,).

    Args:
        answers: labels, and the model's scores.
        shares: simple answers in place of the model's.
    """
    count = len(answers.truth)
    if answers.asked is Task.NUMBERS:
        if answers.numbers is None:
            return None
        truth, score = answers.numbers
        gaps = (truth - (score if shares is None else shares)) ** 2
        return np.asarray(gaps.reshape(count, -1).mean(axis=1))
    chosen = (
        answers.chosen if shares is None else replace(answers, score=shares, logits=False, task=answers.asked).chosen
    )
    return np.asarray((chosen != answers.labels).reshape(count, -1).mean(axis=1), np.float64)


def _log_loss(shares: Floats, wanted: Floats, asked: Task) -> float:
    kept = np.clip(shares, SMALLEST, 1 - SMALLEST)
    right = wanted * np.log(kept)
    return -float((right if asked is Task.CLASSES else right + (1 - wanted) * np.log(1 - kept)).mean())


def row_weights(weights: Any, count: int) -> Floats:
    """Return one positive weight a row; all alike where there are none or several structures of them."""
    if weights is None or isinstance(weights, dict | list | tuple) or rows_of(weights) != count:
        return np.ones(count)
    each = np.asarray(weights, np.float64).reshape(count, -1).mean(axis=1)
    return each if (each > 0).all() else np.ones(count)
