"""A batch of which every row stands there twice has the same loss.

    for any batch of 1..64 rows {
      expect loss doubles not when batch doubles
    }

A summed loss grows with the batch, and so does every step. Each batch is evaluated as it is and with all its rows put
in twice, in inference mode. Outside `for any batch` the same words ask it of the fresh model's gradients.

Inconclusive when the same batch does not fail again.

Source: Goyal et al., "Accurate, large minibatch SGD", 2017, section 2.1.
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
    return ask(scope, "loss doubles not")


def judge(params: NoParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a batch whose loss doubles with it."""
    return judge_search(
        evidence,
        "loss doubles not when batch doubles",
        Figure(text="once the loss", value=1.0),
        "take the mean over the batch (reduction sum_over_batch_size)",
    )


CHECK = Check(
    name="loss-of-doubled-batch",
    test=5,
    phrase="loss doubles not when batch doubles",
    summary="A batch of which every row stands there twice has the same loss.",
    params=NoParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    examples=lambda: (
        Example(
            "expect loss doubles not when batch doubles",
            (example_held(1.0, "largest ratio 1"),),
            Verdict.PASSED,
            "loss doubles not when batch doubles held for 200 batches",
        ),
        Example(
            "expect loss doubles not when batch doubles",
            (example_broken("the loss is 1.2 and, with every row put in twice, 2.4", 2.0),),
            Verdict.FAILED,
            "loss doubles not when batch doubles does not hold: the loss is 1.2 and, with every row put in twice, 2.4",
        ),
    ),
)
