"""No batch makes the model answer outside a range.

    for any batch of 1..64 rows {
      expect outputs in 0..1
    }

Both ends are allowed. NaN lies in no range. Inconclusive when the same batch does not fail again.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 5.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Params, Range, Scope
from mltspec.checks.debugging.searched import ask, depict_search, example_broken, example_held, judge_search
from mltspec.checks.refusals import empty_range
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, ProbesEvidence, Terms
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict


class RangeParams(Params):
    """The range that outputs must lie in."""

    range: Range


def asks(params: RangeParams, scope: Scope) -> Sequence[Ask]:
    """One search; the range decides what is a counterexample, so it is part of the ask."""
    return ask(scope, "outputs in range", Terms(low=float(params.range.low), high=float(params.range.high)))


def judge(params: RangeParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is an output outside the range."""
    return judge_search(
        evidence,
        f"outputs in {params.range}",
        Figure(text=f"in {params.range}"),
        "look at the last layer's activation",
    )


CHECK = Check(
    name="outputs-in-range",
    test=5,
    phrase="outputs in {range:range}",
    summary="No batch makes the model answer outside a range.",
    params=RangeParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    refuse=empty_range,
    examples=lambda: (
        Example(
            "expect outputs in 0..1",
            (example_held(0.999, "outputs from 1e-9 to 0.999"),),
            Verdict.PASSED,
            "outputs in 0..1 held for 200 batches",
        ),
        Example(
            "expect outputs in 0..1",
            (example_broken("output 0 is 1.02 for row 0", 1.02),),
            Verdict.FAILED,
            "outputs in 0..1 does not hold: output 0 is 1.02 for row 0",
        ),
    ),
)
