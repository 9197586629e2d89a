"""No batch breaks a training step.

    for any batch of 1..64 rows {
      expect train step finite
    }

One real step of the model's own training is made on the batch, with real labels; the loss and all weights after
it must be finite. The model is put back as it was after each probe. A mixed-precision step that is skipped by
design is no fault.

Inconclusive when the same batch does not fail again.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Scope
from mltspec.checks.debugging.searched import NoParams, ask, depict_search, example_broken, example_held, judge_search
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, ProbesEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict


def asks(params: NoParams, scope: Scope) -> Sequence[Ask]:
    """One search."""
    return ask(scope, "train step finite")


def judge(params: NoParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a step whose loss or weights are not finite."""
    return judge_search(
        evidence,
        "train step finite",
        Figure(text="finite"),
        "look for a loss that takes a logarithm or a root of zero, and at exploding gradients",
    )


CHECK = Check(
    name="train-step-finite",
    test=5,
    phrase="train step finite",
    summary="No batch makes a training step give a loss or weights that are not finite.",
    params=NoParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    examples=lambda: (
        Example(
            "expect train step finite",
            (example_held(0.4, "largest loss 0.4"),),
            Verdict.PASSED,
            "train step finite held for 200 batches",
        ),
        Example(
            "expect train step finite",
            (example_broken("the loss is NaN", math.nan),),
            Verdict.FAILED,
            "train step finite does not hold: the loss is NaN for a batch of 1 row",
        ),
    ),
)
