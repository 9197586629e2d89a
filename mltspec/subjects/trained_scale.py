"""Data on another scale than the training rows: whether the model does better when inputs are brought to theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from mltspec.evidence.trained import OtherScale
from mltspec.subjects.answers import Floats, Task
from mltspec.subjects.nests import is_composite, leaves, mapped, named
from mltspec.subjects.trained_measures import Judged, interval
from mltspec.subjects.trained_model import Scored
from mltspec.subjects.trained_yardstick import errors

FAR = 3.0
"""Times by which spreads differ, or spreads by which means do, before a question of scale arises at all."""

SMALLEST_SPREAD = 1e-12


def other_scale(judged: Judged, training: Scored) -> OtherScale | None:
    """Answer the rows again with each input brought to the mean and spread that it has in the training rows.

    Args:
        judged: the model's only head on the rows of another data set.
        training: the training rows.

    Returns:
        None unless an input is on another scale and the answers get better, interval and all, on the training rows'.
    """
    ours, theirs = judged.scored.rows.batch[0], training.rows.batch[0]
    far = [(name, one, other) for name, one, other in _pairs(ours, theirs) if _is_far(one, other)]
    if not far:
        return None
    found = [seen for columns in (False, True) if (seen := _rescaled(judged, ours, theirs, columns)) is not None]
    if not found:
        return None
    measure, before, after = min(found, key=lambda each: float(each[2].mean()))
    size = abs(float(before.mean()))
    better = interval((before - after) / size, judged.weights, judged.confidence) if size > 0 else None
    if better is None or better.low <= 0:
        return None
    name, one, other = far[0]
    return OtherScale(
        input=name,
        data_range=(float(one.min()), float(one.max())),
        training_range=(float(other.min()), float(other.max())),
        measure=measure,
        ours=float(before.mean()),
        rescaled=float(after.mean()),
        better=better,
    )


def _pairs(ours: Any, theirs: Any) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield the inputs that are measurements, of both data sets."""
    for (name, one), (_, other) in zip(named(ours, "input"), named(theirs, "input"), strict=False):
        if is_composite(one) or is_composite(other):
            continue
        pair = np.asarray(one), np.asarray(other)
        if all(each.dtype.kind == "f" and np.isfinite(each).all() for each in pair):
            yield name, pair[0].astype(np.float64), pair[1].astype(np.float64)


def _is_far(one: Floats, other: Floats) -> bool:
    spreads = float(one.std()), float(other.std())
    if min(spreads) < SMALLEST_SPREAD:
        return False
    ratio = max(spreads) / min(spreads)
    return ratio > FAR or abs(float(one.mean() - other.mean())) > FAR * spreads[1]


def _rescaled(judged: Judged, ours: Any, theirs: Any, columns: bool) -> tuple[str, Floats, Floats] | None:
    """Return a measure's name, and each row's error before and after its inputs are rescaled."""
    places = iter(leaves(theirs))

    def moved(leaf: Any) -> Any:
        other = next(places)
        if is_composite(leaf) or np.asarray(leaf).dtype.kind != "f":
            return leaf
        return _matched(np.asarray(leaf), np.asarray(other), columns)

    restored, scored = judged.restored, judged.scored
    outputs = restored.answers(mapped(moved, ours))
    (score,) = leaves(outputs)
    answers = replace(judged.answers, score=score if score.ndim > 1 else score[:, None], task=judged.answers.asked)
    before, after = errors(judged.answers), errors(answers)
    if before is not None and after is not None:
        worse = interval(after - before, judged.weights, judged.confidence)
        if worse.low > 0:
            return None
    losses = restored.losses(scored.seen.labels, scored.seen.outputs), restored.losses(scored.seen.labels, outputs)
    if scored.loss is not None and losses[0] is not None and losses[1] is not None:
        return "loss", losses[0], losses[1]
    if before is None or after is None:
        return None
    return ("squared error" if answers.asked is Task.NUMBERS else "share of wrong answers"), before, after


def _matched(one: Any, other: Any, columns: bool) -> Any:
    """Return values with the mean and spread of others, as a whole or column by column."""
    axis = 0 if columns else None
    spread, wanted = one.std(axis=axis), other.std(axis=axis)
    factor = np.where(spread > SMALLEST_SPREAD, wanted / np.where(spread > SMALLEST_SPREAD, spread, 1.0), 1.0)
    return ((one - one.mean(axis=axis)) * factor + other.mean(axis=axis)).astype(one.dtype)
