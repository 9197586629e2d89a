"""Predicting changes nothing: the model is the same after it as before.

    for any batch of 1..64 rows {
      expect prediction leaves state unchanged
    }

Moving averages that go on moving at inference, counters, caches: the answer then depends on what was asked before,
and two servers drift apart. Every weight and every optimizer variable is compared bitwise; seeds and metrics are not.

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
    return ask(scope, "prediction leaves state unchanged")


def judge(params: NoParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a batch after which a variable is not what it was."""
    return judge_search(
        evidence,
        "prediction leaves state unchanged",
        Figure(text="unchanged"),
        "look for a layer called with training=True, or an assignment in `call`",
    )


CHECK = Check(
    name="prediction-leaves-state",
    test=5,
    phrase="prediction leaves state unchanged",
    summary="Predicting changes no variable of the model.",
    params=NoParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    examples=lambda: (
        Example(
            "expect prediction leaves state unchanged",
            (example_held(None, ""),),
            Verdict.PASSED,
            "prediction leaves state unchanged held for 200 batches",
        ),
        Example(
            "expect prediction leaves state unchanged",
            (example_broken("predicting 1 rows changes bn/moving_mean", None),),
            Verdict.FAILED,
            "prediction leaves state unchanged does not hold: predicting 1 rows changes bn/moving_mean",
        ),
    ),
)
