"""An untrained model knows nothing: its loss starts near that of a guess.

Before the first step a classifier can at best say how often each class comes. A loss that starts far above that says
that the model is sure of what it cannot know: weights that start too large, inputs that swamp it, outputs that the
loss does not expect. A loss that is not finite says that the data or the first layers are broken.

    expect initial loss near chance

Raw inputs may well start high and be learnt from, so a high start counts only if it stays so when inputs are brought to
mean 0 and spread 1. Only cross-entropies have a chance that is known before training; of other losses it is looked at
whether outputs are finite, and said so. Inconclusive where the model has no output.

Source: Andrej Karpathy, "A Recipe for Training Neural Networks", 2019, section 2, "verify loss @ init".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params
from mltspec.checks.model_spec.untrained import asks, example, example_head, of
from mltspec.checks.wording import failed, figure, inconclusive, listed, number, passed
from mltspec.evidence.fresh import FRESH, FreshEvidence, Head, Start
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict


class ChanceParams(Params):
    """``times`` is how often the loss of a guess the first loss may be."""

    times: Quantity


def judge(params: ChanceParams, evidence: Sequence[FreshEvidence]) -> Judgement:
    """Compare the first loss of every output with that of a guess."""
    (seen,) = evidence
    if not seen.heads:
        return inconclusive("the model has no output to look at")
    broken = [of(head) for head in seen.heads if not head.finite or (head.start and not math.isfinite(head.start.loss))]
    if broken:
        cause = (
            f": {seen.bad_data}" if seen.bad_data else ": an operation on the way makes it so (log or division of zero)"
        )
        return failed(
            f"{', '.join(broken)} is not finite (NaN or infinite) before the first step{cause}", figure(math.nan)
        )
    compared = [(head, head.start) for head in seen.heads if head.start is not None]
    if not compared:
        return passed(
            "outputs are finite; their loss is no cross-entropy, so that no guess is known to compare it with"
        )
    limit = float(params.times)
    worst, start = max(compared, key=lambda pair: _least(pair[1]) / _guess(pair[1]))
    measured = figure(start.loss)
    bound = Figure(
        text=f"loss <= {number(limit * _guess(start))} ({number(limit)} times a guess)", value=limit * _guess(start)
    )
    text = f"the loss of {of(worst)} starts at {number(start.loss)} where a guess costs {number(_guess(start))}"
    if _least(start) > limit * _guess(start):
        scaled = "" if start.scaled is None else f", and at {number(start.scaled)} with inputs of mean 0 and spread 1"
        return failed(
            f"{text}{scaled}: untrained, the model is sure of what it cannot know; weights may start too large "
            "(initialisation), or the loss does not expect such outputs (from_logits)",
            measured,
            bound,
        )
    others = [head.name for head in seen.heads if head.start is None and head.name]
    return passed(f"{text}{f'; nothing to compare {listed(others)} with' if others else ''}", measured, bound)


def _guess(start: Start) -> float:
    """The dearer of two guesses: by how often labels come, and without knowing even that, as weights start."""
    return max(start.chance, start.uniform, 1e-3)


def _least(start: Start) -> float:
    return start.loss if start.scaled is None else min(start.loss, start.scaled)


def _head(loss: float, scaled: float) -> Head:
    return example_head(start=Start(loss=loss, scaled=scaled, chance=1.05, uniform=1.1))


CHECK = Check(
    name="initial-loss-near-chance",
    test=2,
    phrase="initial loss near chance",
    summary="The loss of an untrained classifier starts near that of a guess.",
    params=ChanceParams,
    evidence=FreshEvidence,
    kinds=(FRESH,),
    asks=asks,
    judge=judge,
    clauses=(
        Clause("within {times:number} times", "how often the loss of a guess it may be", default="within 5 times"),
    ),
    examples=lambda: (
        Example(
            "expect initial loss near chance",
            (example(heads=(_head(1.2, 1.3),)),),
            Verdict.PASSED,
            "the loss of the output starts at 1.2 where a guess costs 1.1",
        ),
        Example(
            "expect initial loss near chance within 3 times",
            (example(heads=(_head(30.0, 2.0),)),),
            Verdict.PASSED,
            "starts at 30",
        ),
        Example(
            "expect initial loss near chance",
            (example(heads=(_head(30.0, 12.0),)),),
            Verdict.FAILED,
            "starts at 30 where a guess costs 1.1, and at 12 with inputs of mean 0 and spread 1",
        ),
        Example(
            "expect initial loss near chance",
            (example(heads=(example_head(finite=False),), bad_data="input holds nan at row 3, column 1"),),
            Verdict.FAILED,
            "not finite (NaN or infinite) before the first step: input holds nan at row 3, column 1",
        ),
    ),
)
