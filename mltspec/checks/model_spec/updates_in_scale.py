"""Updates are in scale: the steps of training are neither too small to arrive nor too large to settle.

How large a step should be, no rule of thumb knows: a converged model hardly moves, and a rate that warms up starts at
zero. So the question is asked only where training ended badly (the model is no better than a simple one, or not
finite), and answered by trial: the same training, as long and from the same start, at a tenth, ten times, a hundredth
and a hundred times the learning rate. If one of them ends with less than half of the loss, the rate is to blame.

    expect updates in scale

Rates that are schedules are not tried. Weights of which none has moved fail at once.

Inconclusive never: a model that learnt has steps in scale.

Source: Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3.3 (the range test);
Karpathy, "A Recipe for Training Neural Networks", 2019.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Params, Scope
from mltspec.checks.quality.example_looks import HEALTHY, look, rate
from mltspec.checks.quality.standing import rate_told, remedy
from mltspec.checks.wording import failed, figure, number, passed, plural, share
from mltspec.evidence.kind import Ask
from mltspec.evidence.trained import TRAINED, TrainedAsk, TrainedEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict

BOUND = Figure(text="no other learning rate ends far better")


def asks(params: Params, scope: Scope) -> Sequence[Ask]:
    """One look at the trained model."""
    return [TrainedAsk(run=scope.run(), data=scope.training, confidence=scope.confidence)]


def judge(params: Params, evidence: Sequence[TrainedEvidence]) -> Judgement:
    """Fail if nothing moved, or if another learning rate proves that this one is to blame."""
    (seen,) = evidence
    weights = seen.weights
    steps = plural(weights.steps, "step")
    if weights.trainable and weights.start_known and len(weights.still) == weights.trainable:
        return failed(
            f"none of {plural(weights.trainable, 'weight')} moved in {steps}: is the learning rate 0, or is nothing "
            "trained?",
            figure(0.0, "moved by 0%"),
            BOUND,
        )
    measured = figure(weights.moved, f"moved by {share(weights.moved)} in {steps}")
    best = remedy(seen.rates)
    if best is not None:
        slow = best.factor > 1
        trend = f"; the run's own loss is still falling when it ends, at {number(seen.end_loss)}" if slow else ""
        return failed(
            f"{rate_told(seen.rates)}{trend if seen.falling < 0.05 else ''}",
            figure(seen.rates[0].loss, f"loss {number(seen.rates[0].loss)}"),
            Figure(text=f"loss {number(best.loss)} at rate {number(best.rate)}", value=best.loss),
        )
    if seen.weights.nonfinite:
        return failed(f"after {steps} weights are NaN or infinite, so no step means anything", measured, BOUND)
    start = "" if weights.start_known else ", as far as can be told of a job of its own"
    tried = f"; {len(seen.rates) - 1} other learning rates do not end far better" if len(seen.rates) > 1 else ""
    return passed(f"{steps} moved the weights by {share(weights.moved)} of their size{start}{tried}", measured, BOUND)


CHECK = Check(
    name="updates-in-scale",
    test=2,
    phrase="updates in scale",
    summary="The steps of training are neither far too small nor far too large.",
    params=Params,
    evidence=TrainedEvidence,
    kinds=(TRAINED, TRAINING),
    asks=asks,
    judge=judge,
    examples=lambda: (
        Example(
            "expect updates in scale",
            (look(),),
            Verdict.PASSED,
            "480 steps moved the weights by 120.0% of their size",
        ),
        Example(
            "expect updates in scale",
            (look(rates=(rate(1, 2.2), rate(10, 0.4))),),
            Verdict.FAILED,
            "the learning rate 0.001 is too small: steps this small hardly move the weights towards the answer",
        ),
        Example(
            "expect updates in scale",
            (look(weights=HEALTHY.weights.model_copy(update={"still": ("a", "b", "c", "d"), "moved": 0.0})),),
            Verdict.FAILED,
            "none of 4 weights moved in 480 steps",
        ),
    ),
)
