"""Padding behind a sequence does not change its answer.

    for any batch of 1..64 rows {
      expect padding irrelevant
      expect padding irrelevant in tokens with 0 within 1e-5
    }

Batches are padded to their longest row, so the same row comes with more or less padding behind it. A missing mask, a
mean over all steps, a backward pass that begins in the padding: each makes the answer depend on the row's company.
Every batch is sent once more with three steps of padding behind each sequence.

Without `in`, all inputs are padded that the model declares to be of any length. Inconclusive when the same batch does
not fail again; refused where no input can be longer.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 5.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Scope
from mltspec.checks.debugging.searched import (
    WITHIN,
    WithinParams,
    ask,
    depict_search,
    example_broken,
    example_held,
    judge_search,
    tolerated,
)
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, ProbesEvidence, Terms
from mltspec.evidence.training import TRAINING
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Judgement, Verdict


class PaddingParams(WithinParams):
    """Which inputs are padded (None: all that can be), and with what."""

    features: tuple[str, ...] | None
    padding: Quantity


def asks(params: PaddingParams, scope: Scope) -> Sequence[Ask]:
    """One search; the tolerance decides what is a counterexample, so it is part of the ask."""
    terms = Terms(tolerance=float(params.within), features=tuple(params.features or ()), padding=float(params.padding))
    return ask(scope, "padding irrelevant", terms)


def judge(params: PaddingParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a row that is answered otherwise with padding behind it."""
    return judge_search(
        evidence,
        *tolerated("padding irrelevant", params),
        "look for a mask that is missing or lost on the way (mask_zero, a layer that does not pass it on)",
    )


CHECK = Check(
    name="padding-irrelevant",
    test=5,
    phrase="padding irrelevant",
    summary="Padding behind a sequence does not change its answer.",
    params=PaddingParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    clauses=(
        WITHIN,
        Clause("in {features:names}", "the inputs to pad; all that the model lets be of any length by default"),
        Clause("with {padding:number}", "the value that padding has", default="with 0"),
    ),
    in_batch=True,
    examples=lambda: (
        Example(
            "expect padding irrelevant",
            (example_held(1e-7, "largest deviation 1e-07"),),
            Verdict.PASSED,
            "padding irrelevant within 1e-5 held for 200 batches",
        ),
        Example(
            "expect padding irrelevant in tokens with 0 within 1e-4",
            (example_broken("output 0 for row 0 is 0.2 as it is and 0.4 with 3 steps of padding behind it", 0.2),),
            Verdict.FAILED,
            "padding irrelevant within 1e-4 does not hold: output 0 for row 0 is 0.2 as it is",
        ),
    ),
)
