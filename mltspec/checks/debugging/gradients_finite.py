"""No batch gives a gradient that is not finite.

    for any batch of 1..64 rows {
      expect gradients finite
    }

A root, a norm or a logarithm at zero has a finite loss and an infinite slope: the loss looks healthy, the weights
are NaN one step later. Gradients are read where the training step hands them to its optimizer; those of a scaled loss
at a scale of one, so that an overflow which scaling would have mended is no fault.

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
    return ask(scope, "gradients finite")


def judge(params: NoParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a gradient with NaN or infinity in it."""
    return judge_search(
        evidence,
        "gradients finite",
        Figure(text="finite"),
        "look for a root, a norm, a logarithm or a division at zero",
    )


CHECK = Check(
    name="gradients-finite",
    test=5,
    phrase="gradients finite",
    summary="No batch gives a gradient that is not finite.",
    params=NoParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    examples=lambda: (
        Example(
            "expect gradients finite",
            (example_held(0.8, "largest gradient 0.8"),),
            Verdict.PASSED,
            "gradients finite held for 200 batches",
        ),
        Example(
            "expect gradients finite",
            (example_broken("the gradient of dense/kernel is not finite (loss 0.3)", None),),
            Verdict.FAILED,
            "gradients finite does not hold: the gradient of dense/kernel is not finite (loss 0.3)",
        ),
    ),
)
