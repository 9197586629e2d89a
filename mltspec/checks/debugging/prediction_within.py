"""A small change of a feature makes a small change of the answer.

    for any batch of 1..64 rows {
      expect prediction within 0.05 when temperature moves by 0.1
      expect prediction within 0.02 when amount moves by 1%
    }

An answer that jumps with what is within the error of measurement is no answer. Every batch is sent again with the
feature a little higher and a little lower, by an amount or by a share of its value; no output may move by more than the
bound.

Inconclusive when the same batch does not fail again; refused where there is no such feature, or it is no number.

Source: Segura et al., "A survey on metamorphic testing", IEEE Transactions on Software Engineering 42(9), 2016.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Params, Scope
from mltspec.checks.debugging.searched import ask, depict_search, example_broken, example_held, judge_search
from mltspec.checks.refusals import no_move
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, ProbesEvidence, Terms
from mltspec.evidence.training import TRAINING
from mltspec.language.quantity import Dimension
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict


class WithinMoveParams(Params):
    """How far an answer may move when the feature moves by so much, up or down."""

    bound: Quantity
    feature: str
    by: Quantity


def asks(params: WithinMoveParams, scope: Scope) -> Sequence[Ask]:
    """One search; the bound decides what is a counterexample, so it is part of the ask."""
    terms = Terms(
        feature=params.feature,
        tolerance=float(params.bound),
        by=float(params.by),
        share=params.by.dimension is Dimension.RATIO,
    )
    return ask(scope, "prediction within", terms)


def judge(params: WithinMoveParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a row whose answer moves further."""
    return judge_search(
        evidence,
        f"prediction within {params.bound} when {params.feature} moves by {params.by}",
        Figure(text=f"within {params.bound}", value=float(params.bound)),
        "look for a step or a very large weight on that feature, and at how it is scaled",
    )


CHECK = Check(
    name="prediction-within",
    test=5,
    phrase="prediction within {bound:number|percentage points} when {feature:name} moves by {by:number|ratio}",
    summary="A small change of a feature makes a small change of the answer.",
    params=WithinMoveParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    refuse=no_move,
    examples=lambda: (
        Example(
            "expect prediction within 0.05 when temperature moves by 0.1",
            (example_held(0.01, "largest move 0.01"),),
            Verdict.PASSED,
            "prediction within 0.05 when temperature moves by 0.1 held for 200 batches",
        ),
        Example(
            "expect prediction within 2pp when amount moves by 1%",
            (example_broken("output 0 for row 0 is 0.2 as it is and 0.4 with amount raised", 0.2),),
            Verdict.FAILED,
            "prediction within 2pp when amount moves by 1% does not hold",
        ),
    ),
)
