"""A row's answer does not depend on the rows beside it.

    for any batch of 1..64 rows {
      expect rows independent within 1e-5
    }

A normalisation over the batch left in training mode, a mean over the wrong axis, a padding that looks at its
neighbours: all give other answers when served one row at a time than in a batch. Rows are sent alone and in company.

Inconclusive when the same batch does not fail again.

Source: Ioffe and Szegedy, "Batch Normalization", ICML 2015, section 3.1 (inference must not depend on the batch).
"""

from __future__ import annotations

from mltspec.checks.check import Example
from mltspec.checks.debugging.searched import example_broken, example_held, tolerant
from mltspec.plan.verdict import Verdict

CHECK = tolerant(
    "rows-independent",
    "rows independent",
    "A row's answer does not depend on the rows beside it.",
    cause="look for a normalisation in training mode, or an operation over the batch axis",
    examples=lambda: (
        Example(
            "expect rows independent within 1e-5",
            (example_held(1e-7, "largest difference 1e-07"),),
            Verdict.PASSED,
            "rows independent within 1e-5 held for 200 batches",
        ),
        Example(
            "expect rows independent",
            (example_broken("row 0 alone is answered 0.2 away", 0.2),),
            Verdict.FAILED,
            "rows independent within 1e-5 does not hold: row 0 alone is answered 0.2 away",
        ),
    ),
)
