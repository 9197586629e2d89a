"""Rows in another order get the same answers, in that order.

    for any batch of 1..64 rows {
      expect order irrelevant
    }

A running state, a sort, a position taken from the row's place in its batch: answers then depend on who came first.
`rows independent` asks more, that company does not matter at all; this one lets rows share statistics of their batch.

Inconclusive when the same batch does not fail again.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 5.
"""

from __future__ import annotations

from mltspec.checks.check import Example
from mltspec.checks.debugging.searched import example_broken, example_held, tolerant
from mltspec.plan.verdict import Verdict

CHECK = tolerant(
    "order-irrelevant",
    "order irrelevant",
    "Rows in another order get the same answers.",
    cause="look for a state that is carried from row to row, or a position along the batch axis",
    examples=lambda: (
        Example(
            "expect order irrelevant",
            (example_held(1e-7, "largest deviation 1e-07"),),
            Verdict.PASSED,
            "order irrelevant within 1e-5 held for 200 batches",
        ),
        Example(
            "expect order irrelevant",
            (example_broken("output 0 for row 1 is 0.2 in the batch and 0.4 with the last row put first", 0.2),),
            Verdict.FAILED,
            "order irrelevant within 1e-5 does not hold: output 0 for row 1 is 0.2 in the batch and 0.4",
        ),
    ),
)
