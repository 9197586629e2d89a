"""The learning rate goes as its schedule says, over the steps that the run really takes.

A schedule counts steps of its own. Where a training step of one's own never advances that count, the rate stays where
it began; where the schedule was written in epochs and counted in steps, it ends when training has hardly begun, or the
run ends while it still warms up.

    expect learning rate as scheduled
    expect learning rate as scheduled by python "delay.training:rate"

Judged are the rates that steps were taken with. Without `by`: the schedule's count grows; the rate is not zero, nor
below a thousandth of its highest for four fifths of the run; and the run gets to a tenth of the rate that its schedule
warms up to. With `by`, `rate(step)`, or `rate(step, epoch)`, both counted from 0, says what each rate ought to be.

Inconclusive where no rate was seen: a loop of one's own around the optimizer, or several optimizers.

Source: Goyal et al., "Accurate, Large Minibatch SGD", 2017, section 2.2 (warm-up); Loshchilov and Hutter, "SGDR:
Stochastic Gradient Descent with Warm Restarts", ICLR 2017, section 3 (schedules over the whole budget of steps).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import ClassVar

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural, share
from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.training import TRAINING, RatePoint, Rates, TrainingAsk
from mltspec.plan.picture import Curves, Line, Picture
from mltspec.plan.subject import Function
from mltspec.plan.verdict import Figure, Judgement, Verdict

NOTHING = 1e-3
"""A rate is as good as zero below this share of the run's highest."""
MOST_WASTED = 0.8
"""Share of the steps that may be taken at such a rate."""
WARM = 0.1
"""Share of the rate that a schedule warms up to that a run must get to."""
CLOSE = 1e-5
"""Relative; rates are single precision."""


class ScheduleAsk(Ask):
    """The rates of a run, and what a function says that they ought to be; None: the optimizer's own schedule alone."""

    kind: ClassVar[str] = "learning rates"
    run: TrainingAsk
    function: Function | None

    def needs(self) -> Sequence[Ask]:
        """The model must have been trained."""
        return (self.run,)

    def label(self) -> str:
        """Name it as its report does."""
        return f"learning rates of {self.run.model.name}"


class ScheduleEvidence(Evidence):
    """``rates`` of a run of ``steps`` steps, and the ``wanted`` ones at the same steps, empty without a function."""

    rates: Rates | None
    steps: int
    wanted: tuple[float, ...] = ()


SCHEDULE = Kind("learning rates", ScheduleAsk, ScheduleEvidence, "mltspec.subjects.observers.schedule:observe")


class ScheduleParams(Params):
    """``function`` is the ``module:callable`` of what the rates ought to be; None: the optimizer's schedule."""

    function: str | None


def asks(params: ScheduleParams, scope: Scope) -> Sequence[Ask]:
    """The rates of one run."""
    function = Function(target=params.function) if params.function else None
    return [ScheduleAsk(run=scope.run(), function=function)]


def judge(params: ScheduleParams, evidence: Sequence[ScheduleEvidence]) -> Judgement:
    """Hold the rates against the function, or the schedule against the run."""
    (seen,) = evidence
    bound = Figure(text=f"as `{params.function}` says" if params.function else "as its schedule says, and in the run")
    if seen.rates is None:
        return inconclusive(
            "no learning rate was seen: the model has no optimizer, or several, or a loop of its own trains it",
            bound=bound,
        )
    points = seen.rates.points
    measured = figure(points[-1].rate, _course(points))
    wrong = next(_apart(seen) if params.function else _misfits(seen.rates, seen.steps), "")
    if wrong:
        return failed(wrong, measured, bound)
    what = f", as {seen.rates.schedule} says" if seen.rates.schedule else ""
    what = f", as `{params.function}` says at each of {plural(len(points), 'step')}" if params.function else what
    return passed(f"{_course(points)} over {plural(seen.steps, 'step')}{what}", measured, bound)


def _apart(seen: ScheduleEvidence) -> Iterator[str]:
    assert seen.rates is not None
    for point, wanted in zip(seen.rates.points, seen.wanted, strict=True):
        if abs(point.rate - wanted) > CLOSE * max(abs(wanted), abs(point.rate)):
            yield (
                f"step {point.step} (epoch {point.epoch}) was taken with a rate of {number(point.rate)}, and "
                f"{number(wanted)} was due"
            )


