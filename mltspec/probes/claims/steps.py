"""Claims about one training step on a batch: its loss, its gradients, what it does to the weights."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from mltspec.probes.batch import Batch
from mltspec.probes.trial import HELD, Claim, Outcome, Trial, number_text

PARTNERS = 3
"""So many times other labels are tried, before nothing is said to move the weights."""
BETWEEN = 1.5
"""A loss of a doubled batch nearer to twice than to once the batch's is a sum's."""


def train_step_finite() -> Claim:
    """Loss and every variable are finite after one training step. The measure is the loss."""
    return Claim("train step finite", _step_finite, "largest loss")


def gradients_finite() -> Claim:
    """Every gradient that a training step hands to its optimizer is finite. The measure is the largest."""
    return Claim("gradients finite", _gradients_finite, "largest gradient")


def train_step_moves() -> Claim:
    """A training step changes weights. The measure is the least gradient with which it did.

    Rows that are right already may have nothing to teach, or less than a weight's own precision: then the step must
    move something when they are given other rows' labels.
    """
    return Claim("train step changes weights", _moves, "least gradient")


def loss_doubles_not() -> Claim:
    """A batch of which every row stands there twice has the loss of the batch. The measure is the ratio."""
    return Claim("loss doubles not", _doubled, "largest ratio")


def _step_finite(trial: Trial) -> Outcome:
    loss, not_finite = trial.step.loss, trial.step.not_finite
    if not_finite:
        others = f" and {len(not_finite) - 1} more" if len(not_finite) > 1 else ""
        seen = f"after one training step {not_finite[0]}{others} is not finite (loss {number_text(loss)})"
        return Outcome(True, math.inf, loss, seen)
    return Outcome(False, loss, None if math.isnan(loss) else loss, "")


def _gradients_finite(trial: Trial) -> Outcome:
    step = trial.step
    if step.bad_gradients:
        others = f" and {len(step.bad_gradients) - 1} more" if len(step.bad_gradients) > 1 else ""
        seen = f"the gradient of {step.bad_gradients[0]}{others} is not finite (loss {number_text(step.loss)})"
        return Outcome(True, math.inf, None, seen)
    if step.gradient is None and step.not_finite:  # no gradient could be read, but what it did can
        return _step_finite(trial)
    return Outcome(False, step.gradient or 0.0, step.gradient, "")


def _moves(trial: Trial) -> Outcome:
    step = trial.step
    gradient = 0.0 if step.gradient is None else step.gradient
    if step.moved or step.bad_gradients:
        return Outcome(False, -gradient, step.gradient, "")
    if any(trial.model.step(other).moved for other in _otherwise_labelled(trial)):
        return Outcome(False, -gradient, step.gradient, "")
    if gradient > 0:
        seen = f"a gradient of up to {number_text(gradient)} is handed to the optimizer, and no weight moves"
        return Outcome(True, math.inf, gradient, seen)
    read = "no gradient reaches the optimizer" if step.gradient is None else "every gradient is exactly zero"
    seen = f"no weight moves: {read}, whatever labels the rows are given (loss {number_text(step.loss)})"
    return Outcome(True, math.inf, step.gradient, seen)


def _otherwise_labelled(trial: Trial) -> list[Batch]:
    """Return the batch with the labels of other real rows."""
    rows, pool = np.arange(trial.batch.rows), trial.schema.pool_rows
    starts = [1 + pool * turn // PARTNERS for turn in range(PARTNERS)]
    return [
        replace(trial.batch, labels=tuple(leaf.take((rows * 7 + start) % pool, axis=0) for leaf in trial.schema.labels))
        for start in starts
    ]


def _doubled(trial: Trial) -> Outcome:
    once, twice = trial.model.loss(trial.batch), trial.model.loss(trial.batch.followed_by(trial.batch))
    if not (math.isfinite(once) and math.isfinite(twice)) or abs(once) <= np.finfo(np.float32).tiny:
        return HELD._replace(value=None)
    ratio = twice / once
    seen = f"the loss is {number_text(once)} and, with every row put in twice, {number_text(twice)}"
    return Outcome(ratio > BETWEEN, ratio, ratio, seen if ratio > BETWEEN else "")
