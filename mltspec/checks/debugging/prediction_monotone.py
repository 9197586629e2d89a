"""An answer moves only one way when a feature rises.

    for any batch of 1..64 rows {
      expect prediction does not fall when dep_delay rises
      expect prediction does not rise when income rises by 10%
    }

What everybody knows of the world, the model must not contradict: a later departure makes a late arrival no less likely.
Every batch is sent again with the feature raised: by an amount, by a share of its value, or by default by a tenth of
the range seen, and not beyond it. Where a row has several outputs, `of output 2` says which must not move.

Inconclusive when the same batch does not fail again; refused where there is no such feature, or it is no number.

Source: Segura et al., "A survey on metamorphic testing", IEEE Transactions on Software Engineering 42(9), 2016;
Ribeiro et al., "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList", ACL 2020 (directional tests).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.debugging.searched import ask, depict_search, example_broken, example_held, judge_search
from mltspec.checks.refusals import no_rise
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, ProbesEvidence, Terms
from mltspec.evidence.training import TRAINING
from mltspec.language.quantity import Dimension
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict


class MonotoneParams(Params):
    """What must not happen when the feature rises, by how much it does, and of which output."""

    way: Literal["fall", "rise"]
    feature: str
    by: Quantity | None
    output: int | None


def asks(params: MonotoneParams, scope: Scope) -> Sequence[Ask]:
    """One search."""
    terms = Terms(
        feature=params.feature,
        way=params.way,
        by=None if params.by is None else float(params.by),
        share=params.by is not None and params.by.dimension is Dimension.RATIO,
        output=params.output,
    )
    return ask(scope, "prediction monotone", terms)


def judge(params: MonotoneParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a row whose answer goes the wrong way."""
    return judge_search(
        evidence,
        f"prediction does not {params.way} when {params.feature} rises",
        Figure(text=f"no {params.way}", value=0.0),
        "look at the sign of its weight, at rows that contradict it in training, and at overfitting",
    )


CHECK = Check(
    name="prediction-monotone",
    test=5,
    phrase="prediction does not {way:fall/rise} when {feature:name} rises",
    summary="An answer moves only one way when a feature rises.",
    params=MonotoneParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    clauses=(
        Clause("by {by:number|ratio}", "how far it rises; a tenth of the range seen, within it, by default"),
        Clause("of output {output:count}", "which output, counted from 0, where a row has several"),
    ),
    in_batch=True,
    refuse=no_rise,
    examples=lambda: (
        Example(
            "expect prediction does not fall when dep_delay rises",
            (example_held(0.0, "largest fall 0"),),
            Verdict.PASSED,
            "prediction does not fall when dep_delay rises held for 200 batches",
        ),
        Example(
            "expect prediction does not rise when income rises by 10% of output 1",
            (example_broken("output 1 for row 0 is 0.2 as it is and 0.4 with income raised", 0.2),),
            Verdict.FAILED,
            "does not hold: output 1 for row 0 is 0.2 as it is and 0.4 with income raised",
        ),
    ),
)
