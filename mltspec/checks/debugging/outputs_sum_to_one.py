"""The outputs of a row are shares: they sum to one.

    for any batch of 1..64 rows {
      expect outputs sum to 1
    }

A softmax over the wrong axis, one left out, or one by hand that lost its sum: each gives numbers that look like
chances and are none. The last axis is summed.

Inconclusive when the same batch does not fail again.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 5.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Scope
from mltspec.checks.debugging.searched import (
    WITHIN,
    WithinParams,
    ask,
    depict_search,
    example_broken,
    example_held,
    judge_search,
)
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, ProbesEvidence, Terms
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict


def asks(params: WithinParams, scope: Scope) -> Sequence[Ask]:
    """One search; the tolerance decides what is a counterexample, so it is part of the ask."""
    return ask(scope, "outputs sum to 1", Terms(tolerance=float(params.within)))


def judge(params: WithinParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a row whose outputs sum to something else."""
    return judge_search(
        evidence,
        f"outputs sum to 1 within {params.within}",
        Figure(text=f"within {params.within}", value=float(params.within)),
        "look for a softmax that is missing, or over another axis",
    )


CHECK = Check(
    name="outputs-sum-to-one",
    test=5,
    phrase="outputs sum to 1",
    summary="The outputs of a row sum to one, whatever the batch.",
    params=WithinParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    clauses=(WITHIN,),
    in_batch=True,
    examples=lambda: (
        Example(
            "expect outputs sum to 1",
            (example_held(1e-7, "largest deviation 1e-07"),),
            Verdict.PASSED,
            "outputs sum to 1 within 1e-5 held for 200 batches",
        ),
        Example(
            "expect outputs sum to 1",
            (example_broken("the outputs for row 0 sum to 1.2", 0.2),),
            Verdict.FAILED,
            "outputs sum to 1 within 1e-5 does not hold: the outputs for row 0 sum to 1.2",
        ),
    ),
)
