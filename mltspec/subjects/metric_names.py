"""Finds metrics by name: known here, scikit-learn's, Keras' classes, or a function of the user's own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from mltspec.subjects import scikit
from mltspec.subjects.answers import Answers, Task
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.metrics import KNOWN, Measured, Metric, canonical, mean
from mltspec.subjects.targets import resolve

KERAS = "keras."


def find(name: str, bench: Bench) -> Metric | None:
    """Return the metric of that name, or None.

    ``module:function`` is the user's own; ``keras.F1Score`` a class of ``keras.metrics``; ``sklearn.f1`` or ``f1``
    scikit-learn's.

    Raises:
        Unfit: it is named but cannot be had.
    """
    if ":" in name:
        return own(name, bench)
    if name.startswith(KERAS):
        return of_class(name)
    known = "" if name.startswith(scikit.PREFIX) else canonical(name)
    return KNOWN[known] if known else scikit.metric(name)


def own(target: str, bench: Bench) -> Metric:
    """Return the user's ``function(truth, score)``, or ``(truth, score, sample_weight)`` where it names such.

    It returns a number, or one number a row: then it is their mean, and can be sliced, weighted and compared as one.
    ``function.higher_is_better`` (bool) and ``function.range`` (``(0, 1)``) say how to read it.
    """
    function = resolve(target, bench)
    weighted = "sample_weight" in getattr(getattr(function, "__code__", None), "co_varnames", ())
    higher: bool | None = getattr(function, "higher_is_better", None)
    share = tuple(getattr(function, "range", ())) == (0, 1)

    def measured(answers: Answers) -> Measured:
        extra = {"sample_weight": answers.weights} if weighted else {}
        value = np.asarray(function(answers.truth, answers.score, **extra), np.float64)
        if value.ndim == 0:
            return Measured(float(value))
        if value.shape[0] != len(answers.score):
            raise Unfit(
                f"`{target}` returned {value.shape} numbers for {len(answers.score)} rows; return one, or one a row"
            )
        contribution = value.reshape(len(value), -1).mean(axis=1)
        return Measured(mean(contribution, answers.weights), contribution)

    return Metric(measured, higher, share, f"python {target}")


def of_class(name: str) -> Metric:
    """Return a class of ``keras.metrics`` with its defaults.

    Raises:
        Unfit: Keras has none of that name, or it needs arguments.
    """
    import keras

    kind: Callable[[], Any] | None = getattr(keras.metrics, name.removeprefix(KERAS), None)
    if kind is None:
        raise Unfit(f"there is no metric `{name}`: `keras.metrics` has no such class")
    try:
        made = kind()
    except TypeError as problem:
        raise Unfit(f"`{name}` cannot be made without arguments ({problem}); compile it into the model") from problem
    said = getattr(made, "_direction", None)

    def measured(answers: Answers) -> Measured:
        made.reset_state()
        truth = answers.truth.reshape(answers.score.shape) if answers.asked is Task.BINARY else answers.truth
        made.update_state(truth, answers.score, sample_weight=answers.weights)
        value = np.asarray(made.result(), np.float64)
        return Measured(float(value.mean()) if value.size else math.nan)

    return Metric(measured, None if said is None else said == "up", False, f"keras {made.get_config()}")
