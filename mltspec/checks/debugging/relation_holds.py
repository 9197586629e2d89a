"""A relation of the author's own holds between what is asked and what is answered.

    for any batch of 1..64 rows {
      expect python "checks.relations:doubling_the_price_doubles_the_fee"
    }

The function is called as `relation(predict, inputs)`: `inputs` are a batch's inputs as the model takes them, in NumPy
arrays, and `predict` answers any such batch. It returns nothing or True where the relation holds, and False, an array
of True and False for the rows, or a text that says what is wrong where it does not; `assert` will do.

    def doubling_the_price_doubles_the_fee(predict, inputs):
        doubled = {**inputs, "price": inputs["price"] * 2}
        return abs(predict(doubled) - 2 * predict(inputs)) < 1e-3

Inconclusive when the same batch does not fail again.

Source: Chen, Cheung and Yiu, "Metamorphic testing: a new approach for generating next test cases", HKUST-CS98-01, 1998.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Params, Scope
from mltspec.checks.debugging.searched import ask, depict_search, example_broken, example_held, judge_search
from mltspec.evidence.kind import Ask
from mltspec.evidence.probes import PROBES, ProbesEvidence, Terms
from mltspec.evidence.training import TRAINING
from mltspec.plan.subject import Function
from mltspec.plan.verdict import Figure, Judgement, Verdict


class RelationParams(Params):
    """The ``module:callable`` of the relation."""

    relation: str


def asks(params: RelationParams, scope: Scope) -> Sequence[Ask]:
    """One search."""
    return ask(scope, "relation", Terms(relation=Function(target=params.relation)))


def judge(params: RelationParams, evidence: Sequence[ProbesEvidence]) -> Judgement:
    """A counterexample is a batch for which the relation does not hold."""
    return judge_search(
        evidence,
        f"`{params.relation}`",
        Figure(text="holds"),
        "follow the batch with `mltspec trace`",
    )


CHECK = Check(
    name="relation-holds",
    test=5,
    phrase="python {relation:callable}",
    summary="A relation of the author's own holds between what is asked and what is answered.",
    params=RelationParams,
    evidence=ProbesEvidence,
    kinds=(PROBES, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict_search,
    in_batch=True,
    examples=lambda: (
        Example(
            'expect python "checks:fees_are_linear"',
            (example_held(None, ""),),
            Verdict.PASSED,
            "`checks:fees_are_linear` held for 200 batches of 6,400 rows in all",
        ),
        Example(
            'expect python "checks:fees_are_linear"',
            (example_broken("it answers False for row 0", None),),
            Verdict.FAILED,
            "`checks:fees_are_linear` does not hold: it answers False for row 0",
        ),
    ),
)
