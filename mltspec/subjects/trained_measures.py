"""Measures of one head's answers beside simple answers, with paired intervals over rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import numpy as np

from mltspec.evidence.trained import Bounds, Measure
from mltspec.statistics.bootstrap import paired_bootstrap
from mltspec.subjects.answers import Answers, Array, Floats, Task
from mltspec.subjects.nests import leaves, mapped
from mltspec.subjects.trained_model import Restored, Scored
from mltspec.subjects.trained_yardstick import Yardstick, errors, row_weights, yardstick

RESAMPLES = 500
LEAST_CLASS_ROWS = 3

IMPOSSIBLE = 2.0
"""A loss of one row above which its answer was held to be next to impossible, also averaged over several tags."""

NO_SKILL, SKILL = 0.1, 0.2
"""Gains below which a linear model has learnt nothing, and above which it has."""


@dataclass(frozen=True)
class Judged:
    """One head on some rows, and all that its measures need.

    Args:
        restored: the trained model.
        scored: rows with its answers.
        answers: this head's.
        stick: simple answers learnt from the training rows, or None.
        matrix: the rows' columns; None where they are the training rows, or where there is no linear model.
        confidence: of each one-sided bound.
        alone: it is the model's only head.
    """

    restored: Restored
    scored: Scored
    answers: Answers
    stick: Yardstick | None
    matrix: Floats | None
    confidence: float
    alone: bool

    @cached_property
    def weights(self) -> Floats:
        """The rows' weights, (rows,)."""
        return row_weights(self.scored.rows.batch[2], self.scored.rows.count)

    @cached_property
    def own(self) -> Yardstick | None:
        """Simple answers learnt from these very rows; fitted only where the training rows teach nothing."""
        if self.stick is None or self.matrix is None or (self._gain(self.stick, self.matrix) or 0.0) >= NO_SKILL:
            return self.stick
        return yardstick(self.answers, self.matrix, self.weights)

    @cached_property
    def pairing(self) -> float | None:
        """The gain of a linear model on rows that it was not fitted on: the training rows' fit, or these rows' own."""
        return None if self.own is None else self._gain(self.own, self.matrix if self.own is self.stick else None)

    @cached_property
    def linear(self) -> Floats | None:
        """The linear model's answers: fitted on the training rows or, where these teach nothing, on these."""
        if self.stick is None or self.stick.fitted is None:
            return None
        return self.own.linear(None) if self.refitted and self.own else self.stick.linear(self.matrix)

    @cached_property
    def refitted(self) -> bool:
        """Whether the training rows teach a linear model nothing of labels that these rows' inputs do tell."""
        return self.own is not self.stick and self.pairing is not None and self.pairing > SKILL

    def _gain(self, stick: Yardstick, matrix: Floats | None) -> float | None:
        if stick.fitted is None:
            return None
        wrong = errors(self.answers, stick.linear(matrix))
        trivial = errors(self.answers, stick.same_for_all(self.scored.rows.count))
        if wrong is None or trivial is None or trivial.mean() == 0:
            return None
        return float(1 - wrong.mean() / trivial.mean())


def measures(judged: Judged) -> list[Measure]:
    """Return every measure that this head has: of its decisions or numbers, by class, and of its loss."""
    answers, stick = judged.answers, judged.stick
    ours = errors(answers)
    if stick is None or ours is None or stick.shape != answers.score.shape[1:]:
        return []
    trivial = errors(answers, stick.same_for_all(len(ours)))
    linear = None if judged.linear is None else errors(answers, judged.linear)
    assert trivial is not None
    decided = answers.asked is not Task.NUMBERS
    name = "accuracy" if decided else "squared error"
    found = [_measure(name, ours, trivial, linear, judged.weights, judged.confidence)]
    balance = _class_weights(answers) if decided else None
    if balance is not None:
        found.append(_measure("balanced accuracy", ours, trivial, linear, judged.weights * balance, judged.confidence))
    found.append(_loss_measure(judged, stick))
    return [measure for measure in found if measure is not None]


def gain_over_trivial(judged: Judged, answers: Answers) -> Bounds | None:
    """Return the gain of other answers to the same rows."""
    ours = errors(answers)
    if judged.stick is None or ours is None:
        return None
    trivial = errors(judged.answers, judged.stick.same_for_all(len(ours)))
    assert trivial is not None
    name = "squared error" if answers.asked is Task.NUMBERS else "accuracy"
    found = _measure(name, ours, trivial, None, judged.weights, judged.confidence)
    return None if found is None else found.gain


def _class_weights(answers: Answers) -> Floats | None:
    """Return weights under which every class with a few rows counts alike; None where a row has several labels."""
    labels = answers.labels.reshape(len(answers.labels), -1)
    if labels.shape[1] != 1:
        return None
    _, place, counts = np.unique(labels[:, 0], return_inverse=True, return_counts=True)
    each = np.where(counts >= LEAST_CLASS_ROWS, 1.0 / counts, 0.0)[place]
    return each if (each > 0).any() and len(counts) > 1 else None


