"""A training step changes weights.

    for any batch of 1..64 rows {
      expect train step changes weights
    }

An optimizer that never gets its gradients, a learning rate of zero, a loss that is cut off from the model: training
runs, and nothing is learnt. A batch that is right already may have nothing to teach; then the step must move something
when its rows are given other rows' labels.

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
    return ask(scope, "train step changes weights")


def judge(params: NoParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a step that moves nothing."""
    return judge_search(
        evidence,
        "train step changes weights",
        Figure(text="some weight moves"),
        "look at the learning rate, and for what cuts the loss off from the weights",
    )


CHECK = Check(
    name="train-step-moves",
    test=5,
    phrase="train step changes weights",
    summary="No batch leaves all weights where they were after a training step.",
    params=NoParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    examples=lambda: (
        Example(
            "expect train step changes weights",
            (example_held(0.1, "least gradient 0.1"),),
            Verdict.PASSED,
            "train step changes weights held for 200 batches",
        ),
        Example(
            "expect train step changes weights",
            (example_broken("no weight moves: every gradient is exactly zero", 0.0),),
            Verdict.FAILED,
            "train step changes weights does not hold: no weight moves: every gradient is exactly zero",
        ),
    ),
)
