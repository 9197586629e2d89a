"""No batch makes the model answer NaN or infinity.

    for any batch of 1..64 rows {
      expect outputs finite
    }

A logarithm of zero, an overflowing exponential, a division by a batch's own spread stay hidden until one row
brings them out. Batches are made from real rows and from the edges of their ranges, and a failing one is shrunk.

Inconclusive when the same batch does not fail again.

Source: MacIver and Donaldson, "Hypothesis: A new approach to property-based testing", JOSS 4(43), 2019.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Scope
from mltspec.checks.debugging.searched import NoParams, ask, depict_search, example_broken, example_held, judge_search
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, Cell, ProbesEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict


def asks(params: NoParams, scope: Scope) -> Sequence[Ask]:
    """One search."""
    return ask(scope, "outputs finite")


def judge(params: NoParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is an output that is not finite."""
    return judge_search(
        evidence,
        "outputs finite",
        Figure(text="finite"),
        "look for a logarithm, root, exponential or division near the output",
    )


CHECK = Check(
    name="outputs-finite",
    test=5,
    phrase="outputs finite",
    summary="No batch makes the model answer NaN or infinity.",
    params=NoParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    examples=lambda: (
        Example(
            "expect outputs finite",
            (example_held(0.9, "largest output 0.9"),),
            Verdict.PASSED,
            "outputs finite held for 200 batches of 6,400 rows in all (largest output 0.9)",
        ),
        Example(
            "expect outputs finite",
            (example_broken("output 0 is NaN for row 0", math.nan, Cell(row=0, feature="x[0]", value="0")),),
            Verdict.FAILED,
            "outputs finite does not hold: output 0 is NaN for row 0 for a batch of 1 row, the smallest found "
            "(unusual: x[0] = 0)",
        ),
    ),
)