def _measure(
    name: str, ours: Floats, trivial: Floats, linear: Floats | None, weights: Floats, confidence: float
) -> Measure | None:
    kept = weights > 0
    parts = [ours, trivial] if linear is None else [ours, trivial, linear]
    means = [float(np.average(part[kept], weights=weights[kept])) for part in parts]
    error = abs(means[1])
    if not (error > 0 and all(math.isfinite(mean) for mean in means)):
        return None
    shown = [1 - mean for mean in means] if "accuracy" in name else means

    def bounds(differences: Floats) -> Bounds:
        return interval(differences[kept] / error, weights[kept], confidence)

    return Measure(
        name=name,
        ours=shown[0],
        trivial=shown[1],
        gain=bounds(trivial - ours),
        linear=None if linear is None else shown[2],
        linear_gain=None if linear is None else bounds(trivial - linear),
        short=None if linear is None else bounds(ours - (trivial + linear) / 2),
    )


def interval(differences: Floats, weights: Floats, confidence: float) -> Bounds:
    """Return the weighted mean of paired differences with bounds."""
    even = None if np.ptp(weights) == 0 else weights
    found = paired_bootstrap(differences, confidence, RESAMPLES, 0, even)
    return Bounds(estimate=found.estimate, low=found.low, high=found.high)


def _loss_measure(judged: Judged, stick: Yardstick) -> Measure | None:
    """The compiled loss row by row, of the model's answers and of simple ones in the same form."""
    scored = judged.scored
    if not judged.alone or scored.loss is None or len(leaves(scored.seen.outputs)) != 1:
        return None
    ours = judged.restored.losses(scored.seen.labels, scored.seen.outputs)
    count = scored.rows.count
    trivial = _least(judged, stick, [stick.same_for_all(count), stick.same_for_all(count, median=True)])
    if ours is None or trivial is None:
        return None
    linear = None if judged.linear is None else _least(judged, stick, [judged.linear])
    return _measure("loss", ours, trivial, linear, judged.weights, judged.confidence)


def form_taken(judged: Judged) -> Literal["probabilities", "logits", ""]:
    """Return the form of answers that the loss takes, found by what leaves it as it is; "" for neither.

    Cross-entropy of logits does not see what is added to all classes, of probabilities what they are multiplied by.
    For yes or no, 0 is an even chance as a logit, and impossible as a probability.
    """
    stick, seen = judged.stick, judged.scored.seen
    if stick is None or not judged.alone or len(leaves(seen.outputs)) != 1 or judged.answers.asked is Task.NUMBERS:
        return ""
    outputs = leaves(seen.outputs)[0]
    rising = np.arange(1.0, outputs.shape[-1] + 1)
    shares = np.broadcast_to(rising / rising.sum(), outputs.shape)

    def losses(form: Floats) -> Floats:
        found = judged.restored.losses(seen.labels, mapped(partial(_in_place_of, form), seen.outputs))
        return np.full(1, math.nan) if found is None else found

    if judged.answers.asked is Task.CLASSES:
        plain = losses(shares)
        if np.allclose(losses(shares + 3.0), plain, rtol=1e-3, atol=1e-4):
            return "logits"
        return "probabilities" if np.allclose(losses(shares / 2), plain, rtol=1e-3, atol=1e-4) else ""
    at_zero = losses(np.zeros_like(shares))
    if np.allclose(at_zero, math.log(2), rtol=1e-3):
        return "logits"
    return "probabilities" if at_zero.max() > IMPOSSIBLE else ""


def form_given(answers: Answers) -> Literal["probabilities", "logits", ""]:
    """Return the form of a model's own answers."""
    if answers.asked is Task.NUMBERS:
        return ""
    return "logits" if answers.unbounded else "probabilities"


def _least(judged: Judged, stick: Yardstick, simple: Sequence[Floats]) -> Floats | None:
    """Return the row losses of simple answers, in the form in which the loss finds them best.

    Which form a loss takes (probabilities, logits) is not asked of the model: it may be what the model has wrong.
    """
    known = [losses for answers in simple for losses in _by_form(judged, stick, answers)]
    return min(known, key=lambda losses: float(losses.mean()), default=None)


def _by_form(judged: Judged, stick: Yardstick, answers: Floats) -> list[Floats]:
    """Return the row losses of simple answers in every form in which they are finite."""
    seen = judged.scored.seen
    formed = [mapped(partial(_in_place_of, form), seen.outputs) for form in stick.forms(answers)]
    found = [judged.restored.losses(seen.labels, each) for each in formed]
    return [losses for losses in found if losses is not None and np.isfinite(losses).all()]


def _in_place_of(form: Floats, leaf: Array) -> Array:
    return form.reshape(leaf.shape).astype(leaf.dtype)
