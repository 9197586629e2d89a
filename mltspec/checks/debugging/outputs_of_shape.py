"""Every row is answered with an output of one shape.

    for any batch of 1..64 rows {
      expect outputs of shape [10]
    }

A squeeze that swallows the batch axis of a single row, a missing axis, a mean too many: shapes that are right for one
batch size and wrong for another. The shape is that of one row's output, `any` stands for any size, `[]` for a number.

Inconclusive when the same batch does not fail again.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 5.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Params, Scope
from mltspec.checks.debugging.searched import ask, depict_search, example_broken, example_held, judge_search
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, ProbesEvidence, Terms
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict


class ShapeParams(Params):
    """The shape of one row's output; None stands for any size."""

    shape: tuple[int | None, ...]

    @property
    def text(self) -> str:
        """The shape as an author writes it."""
        return f"[{', '.join('any' if size is None else str(size) for size in self.shape)}]"


def asks(params: ShapeParams, scope: Scope) -> Sequence[Ask]:
    """One search; the shape decides what is a counterexample, so it is part of the ask."""
    return ask(scope, "outputs of shape", Terms(shape=params.shape))


def judge(params: ShapeParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is an output of another shape."""
    return judge_search(
        evidence,
        f"outputs of shape {params.text}",
        Figure(text=f"of shape {params.text}"),
        "look for a squeeze, a reshape or a mean that takes the batch axis with it",
    )


CHECK = Check(
    name="outputs-of-shape",
    test=5,
    phrase="outputs of shape {shape:shape}",
    summary="Every row is answered with an output of one shape, whatever the batch.",
    params=ShapeParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    examples=lambda: (
        Example(
            "expect outputs of shape [10]",
            (example_held(None, ""),),
            Verdict.PASSED,
            "outputs of shape [10] held for 200 batches of 6,400 rows in all",
        ),
        Example(
            "expect outputs of shape [any, 4]",
            (example_broken("the output has shape (4,) for a batch of 1 rows", None),),
            Verdict.FAILED,
            "outputs of shape [any, 4] does not hold: the output has shape (4,) for a batch of 1 rows",
        ),
    ),
)
