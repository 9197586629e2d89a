"""Training brings the loss down.

The loss is taken in inference mode on the same training rows before, during and after, not read off the progress
bar, whose moving average mixes rows, weights and dropout. The fall must be real: a trend over all points, or a
plateau that lies clear of the start by three times its own noise; and by the share asked for.

    expect loss decreases by >= 20% within 3 epochs in >= 4 of 5 seeds

Without `by`, any significant falling trend will do: then a loss that may be negative is judged rightly too.
A share of a loss that starts at or below zero means nothing: inconclusive, with the way out.

Source: H. B. Mann, "Nonparametric tests against trend", Econometrica 13, 1945 (the trend test);
Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.refusals import unreachable_seeds
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural, share
from mltspec.evidence.kind import Ask
from mltspec.evidence.training import TRAINING, LossPoint, TrainingEvidence
from mltspec.plan.picture import Bound, Curves, Picture, thinned
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.statistics.rank import mann_kendall_decreasing

SIGNIFICANCE = 0.05
CLEAR_OF_NOISE = 3.0


class LossParams(Params):
    """``by`` is the least relative fall; ``held`` of ``seeds`` seeds must show it."""

    by: Quantity | None
    within: Quantity | None
    held: int
    seeds: Quantity


def asks(params: LossParams, scope: Scope) -> Sequence[Ask]:
    """One run a seed, cut after the epochs asked for."""
    epochs = params.within.count if params.within else None
    return [scope.run(seed=scope.seed + i, epochs=epochs) for i in range(params.seeds.count)]


@dataclass(frozen=True)
class Fall:
    """How the loss went in one run: ``fell`` None where a share cannot be taken."""

    start: float
    end: float
    fell: float | None
    trend: float
    clear: bool
    bad_step: int | None
    points: int
    bad_data: str = ""


def missing(params: LossParams, evidence: Sequence[TrainingEvidence]) -> int:
    """As many more runs as could at the least settle k of n."""
    holds = [_holds(params, _fall(params, run)) for run in evidence]
    short = params.held - holds.count(True)
    spare = params.seeds.count - params.held - (len(holds) - holds.count(True))
    return 0 if short <= 0 or spare < 0 else min(short, spare + 1)


def judge(params: LossParams, evidence: Sequence[TrainingEvidence]) -> Judgement:
    """Count the runs whose loss fell as asked."""
    falls = [_fall(params, run) for run in evidence]
    holds = [_holds(params, fall) for fall in falls]
    wanted = f"a fall of at least {params.by}" if params.by else "a falling trend"
    bound = Figure(text=f"{wanted} in {params.held} of {plural(params.seeds.count, 'seed')}", value=params.held)
    measured = figure(holds.count(True), f"{holds.count(True)} of {plural(len(holds), 'seed')} run")
    if any(fall.points == 0 for fall in falls):
        return inconclusive(
            "the job trains by a loop of its own, without `fit` or `train_on_batch`, so its loss could not be watched",
            bound=bound,
        )
    if params.by and any(fall.fell is None and fall.bad_step is None for fall in falls):
        return inconclusive(
            f"the loss starts at {number(falls[0].start)}, so a relative fall means nothing; leave `by` out to ask "
            "for a falling trend",
            measured,
            bound,
        )
    worst = falls[holds.index(False)] if False in holds else max(falls, key=lambda fall: fall.end)
    if holds.count(True) >= params.held:
        best = falls[holds.index(True)]
        return passed(f"the loss falls in {measured.text}: {_told(best)}", measured, bound)
    return failed(
        f"the loss does not fall as expected ({wanted}) in {plural(holds.count(False), 'seed')} of {len(holds)}: "
        f"{_told(worst)}{_cause(worst)}",
        measured,
        bound,
        [f"run {i + 1}: {_told(fall)}" for i, fall in enumerate(falls)],
    )


def depict(params: LossParams, evidence: Sequence[TrainingEvidence]) -> Sequence[Picture]:
    """Show the loss of every run, and what a fall by the share asked for comes to."""
    lines = []
    for number_, run in enumerate(evidence):
        points = [point for point in run.points if params.within is None or point.epoch <= params.within.count]
        lines.append(thinned(f"run {number_ + 1}", [p.step for p in points], [p.loss for p in points]))
    starts = [line.y[0] for line in lines if line.y and line.y[0] > 0]
    bound = None
    if params.by and starts:
        bound = Bound(value=max(starts) * (1 - float(params.by)), text=f"{params.by} below the start")
    rows = f"loss on {plural(evidence[0].watched_rows, 'training row')}"
    return [Curves(title="loss on the same rows while training", x="step", y=rows, lines=tuple(lines), bound=bound)]


def _fall(params: LossParams, run: TrainingEvidence) -> Fall:
    points = [point for point in run.points if params.within is None or point.epoch <= params.within.count]
    losses = [point.loss for point in points]
    start, end = (losses[0], losses[-1]) if losses else (math.nan, math.nan)
    bad = run.first_bad_step if run.first_bad_step and points and run.first_bad_step <= points[-1].step else None
    if bad is None and not all(map(math.isfinite, losses)):
        bad = next(point.step for point in points if not math.isfinite(point.loss))
    trend = mann_kendall_decreasing(losses) if bad is None and len(losses) > 2 else 1.0
    clear = bad is None and _clear(losses)
    return Fall(start, end, (start - end) / start if start > 0 else None, trend, clear, bad, len(losses), run.bad_data)


def _clear(losses: Sequence[float]) -> bool:
    """Tell whether the second half of the points lies below the start by more than its own noise.

    A model that has learnt all in its first epoch shows no trend afterwards; its plateau is judged so.
    """
    import statistics  # brings half of the standard library: judging pays for it, linting need not

    tail = losses[len(losses) // 2 :]
    if len(tail) < 3:
        return False
    return losses[0] - statistics.fmean(tail) > CLEAR_OF_NOISE * statistics.stdev(tail)


def _holds(params: LossParams, fall: Fall) -> bool:
    if fall.bad_step is not None or not fall.end < fall.start:
        return False
    if fall.trend > SIGNIFICANCE and not fall.clear:
        return False
    return params.by is None or (fall.fell is not None and fall.fell >= float(params.by))


def _told(fall: Fall) -> str:
    if fall.bad_step is not None:
        return f"the loss is not finite from step {fall.bad_step} on (it started at {number(fall.start)})"
    by = f", {share(fall.fell)} lower" if fall.fell is not None else ""
    plateau = fall.clear and fall.trend > SIGNIFICANCE
    grounds = "a plateau clear of the start" if plateau else f"trend over {fall.points} points: p = {fall.trend:.2g}"
    return f"{number(fall.start)} -> {number(fall.end)}{by} ({grounds})"


def _cause(fall: Fall) -> str:
    if fall.bad_step is not None and fall.bad_data:
        return f"; the cause is in the data: {fall.bad_data}"
    if fall.bad_step is not None:
        return "; the data are finite, so training diverges: the learning rate is too high, or an activation is missing"
    if fall.end == fall.start:
        return "; the loss does not move at all: is anything trained (learning rate 0, frozen layers, no gradient)?"
    if fall.end > fall.start:
        return "; it rises: the learning rate may be too high, or the loss has the wrong sign"
    if fall.clear or fall.trend <= SIGNIFICANCE:
        return "; it falls, but by less than was asked for"
    return "; it hardly falls: the learning rate may be too small, or the training too short"


def _run(*losses: float, bad: int | None = None) -> TrainingEvidence:
    points = tuple(LossPoint(step=i * 10, epoch=i, loss=loss) for i, loss in enumerate(losses))
    return TrainingEvidence(
        steps=points[-1].step,
        epochs=len(losses),
        steps_per_epoch=10,
        rows=320,
        watched_rows=320,
        inference=True,
        points=points,
        first_bad_step=bad,
        finished=True,
        metrics={},
        trainable_variables=4,
        state_digest="0",
        curve_digest="0",
        state=None,
        curve=None,
        steps_per_second=500.0,
        device="CPU",
    )


CHECK = Check(
    name="loss-decreases",
    test=2,
    phrase="loss decreases",
    summary="The loss on the same rows falls as a trend during training.",
    params=LossParams,
    evidence=TrainingEvidence,
    kinds=(TRAINING,),
    asks=asks,
    judge=judge,
    depict=depict,
    missing=missing,
    clauses=(
        Clause("by >= {by:ratio}", "the least relative fall; without it, any significant falling trend"),
        Clause("within {within:epochs}", "epochs to train; the model's own number by default"),
        Clause(
            "in >= {held:count} of {seeds:seeds}",
            "how many of how many seeds must show it",
            default="in >= 1 of 1 seed",
        ),
    ),
    refuse=unreachable_seeds,
    examples=lambda: (
        Example(
            "expect loss decreases by >= 20% within 5 epochs",
            (_run(2.3, 1.9, 1.5, 1.2, 1.0, 0.9),),
            Verdict.PASSED,
            "the loss falls in 1 of 1 seed run: 2.3 -> 0.9, 60.9% lower",
        ),
        Example(
            "expect loss decreases",
            (_run(2.3, 2.3, 2.3, 2.3, 2.3, 2.3),),
            Verdict.FAILED,
            "the loss does not fall as expected (a falling trend) in 1 seed of 1: 2.3 -> 2.3",
        ),
        Example(
            "expect loss decreases by >= 20%",
            (_run(-1.0, -1.5, -2.0, -2.5),),
            Verdict.INCONCLUSIVE,
            "the loss starts at -1, so a relative fall means nothing",
        ),
    ),
)
