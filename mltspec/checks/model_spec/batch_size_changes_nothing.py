"""The loss is a mean over the batch, not a sum.

With a summed loss (`reduction="sum"`, `reduce_sum`) the gradient grows with the batch, and with it every step: a
learning rate that fits 32 rows blows up at 512, and penalties on weights count for less the larger the batch is.

    expect loss doubles not when batch doubles judged by steps

Every row of a batch is put in twice: loss and gradient must stay what they are. `judged by steps` fails a summed loss
only where it does harm: where the first steps at the real batch size end higher than those with the gradient of the
mean, and do not lower the loss. Such steps are an adaptive optimizer's, which does not care, or come with a rate
chosen for it. A `summed_loss` that the model declares is intended. Inconclusive where no gradient could be read.

Source: Goyal et al., "Accurate, large minibatch SGD", 2017, section 2.1 and remark 3 of section 3 (normalise by the
batch's size).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from mltspec.checks.check import Check, Clause, Example, Params
from mltspec.checks.model_spec.untrained import asks, example, not_seen
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.fresh import FRESH, Doubling, FreshEvidence
from mltspec.plan.verdict import Figure, Judgement, Verdict

BETWEEN = 1.5
"""A gradient of a doubled batch nearer to twice than to once the batch's is a sum's."""


class DoublingParams(Params):
    """``by`` is what decides: the loss that doubles, or the first steps that it makes too long."""

    by: Literal["loss", "steps"]


def judge(params: DoublingParams, evidence: Sequence[FreshEvidence]) -> Judgement:
    """A batch of which every row stands there twice has the loss and the gradient of the batch."""
    (seen,) = evidence
    doubled = seen.doubling
    if doubled is None:
        if seen.fixed_rows is not None:
            return passed(f"the model takes batches of {seen.fixed_rows} rows only: nothing can grow with their size")
        return inconclusive("no gradient could be read" + not_seen(seen, "a doubled batch", "the training step"))
    ratio, what = (doubled.loss, "loss") if doubled.gradient is None else (doubled.gradient, "gradient")
    times = number(round(math.nan if ratio is None else ratio, 3))
    measured = figure(math.nan if ratio is None else ratio, f"{times} times the {what}")
    bound = Figure(text=f"once the {what}", value=1.0)
    if not _summed(doubled):
        return passed(
            f"with every row of {doubled.rows} put in twice the {what} is {times} times what it was: the loss is no "
            "sum over the batch",
            measured,
            bound,
        )
    text = (
        "the loss is summed over the batch (reduction sum): loss and gradient double when every row is put in twice, "
        f"so that a step at batch size {doubled.batch_rows} is {doubled.batch_rows} times as long as that of the mean"
    )
    if doubled.declared:
        return passed(f"{text}, as declared", measured, bound)
    if params.by == "steps" and not _harmful(doubled):
        return passed(
            f"{text}; the first {plural(doubled.steps, 'step')} {_went(doubled)} all the same", measured, bound
        )
    went = f"; the first {plural(doubled.steps, 'step')} {_went(doubled)}" if doubled.end is not None else ""
    return failed(
        f"{text}{went}; the learning rate must shrink as the batch grows, or training diverges: take the mean "
        "(reduction sum_over_batch_size)",
        measured,
        bound,
    )


def _summed(doubled: Doubling) -> bool:
    ratios = [each for each in (doubled.gradient, doubled.loss) if each is not None]
    return min(ratios, default=0.0) > BETWEEN


def _harmful(doubled: Doubling) -> bool:
    """Tell whether the first steps raise the loss, where those of the mean do not do as badly."""
    if doubled.start is None or doubled.end is None or doubled.end_of_mean is None:
        return True
    if not math.isfinite(doubled.end):
        return True
    return doubled.end >= doubled.start and doubled.end > doubled.end_of_mean


def _went(doubled: Doubling) -> str:
    start, end, mean = (
        math.nan if each is None else each for each in (doubled.start, doubled.end, doubled.end_of_mean)
    )
    return f"bring the loss of a row from {number(start)} to {number(end)}, those of the mean to {number(mean)}"


def _doubling(**seen: object) -> FreshEvidence:
    plain = Doubling(rows=8, gradient=1.0, loss=1.0, exact=True, batch_rows=512)
    return example(doubling=plain.model_copy(update=seen))


_SUMMED = {"gradient": 2.0, "loss": 2.0, "steps": 20, "start": 2.3, "end_of_mean": 1.5}

CHECK = Check(
    name="batch-size-changes-nothing",
    test=2,
    phrase="loss doubles not when batch doubles",
    summary="The loss is a mean over the batch: its gradient does not grow with the batch.",
    params=DoublingParams,
    evidence=FreshEvidence,
    kinds=(FRESH,),
    asks=asks,
    judge=judge,
    clauses=(
        Clause(
            "judged by {by:loss/steps}",
            "whether a doubled loss is enough, or only steps that it makes too long",
            default="judged by loss",
        ),
    ),
    examples=lambda: (
        Example(
            "expect loss doubles not when batch doubles",
            (_doubling(),),
            Verdict.PASSED,
            "the gradient is 1 times what it was",
        ),
        Example(
            "expect loss doubles not when batch doubles judged by steps",
            (_doubling(**_SUMMED, end=1082.0),),
            Verdict.FAILED,
            "bring the loss of a row from 2.3 to 1082, those of the mean to 1.5",
        ),
        Example(
            "expect loss doubles not when batch doubles judged by steps",
            (_doubling(**_SUMMED, end=1.1),),
            Verdict.PASSED,
            "bring the loss of a row from 2.3 to 1.1",
        ),
        Example(
            "expect loss doubles not when batch doubles",
            (_doubling(**_SUMMED, end=1.1),),
            Verdict.FAILED,
            "a step at batch size 512 is 512 times as long",
        ),
    ),
)
