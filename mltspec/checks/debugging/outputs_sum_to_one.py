"""The outputs of a row are shares: they sum to one.

    for any batch of 1..64 rows {
      expect outputs sum to 1
    }

A softmax over the wrong axis, one left out, or one by hand that lost its sum: each gives numbers that look like
chances and are none. The last axis is summed.

Inconclusive when the same batch does not fail again.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 5.
"""

from __future__ import annotations

from mltspec.checks.check import Example
from mltspec.checks.debugging.searched import example_broken, example_held, tolerant
from mltspec.plan.verdict import Verdict

CHECK = tolerant(
    "outputs-sum-to-one",
    "outputs sum to 1",
    "The outputs of a row sum to one, whatever the batch.",
    cause="look for a softmax that is missing, or over another axis",
    examples=lambda: (
        Example(
            "expect outputs sum to 1",
            (example_held(1e-7, "largest deviation 1e-07"),),
            Verdict.PASSED,
            "outputs sum to 1 within 1e-5 held for 200 batches",
        ),
        Example(
            "expect outputs sum to 1",
            (example_broken("the outputs for row 0 sum to 1.2", 0.2),),
            Verdict.FAILED,
            "outputs sum to 1 within 1e-5 does not hold: the outputs for row 0 sum to 1.2",
        ),
    ),
)
