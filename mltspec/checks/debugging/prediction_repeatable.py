"""The same batch gets the same answer twice.

    for any batch of 1..64 rows {
      expect prediction repeatable
    }

A dropout left on, a sample drawn, a state that moves: the second answer is another. Where the model declares
`stochastic_inference`, every call is given the same noise, and what still differs counts.

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
    return ask(scope, "prediction repeatable", Terms(tolerance=float(params.within)))


def judge(params: WithinParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a batch that is answered otherwise the second time."""
    return judge_search(
        evidence,
        f"prediction repeatable within {params.within}",
        Figure(text=f"within {params.within}", value=float(params.within)),
        "look for noise that is not turned off at inference (declare `stochastic_inference` where it is meant)",
    )


CHECK = Check(
    name="prediction-repeatable",
    test=5,
    phrase="prediction repeatable",
    summary="The same batch gets the same answer twice.",
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
            "expect prediction repeatable",
            (example_held(1e-7, "largest deviation 1e-07"),),
            Verdict.PASSED,
            "prediction repeatable within 1e-5 held for 200 batches",
        ),
        Example(
            "expect prediction repeatable",
            (example_broken("output 0 for row 0 is 0.2 at first and 0.4 when sent again", 0.2),),
            Verdict.FAILED,
            "prediction repeatable within 1e-5 does not hold: output 0 for row 0 is 0.2 at first",
        ),
    ),
)
