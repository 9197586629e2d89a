"""Every pass over a data set gives the same rows in the same order.

Predictions come from one pass over a holdout and labels from another. Where the holdout is shuffled at each pass they
do not belong together, and a report made of them tells of a bad model where there is none.

    expect data passes agree on holdout

A training set may rightly be shuffled anew; that is no business of this claim. At most the first 10,000 rows of a pass
are read.

Inconclusive when there is no row.

Source: keras-team/keras, "predict_generator with shuffle gives labels in another order", issues 6499 and 11427.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.pipeline.looked import example, look
from mltspec.checks.wording import failed, figure, inconclusive, passed, plural
from mltspec.evidence.dataset import DATASET, DatasetEvidence, Passes
from mltspec.evidence.kind import Ask
from mltspec.plan.verdict import Figure, Judgement, Verdict


class PassesParams(Params):
    """``on`` is the data to read twice."""

    on: str


def asks(params: PassesParams, scope: Scope) -> Sequence[Ask]:
    """One look at the data."""
    return [look(scope, params.on)]


def judge(params: PassesParams, evidence: Sequence[DatasetEvidence]) -> Judgement:
    """A row in another place, or another row, fails."""
    (seen,) = evidence
    both, bound = seen.passes, Figure(text="0 rows moved", value=0.0)
    if both.rows == 0:
        return inconclusive(f"{seen.data} has no row to read", bound=bound)
    measured = figure(both.moved, f"{plural(both.moved, 'row')} moved")
    if both.same_order:
        return passed(
            f"two passes over {seen.data} give the same {plural(both.rows, 'row')} in the same order", measured, bound
        )
    if both.same_rows is False:
        cause = (
            f"{both.lost:,} rows of the first are not in the second: rows are dealt or augmented anew at each pass, as "
            "shuffle() before take() or skip() does"
        )
    else:
        cause = (
            "it is shuffled at each pass, so predictions of one pass meet the labels of another; leave shuffle() out, "
            "or shuffle with reshuffle_each_iteration=False"
        )
    return failed(
        f"two passes over {seen.data} differ: {both.moved:,} of {plural(both.rows, 'row')} come in another order; "
        f"{cause}",
        measured,
        bound,
    )


def _shuffled(same_rows: bool, lost: int) -> DatasetEvidence:
    return example(passes=Passes(rows=200, same_order=False, same_rows=same_rows, moved=198, lost=lost))


CHECK = Check(
    name="data-passes-agree",
    test=3,
    phrase="data passes agree",
    summary="Every pass over a data set gives the same rows in the same order.",
    params=PassesParams,
    evidence=DatasetEvidence,
    kinds=(DATASET,),
    asks=asks,
    judge=judge,
    clauses=(Clause("on {on:data}", "the data to read twice", required=True),),
    examples=lambda: (
        Example(
            "expect data passes agree on holdout",
            (example(),),
            Verdict.PASSED,
            "two passes over holdout give the same 200 rows in the same order",
        ),
        Example(
            "expect data passes agree on holdout",
            (_shuffled(True, 0),),
            Verdict.FAILED,
            "two passes over holdout differ: 198 of 200 rows come in another order; it is shuffled at each pass",
        ),
        Example(
            "expect data passes agree on holdout",
            (_shuffled(False, 140),),
            Verdict.FAILED,
            "140 rows of the first are not in the second",
        ),
    ),
)
