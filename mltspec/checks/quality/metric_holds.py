"""A metric holds against a value, overall or on every slice.

    expect auc on holdout >= 0.80
    expect auc on holdout by carrier >= 0.70 where rows >= 200

Metrics are those compiled into the model, `loss`, `quality` (the model's main metric: the first compiled one), and
`accuracy auc mae mse precision recall` by name. A slice with fewer rows than `where rows >= N` is not judged and is
said so; no slice left, or no slice at all, is never a pass.

Inconclusive when no row or no large enough slice could be measured. A value that is not finite fails.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 4.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.quality.depicted import by_slice
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural, where
from mltspec.evidence.kind import Ask, Blob
from mltspec.evidence.predictions import PREDICTIONS, PredictionsAsk, PredictionsEvidence, SliceValue
from mltspec.evidence.training import TRAINING
from mltspec.plan.picture import Bound, Picture
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}


class MetricParams(Params):
    """``bound`` is a bare number or a percentage of a metric that is a share."""

    metric: str
    on: str | None
    by: tuple[str, ...] | None
    compare: str
    bound: Quantity
    least_rows: int | None


def asks(params: MetricParams, scope: Scope) -> Sequence[Ask]:
    """One metric of the trained model on one data set."""
    data = scope.data[params.on] if params.on else scope.training
    return [PredictionsAsk(run=scope.run(), data=data, metric=params.metric, by=params.by or ())]


def judge(params: MetricParams, evidence: Sequence[PredictionsEvidence]) -> Judgement:
    """Compare the value, or every slice's, with the bound."""
    (seen,) = evidence
    bound = Figure(text=f"{params.compare} {params.bound}", value=float(params.bound))
    if seen.rows == 0:
        return inconclusive("there is no row to measure", bound=bound)
    if params.by:
        return _judge_slices(params, seen, bound)
    measured = figure(seen.value)
    on = f" on {params.on}" if params.on else " on the training data"
    if _holds(params, seen.value):
        return passed(f"{seen.metric}{on} is {number(seen.value)} over {plural(seen.rows, 'row')}", measured, bound)
    cause = "; the model's answers are not finite" if not math.isfinite(seen.value) else ""
    return failed(
        f"{seen.metric}{on} is {number(seen.value)} over {plural(seen.rows, 'row')}, expected {bound.text}{cause}",
        measured,
        bound,
    )


def depict(params: MetricParams, evidence: Sequence[PredictionsEvidence]) -> Sequence[Picture]:
    """Show every slice against the bound."""
    (seen,) = evidence
    bound = Bound(value=float(params.bound), text=f"{params.compare} {params.bound}")
    worst_first = params.compare in (">=", ">")
    return by_slice(seen, bound, params.least_rows or 1, lambda value: _holds(params, value), worst_first)


def _holds(params: MetricParams, value: float) -> bool:
    return math.isfinite(value) and COMPARE[params.compare](value, float(params.bound))


def _judge_slices(params: MetricParams, seen: PredictionsEvidence, bound: Figure) -> Judgement:
    names = ", ".join(params.by or ())
    if not seen.slices:
        return failed(f"{seen.metric} by {names}: there is no slice, so nothing was measured", bound=bound)
    judged = [s for s in seen.slices if s.rows >= (params.least_rows or 1)]
    small = len(seen.slices) - len(judged)
    note = f"; {plural(small, 'slice')} below {params.least_rows} rows not judged" if small else ""
    if not judged:
        return inconclusive(f"no slice of {names} has {params.least_rows} rows", bound=bound)
    wrong = [s for s in judged if not _holds(params, s.value)]
    worst = _worst(params, wrong or judged)
    measured = figure(worst.value, f"{number(worst.value)} at {where(worst.where.items())}")
    lines = [
        f"{where(s.where.items())}: {number(s.value)} over {plural(s.rows, 'row')}" for s in _sorted(params, judged)
    ]
    if wrong:
        return failed(
            f"{seen.metric} by {names} is {bound.text} on {len(judged) - len(wrong)} of "
            f"{plural(len(judged), 'slice')}; "
            f"worst {where(worst.where.items())}: {number(worst.value)} over {plural(worst.rows, 'row')}{note}",
            measured,
            bound,
            lines[:12],
        )
    return passed(
        f"{seen.metric} by {names} holds on all {plural(len(judged), 'slice')}; "
        f"worst {where(worst.where.items())}: {number(worst.value)} over {plural(worst.rows, 'row')}{note}",
        measured,
        bound,
    )


def _sorted(params: MetricParams, slices: Sequence[SliceValue]) -> list[SliceValue]:
    """Worst first: those that are not finite, then by distance from the bound's good side."""
    sign = 1.0 if params.compare in (">=", ">") else -1.0
    return sorted(slices, key=lambda s: sign * s.value if math.isfinite(s.value) else -math.inf)


def _worst(params: MetricParams, slices: Sequence[SliceValue]) -> SliceValue:
    return _sorted(params, slices)[0]


def _example(value: float, *slices: SliceValue, rows: int = 500) -> PredictionsEvidence:
    return PredictionsEvidence(
        metric="accuracy",
        value=value,
        rows=rows,
        higher_is_better=True,
        slices=slices,
        rows_digest="0",
        scores=Blob(digest="0", size_bytes=0),
    )


CHECK = Check(
    name="metric-holds",
    test=4,
    phrase="{metric:metric}",
    summary="A metric of the trained model holds against a value, overall or by slice.",
    params=MetricParams,
    evidence=PredictionsEvidence,
    kinds=(PREDICTIONS, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict,
    clauses=(
        Clause("on {on:data}", "the data to measure on; the training data by default"),
        Clause("by {by:names}", "features to slice by, or `label`"),
        Clause("{compare:compare} {bound:number|ratio}", "the bound", required=True),
        Clause("where rows >= {least_rows:count}", "slices with fewer rows are not judged"),
    ),
    examples=lambda: (
        Example(
            "expect accuracy on holdout >= 0.9",
            (_example(0.964),),
            Verdict.PASSED,
            "accuracy on holdout is 0.964 over 500 rows",
        ),
        Example(
            "expect accuracy on holdout >= 0.9",
            (_example(0.8),),
            Verdict.FAILED,
            "accuracy on holdout is 0.8 over 500 rows, expected >= 0.9",
        ),
        Example(
            "expect accuracy on holdout >= 0.9",
            (_example(math.nan, rows=0),),
            Verdict.INCONCLUSIVE,
            "there is no row to measure",
        ),
        Example(
            "expect accuracy on holdout by label >= 0.7",
            (_example(0.9, SliceValue(where={"label": "8"}, value=0.62, rows=50)),),
            Verdict.FAILED,
            "accuracy by label is >= 0.7 on 0 of 1 slice; worst label=8: 0.62 over 50 rows",
        ),
    ),
)