def _misfits(rates: Rates, steps: int) -> Iterator[str]:
    points, highest = rates.points, max(point.rate for point in rates.points)
    if rates.schedule and steps > 1 and rates.counted == 0:
        yield (
            f"{rates.schedule} stands still: the optimizer counted no step while {steps:,} were taken, so the rate "
            f"stays {number(points[-1].rate)}; apply gradients with `self.optimizer.apply`, which counts"
        )
    if highest == 0:
        yield "the learning rate is 0 throughout, so nothing is learnt"
    if rates.ahead is not None and highest < WARM * rates.ahead:
        yield (
            f"the run ends while {rates.schedule} still warms up: it gets to {number(highest)}, "
            f"{share(highest / rates.ahead)} of the {number(rates.ahead)} that is due at step {rates.ahead_at:,}, and "
            f"has {plural(steps, 'step')}; is the schedule in epochs or rows, where it is counted in steps?"
        )
    wasted, since = _wasted(points, steps, NOTHING * highest)
    if wasted >= MOST_WASTED:
        yield (
            f"the learning rate falls to below a thousandth of {number(highest)} by step {since:,}: "
            f"{share(wasted)} of {plural(steps, 'step')} learn nothing; is the schedule in epochs, where it is counted "
            "in steps?"
        )


def _wasted(points: Sequence[RatePoint], steps: int, low: float) -> tuple[float, int]:
    """Return the share of steps taken below a rate, and the first of them; a rate holds to the next one seen."""
    ends = [*(after.step for _, after in pairwise(points)), steps + 1]
    below = [(end - point.step, point.step) for point, end in zip(points, ends, strict=True) if point.rate < low]
    return sum(length for length, _ in below) / max(steps, 1), min((step for _, step in below), default=0)


def _course(points: Sequence[RatePoint]) -> str:
    rates = [point.rate for point in points]
    low, high = min(rates), max(rates)
    if low == high:
        return f"rate {number(high)} throughout"
    between = "" if {low, high} <= {rates[0], rates[-1]} else f", between {number(low)} and {number(high)}"
    return f"rate {number(rates[0])} -> {number(rates[-1])}{between}"


def depict(params: ScheduleParams, evidence: Sequence[ScheduleEvidence]) -> Sequence[Picture]:
    """Draw the rate over the run, and what was due."""
    (seen,) = evidence
    if seen.rates is None or (len({point.rate for point in seen.rates.points}) == 1 and not seen.wanted):
        return []
    steps = tuple(float(point.step) for point in seen.rates.points)
    lines = [Line(name="taken with", x=steps, y=tuple(point.rate for point in seen.rates.points))]
    lines += [Line(name="due", x=steps, y=seen.wanted)] if seen.wanted else []
    return [Curves(title="learning rate", x="step", y="learning rate", lines=tuple(lines))]


def _seen(rates: Sequence[float], wanted: Sequence[float] = (), **more: object) -> ScheduleEvidence:
    points = tuple(RatePoint(step=i * 10 + 1, epoch=i // 5 + 1, rate=rate) for i, rate in enumerate(rates))
    steps = len(rates) * 10
    values: dict[str, object] = {"schedule": "CosineDecay", "counted": steps, "ahead": rates[-1], "ahead_at": steps + 1}
    return ScheduleEvidence(rates=Rates(points=points, **(values | more)), steps=steps, wanted=tuple(wanted))


FALLING = (0.1, 0.09, 0.06, 0.03, 0.01)

CHECK = Check(
    name="learning-rate",
    test=2,
    phrase="learning rate as scheduled",
    summary="The learning rate goes as its schedule says, over the steps that the run takes.",
    params=ScheduleParams,
    evidence=ScheduleEvidence,
    kinds=(SCHEDULE, TRAINING),
    clauses=(
        Clause("by python {function:callable}", "what says each step's rate: `rate(step)` or `rate(step, epoch)`"),
    ),
    asks=asks,
    judge=judge,
    depict=depict,
    examples=lambda: (
        Example(
            "expect learning rate as scheduled",
            (_seen(FALLING),),
            Verdict.PASSED,
            "rate 0.1 -> 0.01 over 50 steps, as CosineDecay says",
        ),
        Example(
            "expect learning rate as scheduled",
            (_seen((0.1,) * 5, counted=0, ahead=0.1),),
            Verdict.FAILED,
            "CosineDecay stands still: the optimizer counted no step while 50 were taken",
        ),
        Example(
            "expect learning rate as scheduled",
            (_seen((0.0001, 0.0002, 0.0003), ahead=0.01, ahead_at=1_000),),
            Verdict.FAILED,
            "gets to 0.0003, 3.0% of the 0.01 that is due at step 1,000",
        ),
        Example(
            "expect learning rate as scheduled",
            (_seen((0.1, *(1e-6,) * 9)),),
            Verdict.FAILED,
            "below a thousandth of 0.1 by step 11: 90.0% of 100 steps learn nothing",
        ),
        Example(
            'expect learning rate as scheduled by python "delay.training:rate"',
            (_seen(FALLING, (0.1, 0.09, 0.06, 0.03, 0.02)),),
            Verdict.FAILED,
            "step 41 (epoch 1) was taken with a rate of 0.01, and 0.02 was due",
        ),
        Example(
            "expect learning rate as scheduled",
            (ScheduleEvidence(rates=None, steps=50),),
            Verdict.INCONCLUSIVE,
            "no learning rate was seen",
        ),
    ),
)
