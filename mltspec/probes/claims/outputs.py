"""Claims about a batch's outputs by themselves: finite, within a range, of a shape, summing to one."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mltspec.probes.trial import HELD, Claim, Outcome, Trial, number_text, place


def outputs_finite() -> Claim:
    """Every output is a finite number. The measure is the largest absolute output."""
    return Claim("outputs finite", _finite, "largest absolute output")


def outputs_in_range(low: float | None, high: float | None) -> Claim:
    """Every output lies in ``low..high``. The measure is the output nearest to leaving it, or furthest out."""
    floor, ceiling = -math.inf if low is None else low, math.inf if high is None else high
    return Claim("outputs in range", lambda trial: _in_range(trial, floor, ceiling), "most extreme output")


def outputs_sum_to_one(tolerance: float) -> Claim:
    """The last axis of every output sums to one. The measure is the sum furthest from one."""
    return Claim("outputs sum to 1", lambda trial: _sums(trial, tolerance), "sum furthest from 1:")


def outputs_of_shape(shape: Sequence[int | None]) -> Claim:
    """Every output has one entry a row, each of this shape; None stands for any size."""
    return Claim("outputs of shape", lambda trial: _of_shape(trial, tuple(shape)), "")


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
    at = np.argwhere(~np.isfinite(output))[0]
    return f"{place(trial, number, at)} is {number_text(output[tuple(at)])}"


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
                at = np.argwhere(output == value)[0]
                bound = f"below {number_text(low)}" if value < low else f"above {number_text(high)}"
                seen = f"{place(trial, number, at)} is {number_text(value)}, {bound}"
            worst = Outcome(excess > 0, excess, value, seen)
    return worst


def _sums(trial: Trial, tolerance: float) -> Outcome:
    worst = HELD._replace(value=None)
    for number, output in enumerate(trial.outputs):
        if output.ndim < 2 or output.size == 0:
            seen = f"output {number} has shape {output.shape}: a row is one number, and nothing to sum"
            return Outcome(True, math.inf, None, seen)
        sums = output.astype(np.float64).sum(axis=-1)
        apart = np.where(np.isfinite(sums), np.abs(sums - 1), np.inf)
        largest = float(apart.max())
        if largest < worst.badness or (worst.value is not None and largest == worst.badness):
            continue
        at = np.unravel_index(int(apart.argmax()), apart.shape)
        value = float(sums[at])
        broken = largest > max(tolerance, output.shape[-1] * trial.model.precision)
        row, *rest = (int(i) for i in at)
        inner = f" at {','.join(map(str, rest))}" if rest else ""
        head = f" of head {number}" if len(trial.outputs) > 1 else ""
        seen = f"the outputs{head} for row {row}{inner} sum to {number_text(value)}" if broken else ""
        worst = Outcome(broken, largest, value, seen)
    return worst


def _of_shape(trial: Trial, shape: tuple[int | None, ...]) -> Outcome:
    for number, output in enumerate(trial.outputs):
        fits = len(output.shape) == 1 + len(shape) and all(
            wanted in (None, size) for wanted, size in zip((trial.batch.rows, *shape), output.shape, strict=True)
        )
        if not fits:
            head = f"output {number}" if len(trial.outputs) > 1 else "the output"
            seen = f"{head} has shape {_shape_text(output.shape)} for a batch of {trial.batch.rows} rows"
            return Outcome(True, math.inf, None, seen)
    return HELD._replace(value=None)


def _shape_text(shape: Sequence[int]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
