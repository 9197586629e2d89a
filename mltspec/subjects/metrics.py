"""Metrics known by name, computed from labels and scores; numpy alone.

A metric that a model is compiled with is Keras' own affair; these are for all others.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from mltspec.statistics.auc import one_vs_rest_auc, roc_auc
from mltspec.subjects.answers import Answers, Array, Floats, Task
from mltspec.subjects.bench import Unfit

LEAST_CHANCE = 1e-12
"""A probability of 0 would make one wrong row's surprise infinite."""


@dataclass(frozen=True)
class Measured:
    """A metric's value; ``contribution`` (rows,) where it is the mean over rows of something."""

    value: float
    contribution: Floats | None = None


@dataclass(frozen=True)
class Metric:
    """A metric known by name; ``measure`` raises Unfit where labels do not suit it.

    ``share``: it lies between 0 and 1. ``settings`` tells it from another metric of the same name.
    """

    measure: Callable[[Answers], Measured]
    higher_is_better: bool | None
    share: bool = False
    settings: str = "mltspec"


def canonical(name: str) -> str:
    """Return the name under which a metric is known here, also from Keras' name; "" if it is not."""
    name = ALIASES.get(name, name)
    return name if name in KNOWN else ""


def measure(metric: Metric, answers: Answers) -> Measured:
    """Return the metric on these rows; NaN where there are none or a score is NaN."""
    if len(answers.score) == 0:
        return Measured(math.nan)
    found = metric.measure(answers)
    lost = np.isnan(answers.score).reshape(len(answers.score), -1).any(axis=1)
    if not lost.any():
        return found
    contribution = None if found.contribution is None else np.where(lost, math.nan, found.contribution)
    return Measured(math.nan, contribution)


def mean(values: Floats, weights: Floats | None) -> float:
    """Return the weighted mean; NaN where the weights sum to zero."""
    if weights is None:
        return float(np.mean(values)) if len(values) else math.nan
    total = float(weights.sum())
    return float(np.dot(values, weights) / total) if total > 0 else math.nan


def _over_rows(values: Array, answers: Answers) -> Measured:
    """Return the mean of per-row means."""
    contribution = np.asarray(values, np.float64).reshape(len(values), -1).mean(axis=1)
    return Measured(mean(contribution, answers.weights), contribution)


def _classified(answers: Answers, name: str) -> Answers:
    if answers.asked is Task.NUMBERS:
        raise Unfit(
            f"cannot measure `{name}`: labels of shape {answers.truth.shape} and type {answers.truth.dtype} are not "
            f"classes for scores of shape {answers.score.shape}; for numbers use `mae`, `mse` or `loss`"
        )
    return answers


def _accuracy(answers: Answers) -> Measured:
    """Share of labels that the model decides for."""
    _classified(answers, "accuracy")
    return _over_rows(answers.chosen == answers.labels, answers)


def _auc(answers: Answers) -> Measured:
    """Area under the ROC curve; one class against the rest, averaged, where there are several."""
    _classified(answers, "auc")
    outputs = answers.score.shape[-1] if answers.score.ndim > 1 else 1
    score = answers.probabilities.reshape(-1, outputs)
    each = len(score) // len(answers.truth)
    weights = None if answers.weights is None else np.repeat(answers.weights, each)
    if answers.asked is Task.TAGS:
        tags = answers.labels.reshape(-1, outputs)
        areas = [roc_auc(tags[:, tag], score[:, tag], weights) for tag in range(outputs)]
        return Measured(float(np.nanmean(areas)) if not np.isnan(areas).all() else math.nan)
    labels = answers.labels.reshape(-1)
    if answers.asked is Task.BINARY:
        return Measured(roc_auc(labels, score[:, 0], weights))
    if outputs == 2:
        return Measured(roc_auc(labels, score[:, 1], weights))
    return Measured(one_vs_rest_auc(labels, score, weights))


def _counted(answers: Answers, name: str, of_chosen: bool) -> Measured:
    """Right decisions for a class as a share of all decisions for it, or of all its labels."""
    _classified(answers, name)
    labels, chosen = answers.labels.reshape(-1), answers.chosen.reshape(-1)
    each = len(labels) // len(answers.truth)
    weights = np.ones(len(labels)) if answers.weights is None else np.repeat(answers.weights, each)
    wanted = np.unique(np.concatenate([labels, chosen])) if answers.asked is Task.CLASSES else [1]
    shares = []
    for label in wanted:
        right = float(weights[(labels == label) & (chosen == label)].sum())
        total = float(weights[(chosen if of_chosen else labels) == label].sum())
        shares.append(right / total if total > 0 else 0.0)
    return Measured(float(np.mean(shares)))


def _log_loss(answers: Answers) -> Measured:
    """Mean surprise at the true label, in nats; probabilities are kept a millionth of a millionth from 0 and 1."""
    _classified(answers, "log_loss")
    if answers.asked is Task.CLASSES:
        chances = answers.probabilities / answers.probabilities.sum(axis=-1, keepdims=True)
        chance = np.take_along_axis(chances, answers.labels[..., None], axis=-1)[..., 0]
    else:
        chances = expit(answers.score.astype(np.float64)) if answers.unbounded else answers.score.astype(np.float64)
        chance = np.where(answers.labels == 1, chances, 1 - chances)
    return _over_rows(-np.log(np.clip(chance, LEAST_CHANCE, 1.0)), answers)


def _numbers(answers: Answers, name: str) -> tuple[Floats, Floats]:
    if answers.numbers is None:
        raise Unfit(
            f"cannot measure `{name}`: labels of shape {answers.truth.shape} and scores of shape "
            f"{answers.score.shape} are not numbers of one shape; for classes use `accuracy` or `loss`"
        )
    return answers.numbers


def _mae(answers: Answers) -> Measured:
    """Mean absolute error."""
    truth, score = _numbers(answers, "mae")
    return _over_rows(np.abs(truth - score), answers)


def _mse(answers: Answers) -> Measured:
    """Mean squared error."""
    truth, score = _numbers(answers, "mse")
    return _over_rows((truth - score) ** 2, answers)


KNOWN = {
    "accuracy": Metric(_accuracy, True, share=True),
    "auc": Metric(_auc, True, share=True),
    "log_loss": Metric(_log_loss, False),
    "mae": Metric(_mae, False),
    "mse": Metric(_mse, False),
    "precision": Metric(lambda answers: _counted(answers, "precision", of_chosen=True), True, share=True),
    "recall": Metric(lambda answers: _counted(answers, "recall", of_chosen=False), True, share=True),
}
"""Every metric that needs no compiling."""

ALIASES = {
    "acc": "accuracy",
    "binary_accuracy": "accuracy",
    "categorical_accuracy": "accuracy",
    "sparse_categorical_accuracy": "accuracy",
    "AUC": "auc",
    "roc_auc": "auc",
    "mean_absolute_error": "mae",
    "mean_squared_error": "mse",
}
"""Keras' names for the same."""
