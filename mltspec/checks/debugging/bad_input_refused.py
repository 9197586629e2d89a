"""What the model cannot take is refused, and the refusal says why.

    for any batch of 1..64 rows {
      expect bad input refused clearly
    }

A text where a number belongs, a row one entry too long, an input left out: each must raise an error that speaks of
the type, the shape or the name. A model that answers all the same serves nonsense without anybody noticing.

Inconclusive when the same batch does not fail again.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 5.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Scope
from mltspec.checks.debugging.searched import NoParams, ask, depict_search, example_broken, example_held, judge_search
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, ProbesEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict


def asks(params: NoParams, scope: Scope) -> Sequence[Ask]:
    """One search."""
    return ask(scope, "bad input refused")


def judge(params: NoParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a bad input that is answered, or refused without a word about what is wrong."""
    return judge_search(
        evidence,
        "bad input refused clearly",
        Figure(text="refused"),
        "declare the inputs with their shapes and types, and check what comes in",
    )


CHECK = Check(
    name="bad-input-refused",
    test=5,
    phrase="bad input refused clearly",
    summary="Inputs of a wrong type or shape, or with one missing, raise a clear error.",
    params=NoParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    examples=lambda: (
        Example(
            "expect bad input refused clearly",
            (example_held(3, "kinds of bad input refused: 3"),),
            Verdict.PASSED,
            "bad input refused clearly held for 200 batches",
        ),
        Example(
            "expect bad input refused clearly",
            (
                example_broken(
                    "`x` of shape (9,) instead of (8,) is not refused: the model answers with shape (1, 3)", None
                ),
            ),
            Verdict.FAILED,
            "bad input refused clearly does not hold: `x` of shape (9,) instead of (8,) is not refused",
        ),
    ),
)
