"""Metrics of scikit-learn by the names that its scorers have: ``f1_macro``, ``balanced_accuracy``, ``r2``."""

from __future__ import annotations

import importlib
import warnings
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit

from mltspec.subjects.answers import Answers, Task
from mltspec.subjects.bench import Unfit
from mltspec.subjects.metrics import Measured, Metric

PREFIX = "sklearn."


class Known(NamedTuple):
    """A function of ``sklearn.metrics``, what it is given (decisions, chances, numbers), and how its value is read."""

    function: str
    takes: str
    higher_is_better: bool
    share: bool
    options: tuple[tuple[str, Any], ...] = ()


_AVERAGES = ("macro", "micro", "weighted")
_COUNTED = {"f1": "f1_score", "precision": "precision_score", "recall": "recall_score", "jaccard": "jaccard_score"}

KNOWN: dict[str, Known] = {
    "balanced_accuracy": Known("balanced_accuracy_score", "decisions", True, True),
    "matthews_corrcoef": Known("matthews_corrcoef", "decisions", True, False),
    "cohen_kappa": Known("cohen_kappa_score", "decisions", True, False),
    "f1": Known("f1_score", "decisions", True, True),
    "jaccard": Known("jaccard_score", "decisions", True, True),
    "average_precision": Known("average_precision_score", "chances", True, True),
    "brier_score": Known("brier_score_loss", "chances", False, True),
    "top_k_accuracy": Known("top_k_accuracy_score", "chances", True, True),
    "r2": Known("r2_score", "numbers", True, False),
    "explained_variance": Known("explained_variance_score", "numbers", True, False),
    "max_error": Known("max_error", "numbers", False, False),
    "median_absolute_error": Known("median_absolute_error", "numbers", False, False),
    "mean_absolute_percentage_error": Known("mean_absolute_percentage_error", "numbers", False, False),
    "root_mean_squared_error": Known("root_mean_squared_error", "numbers", False, False),
    "mean_squared_log_error": Known("mean_squared_log_error", "numbers", False, False),
} | {
    f"{name}_{average}": Known(function, "decisions", True, True, (("average", average), ("zero_division", 0.0)))
    for name, function in _COUNTED.items()
    for average in _AVERAGES
}


def metric(name: str) -> Metric | None:
    """Return scikit-learn's metric of that name (``sklearn.`` may stand before it), or None.

    Raises:
        Unfit: scikit-learn is not installed.
    """
    known = KNOWN.get(name.removeprefix(PREFIX))
    if known is None:
        return None
    try:
        module = importlib.import_module("sklearn.metrics")
    except ImportError:
        raise Unfit(f"`{name}` is scikit-learn's: pip install 'mltspec[metrics]'") from None
    function = getattr(module, known.function)

    def measured(answers: Answers) -> Measured:
        truth, given = _arguments(known.takes, name, answers)
        options = dict(known.options)
        if answers.weights is not None and known.function != "max_error":
            options["sample_weight"] = answers.weights
        try:
            with warnings.catch_warnings():
                # That a slice lacks a class is nothing to warn of: slices do.
                warnings.simplefilter("ignore", UserWarning)
                return Measured(float(function(truth, given, **options)))
        except ValueError as problem:
            if len(np.unique(truth)) < 2:
                return Measured(float("nan"))  # a slice of one class has no such value
            raise Unfit(f"scikit-learn cannot measure `{name}`: {problem}") from problem

    return Metric(measured, known.higher_is_better, known.share, f"sklearn {known.function} {known.options}")


def _arguments(takes: str, name: str, answers: Answers) -> tuple[Any, Any]:
    """Return labels and answers in the form that the function takes."""
    if takes == "numbers":
        if answers.numbers is None:
            raise Unfit(f"cannot measure `{name}`: labels and scores are not numbers of one shape")
        truth, score = answers.numbers
        return truth.reshape(len(truth), -1), score.reshape(len(score), -1)
    if answers.asked is Task.NUMBERS:
        raise Unfit(f"cannot measure `{name}`: the labels are numbers, not classes")
    labels = _flat(answers.labels)
    if takes == "decisions":
        return labels, _flat(answers.chosen)
    chances = answers.probabilities
    if answers.unbounded and answers.asked is not Task.CLASSES:
        chances = expit(chances)
    if chances.ndim == 2 and chances.shape[1] == 2 and answers.asked is Task.CLASSES:
        chances = chances[:, 1]
    return labels, _flat(chances)


def _flat(values: Any) -> Any:
    return values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
