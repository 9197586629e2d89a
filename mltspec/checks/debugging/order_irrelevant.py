"""Rows in another order get the same answers, in that order.

    for any batch of 1..64 rows {
      expect order irrelevant
    }

A running state, a sort, a position taken from the row's place in its batch: answers then depend on who came first.
`rows independent` asks more, that company does not matter at all; this one lets rows share statistics of their batch.

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
    return ask(scope, "order irrelevant", Terms(tolerance=float(params.within)))


def judge(params: WithinParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a batch that is answered otherwise in another order."""
    return judge_search(
        evidence,
        f"order irrelevant within {params.within}",
        Figure(text=f"within {params.within}", value=float(params.within)),
        "look for a state that is carried from row to row, or a position along the batch axis",
    )


CHECK = Check(
    name="order-irrelevant",
    test=5,
    phrase="order irrelevant",
    summary="Rows in another order get the same answers.",
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
            "expect order irrelevant",
            (example_held(1e-7, "largest deviation 1e-07"),),
            Verdict.PASSED,
            "order irrelevant within 1e-5 held for 200 batches",
        ),
        Example(
            "expect order irrelevant",
            (example_broken("output 0 for row 1 is 0.2 in the batch and 0.4 with the last row put first", 0.2),),
            Verdict.FAILED,
            "order irrelevant within 1e-5 does not hold: output 0 for row 1 is 0.2 in the batch and 0.4",
        ),
    ),
)
