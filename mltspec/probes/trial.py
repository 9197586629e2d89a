"""A trial: one batch before one model, with everything that claims ask of it computed at most once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np

from mltspec.probes.batch import Batch
from mltspec.probes.schema import Array, Schema

ROUNDINGS = 32
"""Operations in another order, as other batch sizes make them, differ by a few roundings."""
AMPLIFIED = 4
"""A deviation so many times what the last bit of the inputs brings about is no rounding."""


class Step(NamedTuple):
    """One training step, undone.

    ``loss`` is NaN where the model reports none; ``not_finite`` names the loss and variables that were no longer finite
    after it; ``bad_gradients`` the weights whose gradient was not finite. ``gradient`` is the largest absolute gradient
    handed to an optimizer, None where none could be read. ``moved``: some weight is not what it was.
    """

    loss: float
    not_finite: tuple[str, ...] = ()
    bad_gradients: tuple[str, ...] = ()
    gradient: float | None = None
    moved: bool = True


class Refusal(NamedTuple):
    """What a model did with an input it cannot take: ``what`` was wrong with it, and what it ``answered`` or raised.

    ``raised`` is the exception's name, empty if there was none; ``clear`` says that it speaks of what was wrong.
    """

    what: str
    raised: str
    said: str
    clear: bool


class Probed(Protocol):
    """A model that can be probed. Whatever is asked of it, it is left as it was found."""

    @property
    def precision(self) -> float:
        """The machine epsilon of the coarsest type that a layer computes in."""
        ...

    def forward(self, batch: Batch) -> tuple[Array, ...]:
        """Return every output in inference mode, each ``(rows, ...)``."""
        ...

    def step(self, batch: Batch) -> Step:
        """Take one training step and undo it."""
        ...

    def loss(self, batch: Batch) -> float:
        """Return the loss in inference mode, NaN if the model reports none."""
        ...

    def moved(self) -> tuple[str, ...]:
        """Name the variables that predicting has changed, and put them back."""
        ...

    def padded(self, batch: Batch, names: Sequence[str], value: float, steps: int) -> tuple[Array, ...]:
        """Return the outputs with the sequences of some features made longer by ``steps`` times ``value``."""
        ...

    def refusals(self, batch: Batch) -> tuple[Refusal, ...]:
        """Send inputs of a wrong type and shape, and with one missing, and tell what came of each."""
        ...

    def relate(self, relation: Callable[..., Any], batch: Batch) -> Any:
        """Return what ``relation(predict, inputs)`` says, both in the model's own structures."""
        ...


class Outcome(NamedTuple):
    """What one batch showed. ``badness`` orders outcomes; ``value`` is the number to show, None if there is none."""

    broken: bool
    badness: float
    value: float | None
    seen: str


HELD = Outcome(False, 0.0, 0.0, "")


class Trial:
    """One batch before one model: what claims share is computed when first asked for, once for all of them."""

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

    @cached_property
    def rounding(self) -> float:
        """How far outputs move when every number of the batch moves by its last bit, in proportion to their size.

        Whatever moves less is the arithmetic's doing. Measured only where a deviation has been seen; zero for a model
        that answers the same batch otherwise when it is sent again, which no arithmetic does.
        """
        again = self.model.forward(self.batch)
        if any(gaps(one, other).any() for one, other in zip(self.outputs, again, strict=True)):
            return 0.0
        epsilon = max(self.model.precision, float(np.finfo(np.float32).eps))
        nudged = tuple(
            (table * table.dtype.type(1 + epsilon)).astype(table.dtype) if table.dtype.kind == "f" else table
            for table in self.batch.tables
        )
        others = self.model.forward(replace(self.batch, tables=nudged))
        moved = [gaps(one, other) / size(one) for one, other in zip(self.outputs, others, strict=True)]
        return max((float(each.max()) for each in moved if each.size), default=0.0)

    def tolerates(self, deviation: float, tolerance: float) -> bool:
        """Tell whether a deviation lies within a tolerance, or within what this precision's arithmetic brings about."""
        if deviation <= max(tolerance, ROUNDINGS * self.model.precision):
            return True
        return math.isfinite(deviation) and deviation <= AMPLIFIED * self.rounding


