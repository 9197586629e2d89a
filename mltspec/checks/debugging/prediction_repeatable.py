"""The same batch gets the same answer twice.

    for any batch of 1..64 rows {
      expect prediction repeatable
    }

A dropout left on, a sample drawn, a state that moves: the second answer is another. Where the model declares
`stochastic_inference`, every call is given the same noise, and what still differs counts.

Inconclusive when the same batch does not fail again.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 5.
"""

from __future__ import annotations

from mltspec.checks.check import Example
from mltspec.checks.debugging.searched import example_broken, example_held, tolerant
from mltspec.plan.verdict import Verdict

CHECK = tolerant(
    "prediction-repeatable",
    "prediction repeatable",
    "The same batch gets the same answer twice.",
    cause="look for noise that is not turned off at inference (declare `stochastic_inference` where it is meant)",
    examples=lambda: (
        Example(
            "expect prediction repeatable",
            (example_held(1e-7, "largest deviation 1e-07"),),
            Verdict.PASSED,
            "prediction repeatable within 1e-5 held for 200 batches",
        ),
        Example(
            "expect prediction repeatable",
            (example_broken("output 0 for row 0 is 0.2 at first and 0.4 when sent again", 0.2),),
            Verdict.FAILED,
            "prediction repeatable within 1e-5 does not hold: output 0 for row 0 is 0.2 at first",
        ),
    ),
)
