"""A metric and the predictions of the same rows, side by side; and the rows of a second pass beside the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mltspec.evidence.trained import MetricPair, PassesLook
from mltspec.subjects.answers import Answers, Task
from mltspec.subjects.bench import Unfit
from mltspec.subjects.metrics import KNOWN, canonical, measure
from mltspec.subjects.nests import leaves
from mltspec.subjects.trained_model import Scored


def look_at_passes(model: Any, scored: Scored, is_training: bool) -> PassesLook:
    """Compare what evaluation reports of rows with what follows from their predictions.

    Args:
        model: the model that answered.
        scored: rows of one pass, answered and evaluated together.
        is_training: they are the data trained on.
    """
    logs = {name: value for name, value in scored.logs.items() if _is_keras_own(model, name)}
    pairs = _pairs(scored.heads, logs)
    paired, swapped = _swapped(scored)
    return PassesLook(
        rows=scored.rows.count,
        order=scored.rows.order,
        whole=scored.rows.whole,
        is_training=is_training,
        compared=len(pairs),
        disagree=tuple(pair for pair, agrees in pairs if not agrees),
        paired=paired,
        swapped=swapped,
    )


def _is_keras_own(model: Any, name: str) -> bool:
    """Tell whether a compiled metric is Keras' own: one of the user's may mean something else by the same name."""
    compiled = next((metric for metric in model.metrics if metric.name == "compile_metrics"), None)
    found = [metric for metric in getattr(compiled, "metrics", ()) if metric.name == name]
    found = found or [metric for metric in getattr(compiled, "metrics", ()) if name.endswith(f"_{metric.name}")]
    return bool(found) and all(
        part.__module__.startswith("keras.")
        for metric in found
        for part in (type(metric), getattr(metric, "_fn", type(metric)))
    )


def _pairs(heads: Mapping[str, Answers], logs: Mapping[str, float]) -> list[tuple[MetricPair, bool]]:
    """Pair metrics known by name; only those of one plain decision a row, which leave nothing to interpret."""
    found = []
    for name, evaluated in logs.items():
        for head, answers in heads.items():
            prefix = f"{head}_" if head and len(heads) > 1 else ""
            known = canonical(name.removeprefix(prefix)) if name.startswith(prefix) else ""
            predicted = _predicted(known, answers) if known in ("accuracy", "mae", "mse") else []
            if predicted:
                nearest = min(predicted, key=lambda value: abs(value - evaluated))
                pair = MetricPair(name=name, evaluated=evaluated, predicted=nearest, rows=len(answers.truth))
                slack = max(2.5 / len(answers.truth), 1e-3) if known == "accuracy" else 1e-3 * abs(evaluated) + 1e-6
                found.append((pair, abs(nearest - evaluated) <= slack))
    return found


def _predicted(known: str, answers: Answers) -> list[float]:
    """Return the metric with and without sample weights; nothing where it is not plain."""
    plain = answers.score.ndim == 2 and (
        answers.asked is Task.NUMBERS if known != "accuracy" else answers.asked is Task.CLASSES
    )
    if not plain or not np.isfinite(answers.score).all():
        return []
    try:
        return [measure(KNOWN[known], each).value for each in (answers, replace(answers, weights=None))]
    except Unfit:
        return []


def _swapped(scored: Scored) -> tuple[float | None, float | None]:
    """Return the share of right decisions with the rows' own labels, and with those of the second pass."""
    labels = leaves(scored.rows.labels_again)
    if len(scored.heads) != 1 or len(labels) != 1:
        return None, None
    (answers,) = scored.heads.values()
    other: Any = np.asarray(labels[0])
    if answers.asked not in (Task.CLASSES, Task.BINARY) or other.shape != answers.truth.shape:
        return None, None
    both = (answers, replace(answers, truth=other, task=answers.asked))
    paired, swapped = (measure(KNOWN["accuracy"], replace(each, weights=None)).value for each in both)
    return paired, swapped
