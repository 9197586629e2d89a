"""Training steps on one batch, taken for real and looked at: loss, gradients, updates, optimizer slots."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mltspec.evidence.trace import Found, SlotTrace, WeightTrace
from mltspec.subjects import state
from mltspec.subjects.probe_step import gradients_heard, loss_scales
from mltspec.subjects.trace_calls import Course, first_broken, followed
from mltspec.subjects.trace_values import is_finite, values_of


@dataclass
class Steps:
    """What a few training steps showed; ``course`` is that of the first."""

    losses: list[float] = field(default_factory=list)
    weights: tuple[WeightTrace, ...] = ()
    slots: tuple[SlotTrace, ...] = ()
    course: Course = field(default_factory=Course)
    found: Found | None = None


def take_steps(model: Any, batch: Any, steps: int) -> Steps:
    """Take training steps on one batch, up to the first after which something is not finite.

    Args:
        model: compiled; its state is changed, and the caller's to put back.
        batch: inputs, labels and weights as ``train_step`` takes them.
        steps: how many at the most.
    """
    seen = Steps()
    for scale in loss_scales(model):  # an overflow that a smaller scale mends is no trouble
        scale.assign(1.0)
    for number in range(1, steps + 1):
        before = state.snapshot(model)
        handed: list[tuple[str, Any]] = []
        with followed() as course, gradients_heard(model, handed):
            logs = model.train_step(batch)
        has_loss = isinstance(logs, dict) and "loss" in logs
        loss = float(np.mean(logs["loss"])) if has_loss else math.nan
        seen.losses.append(loss)
        if number == 1:
            seen.course = course
            seen.weights = _weights(model, before, handed)
            seen.slots = _slots(model, before)
        seen.found = _found(model, course, loss if has_loss else 0.0, handed, number)
        if seen.found is not None:
            break
        for metric in model.metrics:  # each step reports its own loss
            metric.reset_state()
    return seen


def _found(model: Any, course: Course, loss: float, handed: list[tuple[str, Any]], number: int) -> Found | None:
    if not math.isfinite(loss):
        broken = first_broken(course)
        if broken is not None:
            return Found(stage="training", step=number, path=broken[0], what=broken[1])
        return Found(stage="loss", step=number, path="loss", what="it is not finite, though every layer's output is")
    bad = [path for path, gradient in handed if not is_finite(gradient)]
    if bad:
        # Gradients come from the loss back to the inputs: the last weight with a bad one met it first.
        others = f"; so are those of {len(bad) - 1} weights before it" if len(bad) > 1 else ""
        return Found(stage="gradient", step=number, path=bad[-1], what=f"its gradient is not finite{others}")
    for variable, entry in state.entries(model):
        if entry.group != "metrics" and not is_finite(variable.value):
            what = "it is not finite after the update, though its gradient is"
            return Found(stage="update", step=number, path=entry.path, what=what)
    return None


def _weights(model: Any, before: state.Snapshot, handed: list[tuple[str, Any]]) -> tuple[WeightTrace, ...]:
    gradients = dict(handed)
    was = {id(variable): value for variable, value in before.variables}
    found = []
    for variable in model.trainable_variables:
        old = np.asarray(was[id(variable)], np.float64) if was[id(variable)].dtype.kind != "V" else None
        new = state.value_of(variable)
        norm = math.nan if old is None else float(np.linalg.norm(old))
        moved = math.nan if old is None else float(np.linalg.norm(new.astype(np.float64) - old))
        gradient = gradients.get(variable.path)
        found.append(
            WeightTrace(
                path=variable.path,
                value=values_of(variable.value if old is None else was[id(variable)]),
                gradient=None if gradient is None else values_of(gradient),
                ratio=moved / norm if norm else math.nan,
            )
        )
    return tuple(found)


def _slots(model: Any, before: state.Snapshot) -> tuple[SlotTrace, ...]:
    was = {id(variable): value for variable, value in before.variables}
    found = []
    for variable, entry in state.entries(model):
        value = was.get(id(variable))
        if entry.group == "optimizer" and value is not None and value.dtype.kind in "fiu":
            after = state.value_of(variable)
            norms = [float(np.linalg.norm(np.asarray(each, np.float64))) for each in (value, after)]
            found.append(SlotTrace(path=entry.path, what=entry.what, before=norms[0], after=norms[1]))
    return tuple(found)
