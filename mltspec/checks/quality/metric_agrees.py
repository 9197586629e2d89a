"""A metric and the predictions of the same data agree.

Whoever predicts a data set in one pass and takes its labels from another compares the answers to some rows with the
labels of others, if the data set is shuffled anew at each pass. And a metric that evaluation reports must be the one
that follows from the predictions. Both are looked at: two passes must give the same rows in the same order, and
metrics known by name are computed anew from predictions and labels of one pass.

    expect metric and predictions agree on holdout

The training data itself may be shuffled at each pass.

Inconclusive where there are no rows.

Source: Sculley et al., "Hidden technical debt in machine learning systems", NIPS 2015, section 4 (pipelines whose
output nobody compares).
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.quality.example_looks import HEALTHY, look
from mltspec.checks.quality.standing import judged_on
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.kind import Ask
from mltspec.evidence.trained import TRAINED, PassesLook, TrainedAsk, TrainedEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict

BOUND = Figure(text="the same rows in the same order, and equal metrics")


class AgreesParams(Params):
    """``on`` None is `holdout` where the spec declares it, else the training data."""

    on: str | None


def asks(params: AgreesParams, scope: Scope) -> Sequence[Ask]:
    """One look at the trained model."""
    return [TrainedAsk(run=scope.run(), data=judged_on(params.on, scope), confidence=scope.confidence)]


def judge(params: AgreesParams, evidence: Sequence[TrainedEvidence]) -> Judgement:
    """Fail if two passes do not pair, or a metric is not what the predictions say."""
    (seen,) = evidence
    passes, name = seen.passes, seen.on.data
    if passes.rows == 0:
        return inconclusive(f"{name} has no rows")
    if passes.order != "same" and not passes.is_training:
        return failed(_unpaired(passes, name), figure(0, f"{passes.order}"), BOUND)
    if passes.disagree:
        pair = passes.disagree[0]
        return failed(
            f"evaluation reports {pair.name} {number(pair.evaluated)} on {plural(pair.rows, 'row')} of {name}, but "
            "their "
            f"predictions make it {number(pair.predicted)}: look at how the metric takes labels and outputs (shapes "
            "that "
            "broadcast, a threshold, logits)",
            figure(pair.evaluated),
            BOUND,
        )
    told = "are in another order, as training data may be" if passes.order != "same" else "pair row by row"
    metrics = (
        f"{plural(passes.compared, 'metric')} of evaluation and predictions agree"
        if passes.compared
        else "no metric that could be computed anew is compiled"
    )
    return passed(f"two passes over {name} {told}; {metrics}", figure(passes.compared), BOUND)


def _unpaired(passes: PassesLook, name: str) -> str:
    rows = f"{plural(passes.rows, 'row')} looked at"
    if passes.order == "reordered":
        told = (
            f"two passes over {name} give the same rows in another order ({rows}): it is shuffled anew at each pass, "
            "so "
            "predictions of one pass do not pair with labels of another"
        )
        if passes.paired is not None and passes.swapped is not None:
            told += f"; accuracy {number(passes.paired)} becomes {number(passes.swapped)}"
        return f"{told}. Set `reshuffle_each_iteration=False`, or do not shuffle what is only evaluated"
    return (
        f"two passes over {name} do not give the same rows ({rows}): it is dealt anew at each pass, by a shuffle "
        "before "
        "`take` or `skip` splits it or by random augmentation, so that no two evaluations are of the same data"
    )


CHECK = Check(
    name="metric-agrees",
    test=4,
    phrase="metric and predictions agree",
    summary="Two passes over the data pair row by row, and metrics follow from the predictions.",
    params=AgreesParams,
    evidence=TrainedEvidence,
    kinds=(TRAINED, TRAINING),
    asks=asks,
    judge=judge,
    clauses=(Clause("on {on:data}", "the data to pass over; `holdout` by default, or the training data"),),
    examples=lambda: (
        Example(
            "expect metric and predictions agree on holdout",
            (look(),),
            Verdict.PASSED,
            "two passes over holdout pair row by row; 1 metric of evaluation and predictions agree",
        ),
        Example(
            "expect metric and predictions agree on holdout",
            (look(passes=HEALTHY.passes.model_copy(update={"order": "reordered", "paired": 0.98, "swapped": 0.22})),),
            Verdict.FAILED,
            "it is shuffled anew at each pass, so predictions of one pass do not pair with labels of another; "
            "accuracy 0.98",
        ),
    ),
)