@dataclass(frozen=True)
class Claim:
    """A claim: ``try_on`` measures it on one batch; ``says`` words the worst value met."""

    name: str
    try_on: Callable[[Trial], Outcome]
    says: str


def attempt(claim: Claim, trial: Trial) -> Outcome:
    """Try a claim on a batch; a model that raises has broken it."""
    try:
        return claim.try_on(trial)
    except Exception as fault:
        first = next(iter(str(fault).strip().splitlines()), "")
        return Outcome(True, math.inf, None, f"the model raised {type(fault).__name__}: {first[:200]}")


class Others(NamedTuple):
    """Outputs to hold against those of the batch's ``rows``, and how they came about, in words."""

    how: str
    rows: Array
    outputs: tuple[Array, ...]
    inside: str = "in the batch"


def compared(trial: Trial, others: Others, tolerance: float) -> Outcome:
    """Compare outputs of rows of the batch with what the same rows are answered otherwise.

    Outputs larger than one deviate in proportion to their size: what single precision cannot tell apart in millions
    is no difference.
    """
    worst = HELD
    for number, (output, other) in enumerate(zip(trial.outputs, others.outputs, strict=True)):
        if output.shape[:1] != (trial.batch.rows,):
            seen = f"output {number} has shape {output.shape} for a batch of {trial.batch.rows} rows"
            return Outcome(True, math.inf, None, seen)
        inside = output.take(others.rows, axis=0)
        if inside.shape != other.shape:
            seen = f"output {number} has shape {inside.shape} {others.inside} and {other.shape} {others.how}"
            return Outcome(True, math.inf, None, seen)
        apart = gaps(inside, other) / size(inside)
        largest = float(apart.max()) if apart.size else 0.0
        if largest <= worst.badness:
            continue
        if trial.tolerates(largest, tolerance):
            worst = Outcome(False, largest, largest, "")
            continue
        at = tuple(int(i) for i in np.unravel_index(int(apart.argmax()), apart.shape))
        where = place(trial, number, (int(others.rows[at[0]]), *at[1:]))
        seen = f"{where} is {number_text(inside[at])} {others.inside} and {number_text(other[at])} {others.how}"
        worst = Outcome(True, largest, largest, seen)
    return worst


def size(outputs: Array) -> float:
    """Return the size of the largest finite output, one at the least."""
    if outputs.dtype.kind not in "fc":
        return 1.0
    finite = np.abs(outputs[np.isfinite(outputs)])
    return max(1.0, float(finite.max())) if finite.size else 1.0


def gaps(one: Array, other: Array) -> Array:
    """Return absolute differences; equal infinities and two NaN do not differ, one NaN differs infinitely."""
    if one.dtype.kind not in "fc":
        return np.asarray(one != other, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        found = np.abs(one - other)
    if not np.isfinite(found).all():
        same = (one == other) | (np.isnan(one) & np.isnan(other))
        found = np.where(same, 0, np.where(np.isnan(found), np.inf, found))
    return np.asarray(found)


def place(trial: Trial, number: int, at: tuple[int, ...] | Array) -> str:
    """Name an output: its number (and its head's, if there are several) and the row."""
    row, *rest = (int(i) for i in at) if len(at) else (0,)
    head = f" of head {number}" if len(trial.outputs) > 1 else ""
    unit = f" {','.join(map(str, rest))}" if rest else ""
    return f"output{unit}{head} for row {row}"


def number_text(value: float | np.generic) -> str:
    """Word a number, finite or not."""
    number = float(value)
    if math.isnan(number):
        return "NaN"
    return f"{number:.9g}" if math.isfinite(number) else ("infinite" if number > 0 else "minus infinite")
