"""Metrics bound to one pass of predictions: how each is had on all rows, on some, and row by row."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mltspec.evidence.predictions import ANSWERS
from mltspec.subjects.answers import Answers, Array, Floats
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.compiled import close, compiled_metrics, direction, head_losses, row_losses, settings_of
from mltspec.subjects.metric_names import find
from mltspec.subjects.metrics import KNOWN, Metric, canonical, mean, measure
from mltspec.subjects.passes import Seen
from mltspec.subjects.scikit import KNOWN as SCIKIT
from mltspec.subjects.slices import did_you_mean

QUALITY = "quality"
"""The model's main metric: the first that it is compiled with, else its loss."""

Rows: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True)
class Ruler:
    """A metric bound to one pass.

    Args:
        overall: its value on all rows.
        on: its value on some rows; None where it cannot be had by slice.
        contribution: (rows,), where it is their mean, weighted by ``weights`` if there are any.
        shift: what of each contribution belongs to no row (penalties on weights), and to no slice.
        head: the labels and scores it is about, or None.
        name: the known metric that it is, or an empty string.
        settings: what tells it from a metric of the same name with other thresholds, classes, averages.
        share: it lies between 0 and 1.
        compiled: it is a metric that the model is compiled with, and measured by Keras.
        reported: the name under which evaluation reports it, or an empty string.
    """

    overall: float
    on: Callable[[Rows], float] | None
    higher_is_better: bool | None
    contribution: Floats | None = None
    weights: Floats | None = None
    shift: float = 0.0
    head: Answers | None = None
    name: str = ""
    settings: str = ""
    share: bool = False
    compiled: bool = False
    reported: str = ""


def ruler(model: Any, seen: Seen, answers: Mapping[str, Answers], name: str, bench: Bench) -> Ruler:
    """Find the metric of that name: the compiled loss, a compiled metric, one known by name, or a log.

    Raises:
        Unfit: there is none; the message says which there are.
    """
    if name == QUALITY:
        name = next(iter(compiled_metrics(model, seen)), "loss")
    if name == ANSWERS:
        return _answers(seen, answers)
    if name == "loss":
        return _loss(model, seen, answers)
    metric, head, known = _which(name, answers, bench)
    compiled = compiled_metrics(model, seen)
    if name in compiled:
        return _compiled(model, seen, name, compiled[name], known, head)
    if metric is not None and head is not None:
        return _by_name(metric, head, known)
    losses = head_losses(model, seen)
    if name in losses:
        return Ruler(losses[name], lambda rows: head_losses(model, seen, rows)[name], False)
    if name in seen.logs:
        return Ruler(seen.logs[name], None, direction(model, name), head=head)
    by_name = [*KNOWN, *SCIKIT]
    offered = {"loss", *compiled, *seen.logs}
    offered.update(f"{head}_{known}" if len(answers) > 1 else known for head in answers for known in by_name)
    raise Unfit(f"there is no metric `{name}`: {did_you_mean(name, sorted(offered))}")


def _answers(seen: Seen, answers: Mapping[str, Answers]) -> Ruler:
    """No metric: the answers themselves; the value is the share of rows with finite ones."""
    if len(answers) != 1:
        heads = ", ".join(f"`{head}`" for head in answers) or "none"
        raise Unfit(f"answers can be compared of a model with one output; this one has labels for {heads}")
    head = next(iter(answers.values()))
    answered = np.isfinite(head.score.reshape(len(head.score), -1))
    finite: Floats = np.asarray(answered.all(axis=1), np.float64)
    return Ruler(
        overall=float(finite.mean()),
        on=lambda rows: float(finite[rows].mean()),
        higher_is_better=True,
        head=head,
        name=ANSWERS,
        settings=ANSWERS,
        share=True,
    )


def _loss(model: Any, seen: Seen, answers: Mapping[str, Answers]) -> Ruler:
    """The loss as evaluation reports it; by slice without regularisation, which belongs to no row."""
    found = row_losses(model, seen)
    if "loss" not in seen.logs and found is None:
        raise Unfit("the model is compiled without a loss, so it has none; pass `loss=` to `model.compile`")
    overall = seen.logs.get("loss", found.mean if found else math.nan)
    head = next(iter(answers.values())) if len(answers) == 1 else None
    settings = settings_of(model, "loss")
    if found is None:
        return Ruler(overall, None, False, head=head, settings=settings)
    return Ruler(
        overall=overall,
        on=lambda rows: mean(found.losses[rows], None if found.weights is None else found.weights[rows]),
        higher_is_better=False,
        contribution=found.losses + (overall - found.mean),
        weights=found.weights,
        shift=overall - found.mean,
        head=head,
        settings=settings,
        reported="loss",
    )


def _by_name(metric: Metric, head: Answers, name: str) -> Ruler:
    """A metric that needs no compiling."""
    measured = measure(metric, head)
    return Ruler(
        overall=measured.value,
        on=lambda rows: measure(metric, head.take(rows)).value,
        higher_is_better=metric.higher_is_better,
        contribution=measured.contribution,
        weights=None if measured.contribution is None else head.weights,
        head=head,
        name=name,
        settings=metric.settings,
        share=metric.share,
    )


def _compiled(model: Any, seen: Seen, name: str, overall: float, known: str, head: Answers | None) -> Ruler:
    """A metric that the model is compiled with; a NaN score makes it NaN, whatever Keras makes of it."""
    scores = np.zeros((seen.rows, 1)) if head is None else head.score.reshape(seen.rows, -1)
    lost: Array = np.asarray(np.isnan(scores).any(axis=1))
    contribution, weights = _as_mean(known, head, overall)
    return Ruler(
        overall=math.nan if lost.any() else overall,
        on=lambda rows: math.nan if lost[rows].any() else compiled_metrics(model, seen, rows)[name],
        higher_is_better=KNOWN[known].higher_is_better if known else direction(model, name),
        contribution=contribution,
        weights=weights,
        head=head,
        name=known,
        settings=settings_of(model, name),
        share=bool(known) and KNOWN[known].share,
        compiled=True,
        reported=name,
    )


def _as_mean(by_name: str, head: Answers | None, value: float) -> tuple[Floats | None, Floats | None]:
    """Return what each row contributes to a compiled metric, if its value proves that it is such a mean."""
    if not by_name or head is None:
        return None, None
    try:
        contribution = measure(KNOWN[by_name], head).contribution
    except Unfit:
        return None, None
    for weights in (None, head.weights):
        if contribution is not None and close(mean(contribution, weights), value):
            return contribution, weights
    return None, None


def _which(name: str, answers: Mapping[str, Answers], bench: Bench) -> tuple[Metric | None, Answers | None, str]:
    """Return the metric that a name stands for, the head that it is about, and its name if it is known here."""
    for head, its in answers.items():
        bare = name.removeprefix(f"{head}_")
        if head and bare != name and (found := find(bare, bench)):
            return found, its, canonical(bare)
    only = next(iter(answers.values())) if len(answers) == 1 else None
    return (find(name, bench) if only else None), only, canonical(name) if only else ""
