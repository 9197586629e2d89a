"""Training stays finite.

One NaN or infinity in a loss or a weight and nothing that is learnt afterwards means anything. The loss of every step
of the whole training is looked at, and every weight at its end. Where it breaks, the look tells the data's fault from
training's: it names the first NaN in the data or, if there is none, trains again from the same start with smaller
steps.

    expect training stays finite

Steps that a scaled loss skips by design (half precision) leave loss and weights finite, and pass. Inconclusive never.

Source: Zhang et al., "An empirical study on program failures of deep learning jobs", ICSE 2020, section 4 (NaN loss);
Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 8.3.1 (too large a learning rate diverges).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Params, Scope
from mltspec.checks.quality.example_looks import HEALTHY, look, rate
from mltspec.checks.quality.standing import rate_told
from mltspec.checks.wording import failed, figure, listed, number, passed, plural
from mltspec.evidence.kind import Ask
from mltspec.evidence.trained import TRAINED, TrainedAsk, TrainedEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict

BOUND = Figure(text="every loss and weight finite")


def asks(params: Params, scope: Scope) -> Sequence[Ask]:
    """One look at the trained model."""
    return [TrainedAsk(run=scope.run(), data=scope.training, confidence=scope.confidence)]


def judge(params: Params, evidence: Sequence[TrainedEvidence]) -> Judgement:
    """Fail at the first loss that is not finite, or at weights or answers that are not."""
    (seen,) = evidence
    steps = plural(seen.weights.steps, "step")
    if seen.first_bad_step is None and not seen.weights.nonfinite and seen.training.finite:
        return passed(
            f"the loss of each of {steps} and all {plural(seen.weights.trainable, 'weight')} are finite "
            f"(loss {number(seen.start_loss)} -> {number(seen.end_loss)})",
            figure(seen.end_loss),
            BOUND,
        )
    if seen.first_bad_step is not None:
        told = f"the loss is NaN or infinite (not finite) from step {seen.first_bad_step} of {steps} on"
    elif seen.weights.nonfinite:
        told = f"after {steps} {listed(seen.weights.nonfinite)} hold NaN or infinity (not finite)"
    else:
        told = f"after {steps} the answers to training rows are NaN or infinite (not finite) though the loss is finite"
    return failed(f"{told}; {_cause(seen)}", figure(math.nan), BOUND)


def _cause(seen: TrainedEvidence) -> str:
    if seen.bad_data:
        return f"the data is the cause: {seen.bad_data}; fill missing values or leave such rows out"
    found = [rate_told(seen.rates)] if seen.rates else []
    if seen.weights.linear_chain:
        first, second = seen.weights.linear_chain
        found.append(f"`{first}` has no activation (a missing non-linearity: it and `{second}` are one linear layer)")
    known = [each for each in found if each]
    if known:
        return " and ".join(known)
    return "training diverges: the learning rate may be too high, or an operation has no finite value (log of 0, 0/0)"


CHECK = Check(
    name="training-stays-finite",
    test=2,
    phrase="training stays finite",
    summary="No loss in training and no weight at its end is NaN or infinite.",
    params=Params,
    evidence=TrainedEvidence,
    kinds=(TRAINED, TRAINING),
    asks=asks,
    judge=judge,
    examples=lambda: (
        Example(
            "expect training stays finite",
            (look(),),
            Verdict.PASSED,
            "the loss of each of 480 steps and all 4 weights are finite (loss 2.4 -> 0.1)",
        ),
        Example(
            "expect training stays finite",
            (
                look(
                    first_bad_step=5,
                    weights=HEALTHY.weights.model_copy(update={"linear_chain": ("dense", "dense_1")}),
                    rates=(rate(1, math.inf), rate(0.1, 0.04)),
                ),
            ),
            Verdict.FAILED,
            "the loss is NaN or infinite (not finite) from step 5 of 480 steps on; the learning rate 0.001 is too high",
        ),
        Example(
            "expect training stays finite",
            (look(first_bad_step=1, bad_data="input holds nan at row 7, column 1"),),
            Verdict.FAILED,
            "the data is the cause: input holds nan at row 7, column 1",
        ),
    ),
)
