"""The claims about any batch: what each measures on one batch, and when it is broken."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from mltspec.probes.batch import Batch, typical
from mltspec.probes.schema import Array, Schema


class Step(NamedTuple):
    """One training step: its loss (NaN where the model reports none), and what was no longer finite."""

    loss: float
    not_finite: tuple[str, ...]


class Probed(Protocol):
    """A model that can be probed."""

    def forward(self, batch: Batch) -> tuple[Array, ...]:
        """Return every output in inference mode, each ``(rows, ...)``."""
        ...

    def step(self, batch: Batch) -> Step:
        """Take one training step and undo it."""
        ...


class Outcome(NamedTuple):
    """What one batch showed. ``badness`` orders outcomes; ``value`` is the number to show, None if there is none."""

    broken: bool
    badness: float
    value: float | None
    seen: str


class Trial:
    """One batch before one model: outputs are computed when first asked for, once for all claims."""

    def __init__(self, model: Probed, schema: Schema, batch: Batch) -> None:
        self.model = model
        self.schema = schema
        self.batch = batch

    @cached_property
    def outputs(self) -> tuple[Array, ...]:
        """The outputs for the whole batch."""
        return self.model.forward(self.batch)

    @cached_property
    def step(self) -> Step:
        """One training step on the batch, undone."""
        return self.model.step(self.batch)


@dataclass(frozen=True)
class Claim:
    """A claim: ``try_on`` measures it on one batch; ``says`` words the worst value met."""

    name: str
    try_on: Callable[[Trial], Outcome]
    says: str


def outputs_finite() -> Claim:
    """Every output is a finite number. The measure is the largest absolute output."""
    return Claim("outputs finite", _finite, "largest absolute output")


def outputs_in_range(low: float | None, high: float | None) -> Claim:
    """Every output lies in ``low..high``. The measure is the output nearest to leaving it, or furthest out."""
    floor, ceiling = -math.inf if low is None else low, math.inf if high is None else high
    return Claim("outputs in range", lambda trial: _in_range(trial, floor, ceiling), "most extreme output")


def rows_independent(tolerance: float) -> Claim:
    """A row's prediction does not depend on the other rows. The measure is the largest deviation.

    The batch is predicted whole, backwards, and one of its rows alone; a batch of one row is compared
    with the same row beside a typical one. Outputs larger than one deviate in proportion to their size:
    what single precision cannot tell apart in millions is no dependence.
    """
    return Claim("rows independent", lambda trial: _independent(trial, tolerance), "largest deviation")


def train_step_finite() -> Claim:
    """Loss and every variable are finite after one training step. The measure is the loss."""
    return Claim("train step finite", _step_finite, "largest loss")


def _finite(trial: Trial) -> Outcome:
    worst = 0.0
    for number, output in enumerate(trial.outputs):
        if output.size == 0 or output.dtype.kind not in "fc":
            continue
        largest = float(np.abs(output).max())
        if not math.isfinite(largest):
            return Outcome(True, math.inf, largest, _where_not_finite(trial, number))
        worst = max(worst, largest)
    return Outcome(False, worst, worst, "")


def _where_not_finite(trial: Trial, number: int) -> str:
    output = trial.outputs[number]
    place = np.argwhere(~np.isfinite(output))[0]
    return f"{_place(trial, number, place)} is {number_text(output[tuple(place)])}"


def _in_range(trial: Trial, low: float, high: float) -> Outcome:
    worst = Outcome(False, -math.inf, None, "")
    for number, output in enumerate(trial.outputs):
        if output.size == 0:
            continue
        least, most = float(output.min()), float(output.max())
        if math.isnan(least):
            return Outcome(True, math.inf, least, _where_not_finite(trial, number))
        excess = max(low - least, most - high)
        if excess > worst.badness:
            value = least if low - least >= most - high else most
            seen = ""
            if excess > 0:
                place = np.argwhere(output == value)[0]
                bound = f"below {number_text(low)}" if value < low else f"above {number_text(high)}"
                seen = f"{_place(trial, number, place)} is {number_text(value)}, {bound}"
            worst = Outcome(excess > 0, excess, value, seen)
    return worst


def _independent(trial: Trial, tolerance: float) -> Outcome:
    rows = trial.batch.rows
    if rows == 1:
        beside = trial.batch.followed_by(typical(trial.schema, 1))
        comparisons = [("beside a typical row", np.array([0]), _first_row(trial.model.forward(beside)))]
    else:
        row = rows * 7 // 11
        backwards = np.arange(rows)[::-1]
        comparisons = [
            ("alone", np.array([row]), trial.model.forward(trial.batch.take([row]))),
            ("with the batch in reverse order", backwards, trial.model.forward(trial.batch.take(backwards))),
        ]
    worst = Outcome(False, 0.0, 0.0, "")
    for how, index, others in comparisons:
        outcome = _compared(trial, index, others, how, tolerance)
        worst = max(worst, outcome, key=lambda each: each.badness)
    return worst


def _first_row(outputs: tuple[Array, ...]) -> tuple[Array, ...]:
    return tuple(output[:1] for output in outputs)


def _compared(trial: Trial, index: Array, others: tuple[Array, ...], how: str, tolerance: float) -> Outcome:
    """Compare the outputs of rows ``index`` in the batch with those of the same rows in other company."""
    worst = Outcome(False, 0.0, 0.0, "")
    for number, (output, other) in enumerate(zip(trial.outputs, others, strict=True)):
        if output.shape[:1] != (trial.batch.rows,):
            seen = f"output {number} has shape {output.shape} for a batch of {trial.batch.rows} rows"
            return Outcome(True, math.inf, None, seen)
        inside = output.take(index, axis=0)
        gaps = _gaps(inside, other) / _size(inside)
        largest = float(gaps.max()) if gaps.size else 0.0
        if largest <= worst.badness:
            continue
        place = tuple(int(i) for i in np.unravel_index(int(gaps.argmax()), gaps.shape))
        row = int(index[place[0]])
        seen = (
            f"{_place(trial, number, (row, *place[1:]))} is {number_text(inside[place])} in the batch "
            f"and {number_text(other[place])} {how}"
        )
        worst = Outcome(largest > tolerance, largest, largest, seen if largest > tolerance else "")
    return worst


def _size(outputs: Array) -> float:
    """Return the size of the largest finite output, one at the least."""
    if outputs.dtype.kind not in "fc":
        return 1.0
    finite = np.abs(outputs[np.isfinite(outputs)])
    return max(1.0, float(finite.max())) if finite.size else 1.0


def _gaps(one: Array, other: Array) -> Array:
    """Return absolute differences; equal infinities and two NaN do not differ, one NaN differs infinitely."""
    if one.dtype.kind not in "fc":
        return np.asarray(one != other, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        gaps = np.abs(one - other)
    if not np.isfinite(gaps).all():
        same = (one == other) | (np.isnan(one) & np.isnan(other))
        gaps = np.where(same, 0, np.where(np.isnan(gaps), np.inf, gaps))
    return np.asarray(gaps)


def _step_finite(trial: Trial) -> Outcome:
    loss, not_finite = trial.step
    if not_finite:
        others = f" and {len(not_finite) - 1} more" if len(not_finite) > 1 else ""
        seen = f"after one training step {not_finite[0]}{others} is not finite (loss {number_text(loss)})"
        return Outcome(True, math.inf, loss, seen)
    return Outcome(False, loss, None if math.isnan(loss) else loss, "")


def _place(trial: Trial, number: int, place: tuple[int, ...] | Array) -> str:
    """Name an output: its number (and its head's, if there are several) and the row."""
    row, *rest = (int(i) for i in place) if len(place) else (0,)
    head = f" of head {number}" if len(trial.outputs) > 1 else ""
    unit = f" {','.join(map(str, rest))}" if rest else ""
    return f"output{unit}{head} for row {row}"


def number_text(value: float | np.generic) -> str:
    """Word a number, finite or not."""
    number = float(value)
    if math.isnan(number):
        return "NaN"
    return f"{number:.9g}" if math.isfinite(number) else ("infinite" if number > 0 else "minus infinite")
