"""A model can learn one batch by heart.

A model that cannot fit a handful of rows has a fault in its wiring, its loss or its optimizer, whatever the
data. One batch is trained on again and again from fresh weights.

    expect one batch overfits to loss <= 0.01 within 200 steps

Without a loss, training must reach accuracy 1, or bring the loss nine tenths of the way from its start to its floor:
what the loss is when the labels themselves are the answers, or what the module declares (label smoothing and
autoencoders never reach zero). A loss that may be negative (a likelihood) has no such floor, so then the bound must be
written.

Without `within`, training goes on until the loss no longer falls, whatever the optimizer's pace: what is judged is
where it stops. Inconclusive never; a loss that starts at or below its floor need only fall.

Source: Andrej Karpathy, "A Recipe for Training Neural Networks", 2019, section 2, "overfit one batch".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, figure, number, passed
from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Data, Model
from mltspec.plan.verdict import Figure, Judgement, Verdict

SHARE_OF_THE_WAY = 0.9
PATIENT_STEPS = 2000
"""How long the loss is followed at most, where the author sets no number of steps."""


class OverfitAsk(Ask):
    """Train fresh weights on the first ``rows`` rows for at most ``steps`` steps.

    ``patient`` ends earlier: when most of the way is made, or when the loss no longer falls.
    """

    kind: ClassVar[str] = "overfit"
    model: Model
    data: Data
    seed: int
    steps: int
    rows: int
    patient: bool = False

    def label(self) -> str:
        """Name the measurement as its report does."""
        return f"overfit one batch with {self.model.name}"


class OverfitEvidence(Evidence):
    """The loss (inference mode) before, at its lowest and at the end; accuracy where the model has one.

    ``reached_step`` is the first step with the lowest loss; losses are looked at every few steps. ``floor`` is
    the loss of perfect answers, as declared or as found; None where it is not known.
    """

    rows: int
    steps: int
    start: float
    lowest: float
    end: float
    reached_step: int
    accuracy: float | None
    first_bad_step: int | None
    floor: float | None = None


OVERFIT = Kind("overfit", OverfitAsk, OverfitEvidence, "mltspec.subjects.observers.overfit:observe")


class OverfitParams(Params):
    """``loss`` is the loss to reach; None asks for accuracy 1 or nine tenths of the way to the floor.

    ``within`` None trains until the loss no longer falls.
    """

    loss: Quantity | None
    within: Quantity | None
    rows: Quantity


def asks(params: OverfitParams, scope: Scope) -> Sequence[Ask]:
    """One short training on one batch."""
    return [
        OverfitAsk(
            model=scope.model,
            data=scope.training,
            seed=scope.seed,
            steps=params.within.count if params.within else PATIENT_STEPS,
            rows=params.rows.count,
            patient=params.within is None and params.loss is None,
        )
    ]


def judge(params: OverfitParams, evidence: Sequence[OverfitEvidence]) -> Judgement:
    """Compare the lowest loss with the bound."""
    (seen,) = evidence
    if seen.first_bad_step is not None:
        return failed(
            f"the loss is not finite from step {seen.first_bad_step} of training on one batch of {seen.rows} rows; "
            "the learning rate may be too high, or an input is NaN or infinite",
            figure(math.nan),
        )
    if params.loss is not None:
        limit, text = float(params.loss), params.loss.text
    elif seen.start > (floor := seen.floor or 0.0):
        limit = seen.start - SHARE_OF_THE_WAY * (seen.start - floor)
        text = f"{number(limit)} (nine tenths of the way from {number(seen.start)} to {number(floor)})"
    else:
        return _below_its_floor(seen, floor)
    bound = Figure(text=f"loss <= {text}", value=limit)
    if seen.lowest <= limit:
        return passed(
            f"one batch of {seen.rows} rows is learnt: loss {number(seen.start)} -> {number(seen.lowest)} "
            f"by step {seen.reached_step}",
            figure(seen.lowest),
            bound,
        )
    if params.loss is None and seen.accuracy == 1.0:
        return passed(
            f"one batch of {seen.rows} rows is learnt: every row is right after {seen.steps} steps "
            f"(loss {number(seen.start)} -> {number(seen.end)})",
            figure(seen.accuracy, "accuracy 1"),
            Figure(text=f"accuracy 1 or loss <= {text}", value=1.0),
        )
    if params.within is None and _still_falls(seen) and seen.lowest <= (seen.start + limit) / 2:
        return passed(
            f"one batch of {seen.rows} rows is being learnt: loss {number(seen.start)} -> {number(seen.lowest)} and "
            f"still falling after {seen.steps} steps",
            figure(seen.lowest, f"{number(seen.lowest)} and still falling"),
            bound,
        )
    return failed(
        f"one batch of {seen.rows} rows cannot be learnt: loss {number(seen.start)} -> {number(seen.lowest)} in "
        f"{seen.steps} steps, expected at most {text}; look at the loss and the last layer (do they fit each other?), "
        "at a learning rate that is too small or too large, and at layers that pass no gradient",
        figure(seen.lowest),
        bound,
    )


def _still_falls(seen: OverfitEvidence) -> bool:
    return seen.reached_step >= 0.95 * seen.steps


def _below_its_floor(seen: OverfitEvidence, floor: float) -> Judgement:
    told = (
        f"the loss starts at {number(seen.start)}, at or below {number(floor)}, so no share of the way can be asked for"
    )
    measured = figure(seen.lowest)
    if seen.lowest < seen.start:
        return passed(f"{told}; it falls to {number(seen.lowest)} on one batch of {seen.rows} rows", measured)
    return failed(f"{told}; but on one batch of {seen.rows} rows it does not fall at all", measured)


def _example(lowest: float, accuracy: float | None) -> OverfitEvidence:
    return OverfitEvidence(
        rows=32,
        steps=200,
        start=2.4,
        lowest=lowest,
        end=lowest,
        reached_step=180,
        accuracy=accuracy,
        first_bad_step=None,
    )


CHECK = Check(
    name="one-batch-overfits",
    test=2,
    phrase="one batch overfits",
    summary="One batch can be learnt by heart from fresh weights.",
    params=OverfitParams,
    evidence=OverfitEvidence,
    kinds=(OVERFIT,),
    asks=asks,
    judge=judge,
    clauses=(
        Clause(
            "to loss <= {loss:number}",
            "the loss to reach; without it, accuracy 1 or nine tenths of the way to its floor",
        ),
        Clause("within {within:steps}", "steps of training on the batch; without it, until the loss no longer falls"),
        Clause("of {rows:rows}", "rows in the batch", default="of 32 rows"),
    ),
    examples=lambda: (
        Example(
            "expect one batch overfits to loss <= 0.01 within 200 steps",
            (_example(0.004, 1.0),),
            Verdict.PASSED,
            "one batch of 32 rows is learnt: loss 2.4 -> 0.004 by step 180",
        ),
        Example(
            "expect one batch overfits",
            (_example(2.2, 0.125),),
            Verdict.FAILED,
            "one batch of 32 rows cannot be learnt: loss 2.4 -> 2.2 in 200 steps, expected at most 0.24 (nine tenths "
            "of the way from 2.4 to 0)",
        ),
    ),
)
