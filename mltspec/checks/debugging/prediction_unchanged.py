"""An answer does not depend on a feature that must not matter.

    for any batch of 1..64 rows {
      expect prediction unchanged when gender changes
      expect prediction unchanged when tailnum changes to "(none)"
    }

Every batch is sent again with the feature set to one value or, without `to`, to the values of other real rows. A column
of an array is named as tables show it, in quotes: `"pixels[3,5]"`.

Inconclusive when the same batch does not fail again; refused where there is no such feature.

Source: Segura et al., "A survey on metamorphic testing", IEEE Transactions on Software Engineering 42(9), 2016;
Ribeiro et al., "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList", ACL 2020 (invariance tests).
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
)
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, ProbesEvidence, Terms
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict


class UnchangedParams(WithinParams):
    """The feature that changes, and to what; None: to other rows' values."""

    feature: str
    to: str | float | None


def asks(params: UnchangedParams, scope: Scope) -> Sequence[Ask]:
    """One search; the tolerance decides what is a counterexample, so it is part of the ask."""
    terms = Terms(feature=params.feature, to=params.to, tolerance=float(params.within))
    return ask(scope, "prediction unchanged", terms)


def judge(params: UnchangedParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a row that is answered otherwise when the feature changes."""
    return judge_search(
        evidence,
        f"prediction unchanged when {params.feature} changes",
        Figure(text=f"within {params.within}", value=float(params.within)),
        "the model uses what it must not; leave the feature out, or find what lets it in",
    )


CHECK = Check(
    name="prediction-unchanged",
    test=5,
    phrase="prediction unchanged when {feature:name} changes",
    summary="An answer does not depend on a feature that must not matter.",
    params=UnchangedParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    clauses=(
        WITHIN,
        Clause("to {to:literal}", "the value it changes to; other rows' values by default"),
    ),
    in_batch=True,
    examples=lambda: (
        Example(
            "expect prediction unchanged when gender changes",
            (example_held(0.0, "largest deviation 0"),),
            Verdict.PASSED,
            "prediction unchanged when gender changes held for 200 batches",
        ),
        Example(
            'expect prediction unchanged when carrier changes to "UA" within 1e-3',
            (example_broken("output 0 for row 0 is 0.2 as it is and 0.4 with carrier changed to UA", 0.2),),
            Verdict.FAILED,
            "does not hold: output 0 for row 0 is 0.2 as it is and 0.4 with carrier changed to UA",
        ),
    ),
)
