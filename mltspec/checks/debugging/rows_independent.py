"""A row's answer does not depend on the rows beside it.

    for any batch of 1..64 rows {
      expect rows independent within 1e-5
    }

A normalisation over the batch left in training mode, a mean over the wrong axis, a padding that looks at its
neighbours: all give other answers when served one row at a time than in a batch. Rows are sent alone and in company.

Inconclusive when the same batch does not fail again.

Source: Ioffe and Szegedy, "Batch Normalization", ICML 2015, section 3.1 (inference must not depend on the batch).
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
    return ask(scope, "rows independent", Terms(tolerance=float(params.within)))


def judge(params: WithinParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a row that is answered otherwise in company."""
    return judge_search(
        evidence,
        f"rows independent within {params.within}",
        Figure(text=f"within {params.within}", value=float(params.within)),
        "look for a normalisation in training mode, or an operation over the batch axis",
    )


CHECK = Check(
    name="rows-independent",
    test=5,
    phrase="rows independent",
    summary="A row's answer does not depend on the rows beside it.",
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
            "expect rows independent within 1e-5",
            (example_held(1e-7, "largest difference 1e-07"),),
            Verdict.PASSED,
            "rows independent within 1e-5 held for 200 batches",
        ),
        Example(
            "expect rows independent",
            (example_broken("row 0 alone is answered 0.2 away", 0.2),),
            Verdict.FAILED,
            "rows independent within 1e-5 does not hold: row 0 alone is answered 0.2 away",
        ),
    ),
)
