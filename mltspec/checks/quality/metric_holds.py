"""A metric holds against a value, overall or on every slice.

    expect auc on holdout >= 0.80
    expect auc on holdout by carrier >= 0.70 where rows >= 200
    expect accuracy on holdout >= 90% with 95% confidence

Metrics are those compiled into the model; `loss`; `quality` (the model's main metric: the first compiled one); by name
`accuracy auc log_loss mae mse precision recall`, scikit-learn's (`f1_macro`, `balanced_accuracy`, `average_precision`,
`r2` …), a class of Keras (`keras.F1Score`); and `python "module:function"`, given labels and scores. Of several
outputs, the output's name stands before it (`kind_accuracy`).

`by FEATURE` measures every slice; a number of many values is cut into quantiles. A slice with fewer rows than
`where rows >= N` is not judged and is said so; no slice left, or no slice at all, is never a pass. `where carrier = UA`
measures these rows alone.

The value is shown with its interval (95% each way, or the profile's confidence). It decides by itself, unless
`with P% confidence` is written: then it passes only if the whole interval holds, fails only if none of it does, and is
inconclusive else. Over slices it passes if each slice's interval holds, and fails if one does not by a test that counts
how many slices were looked at (Holm).

Inconclusive when no row or no large enough slice could be measured. A value that is not finite fails.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 4; Holm, "A simple sequentially
rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979; Berger, "Multiparameter hypothesis
testing and acceptance sampling", Technometrics 24, 1982 (every slice must hold: no correction is due for a pass).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence

from mltspec.checks.check import Check, Clause, Example, Scope
from mltspec.checks.quality import measuring
from mltspec.checks.quality.depicted import by_slice
from mltspec.checks.quality.measuring import Measuring, between, rows_to_decide, sliced, too_small, worst_first
from mltspec.checks.quality.score_pictures import of_answers
from mltspec.checks.refusals import not_measured
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural, where
from mltspec.evidence.artifact import ARTIFACT
from mltspec.evidence.kind import Ask, Blob
from mltspec.evidence.predictions import PREDICTIONS, PredictionsEvidence, SliceValue
from mltspec.evidence.training import TRAINING
from mltspec.plan.picture import Bound, Picture
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.statistics.holm import chance_of_reaching, holm

COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}


class MetricParams(Measuring):
    """``bound`` is a bare number or a percentage of a metric that is a share."""

    compare: str
    bound: Quantity

    def wants_more(self) -> bool:
        """Whether larger values are on the bound's good side."""
        return self.compare in (">=", ">")


def asks(params: MetricParams, scope: Scope) -> Sequence[Ask]:
    """One metric of the trained model on one data set."""
    return [measuring.predictions(params, scope)]


def judge(params: MetricParams, evidence: Sequence[PredictionsEvidence]) -> Judgement:
    """Compare the value or its interval, or every slice's, with the bound."""
    (seen,) = evidence
    bound = Figure(text=f"{params.compare} {params.bound}", value=float(params.bound))
    if seen.rows == 0:
        return inconclusive("there is no row to measure", bound=bound)
    if params.by:
        return _judge_slices(params, seen, bound)
    interval = between(seen.low, seen.high)
    measured = figure(seen.value, f"{number(seen.value)}{interval}")
    told = f"{seen.metric}{params.on_words()} is {number(seen.value)}{interval} over {plural(seen.rows, 'row')}"
    if params.confidence is None or not math.isfinite(seen.value):
        if _holds(params, seen.value):
            return passed(told, measured, bound)
        cause = "; the model's answers are not finite" if not math.isfinite(seen.value) else ""
        return failed(f"{told}, expected {bound.text}{cause}", measured, bound)
    if seen.low is None or seen.high is None:
        return inconclusive(f"{told}, and this metric has no interval to decide by", measured, bound)
    if _holds(params, seen.low) and _holds(params, seen.high):
        return passed(f"{told} ({seen.method}): the whole interval is {bound.text}", measured, bound)
    if not _holds(params, seen.low) and not _holds(params, seen.high):
        return failed(f"{told} ({seen.method}), expected {bound.text}; no part of it is", measured, bound)
    more = rows_to_decide(seen.rows, seen.low, seen.high, float(params.bound))
    return inconclusive(
        f"{told} ({seen.method}); the interval holds both sides of {params.bound}{more}", measured, bound
    )


def depict(params: MetricParams, evidence: Sequence[PredictionsEvidence]) -> Sequence[Picture]:
    """Show every slice against the bound; without slices, the answers that the metric is about."""
    (seen,) = evidence
    bound = Bound(value=float(params.bound), text=f"{params.compare} {params.bound}")
    low_first = params.compare in (">=", ">")
    slices = by_slice(seen, bound, params.least_rows or 1, lambda value: _holds(params, value), low_first)
    return slices or of_answers(seen.counts, seen.metric)


def _holds(params: MetricParams, value: float) -> bool:
    return math.isfinite(value) and COMPARE[params.compare](value, float(params.bound))


def _judge_slices(params: MetricParams, seen: PredictionsEvidence, bound: Figure) -> Judgement:
    names = ", ".join(params.by or ())
    if not seen.slices:
        return failed(f"{seen.metric} by {names}: there is no slice, so nothing was measured", bound=bound)
    judged = [s for s in seen.slices if s.rows >= (params.least_rows or 1)]
    note = too_small(len(seen.slices), len(judged), params.least_rows)
    if not judged:
        return inconclusive(f"no slice of {names} has {params.least_rows} rows", bound=bound)
    wrong = _refuted(params, seen, judged)
    worst = worst_first(wrong or judged, params.wants_more())[0]
    measured = figure(
        worst.value, f"{number(worst.value)}{between(worst.low, worst.high)} at {where(worst.where.items())}"
    )
    lines = [sliced(part) for part in worst_first(judged, params.wants_more())[: measuring.MOST_LISTED]]
    slices, told = plural(len(judged), "slice"), f"worst {sliced(worst)}{note}"
    if wrong:
        holding = len(judged) - len(wrong)
        text = f"{seen.metric}{_on(params)} by {names} is {bound.text} on {holding} of {slices}; {told}"
        return failed(text, measured, bound, lines)
    open_ = [] if params.confidence is None else [part for part in judged if not _proven(params, part)]
    if open_:
        text = (
            f"{seen.metric}{_on(params)} by {names} is {bound.text} beyond doubt on {len(judged) - len(open_)} of "
            f"{slices}, and open on {len(open_)}; {told}"
        )
        return inconclusive(text, measured, bound).model_copy(update={"details": tuple(lines)})
    text = f"{seen.metric}{_on(params)} by {names} holds on all {slices}; {told}"
    return passed(text, measured, bound).model_copy(update={"details": tuple(lines)})


def _on(params: MetricParams) -> str:
    return params.on_words() if params.only else ""


def _proven(params: MetricParams, part: SliceValue) -> bool:
    """Tell whether a slice's whole interval is on the good side."""
    return part.low is not None and part.high is not None and _holds(params, part.low) and _holds(params, part.high)


def _refuted(params: MetricParams, seen: PredictionsEvidence, judged: Sequence[SliceValue]) -> list[SliceValue]:
    """Return the slices that do not hold: by their value or, with a confidence, by a test over all of them."""
    if params.confidence is None:
        return [part for part in judged if not _holds(params, part.value)]
    confidence, bound = float(params.confidence), float(params.bound)
    sign = 1.0 if params.wants_more() else -1.0
    chances = []
    for part in judged:
        good = part.high if params.wants_more() else part.low
        end = math.nan if good is None else sign * good
        chances.append(chance_of_reaching(sign * part.value, end, confidence, sign * bound))
    return [
        part
        for part, chance in zip(judged, holm(chances), strict=True)
        if chance < 1 - confidence or not math.isfinite(part.value)
    ]


def _example(
    value: float, *slices: SliceValue, rows: int = 500, low: float | None = None, high: float | None = None
) -> PredictionsEvidence:
    return PredictionsEvidence(
        metric="accuracy",
        value=value,
        rows=rows,
        higher_is_better=True,
        slices=slices,
        rows_digest="0",
        scores=Blob(digest="0", size_bytes=0),
        low=low,
        high=high,
        method="Wilson",
    )


CHECK = Check(
    name="metric-holds",
    test=4,
    phrase="{metric:metric}",
    summary="A metric of the trained model holds against a value, overall or by slice.",
    params=MetricParams,
    evidence=PredictionsEvidence,
    kinds=(PREDICTIONS, TRAINING, ARTIFACT),
    asks=asks,
    judge=judge,
    depict=depict,
    clauses=(
        measuring.ON,
        measuring.BY,
        measuring.QUANTILES,
        Clause("{compare:compare} {bound:number|ratio}", "the bound", required=True),
        measuring.LEAST_ROWS,
        measuring.ONLY,
        Clause(
            "with {confidence:ratio} confidence", "decide by the interval's ends at this confidence, not by the value"
        ),
    ),
    refuse=not_measured,
    examples=lambda: (
        Example(
            "expect accuracy on holdout >= 0.9",
            (_example(0.964, low=0.947, high=0.976),),
            Verdict.PASSED,
            "accuracy on holdout is 0.964 [0.947, 0.976] over 500 rows",
        ),
        Example(
            "expect accuracy on holdout >= 0.9",
            (_example(0.8),),
            Verdict.FAILED,
            "accuracy on holdout is 0.8 over 500 rows, expected >= 0.9",
        ),
        Example(
            "expect accuracy on holdout >= 90% with 95% confidence",
            (_example(0.91, low=0.887, high=0.929),),
            Verdict.INCONCLUSIVE,
            "the interval holds both sides of 90%; about",
        ),
        Example(
            "expect accuracy on holdout >= 0.9",
            (_example(math.nan, rows=0),),
            Verdict.INCONCLUSIVE,
            "there is no row to measure",
        ),
        Example(
            "expect accuracy on holdout by label >= 0.7",
            (_example(0.9, SliceValue(where={"label": "8"}, value=0.62, rows=50, low=0.5, high=0.73)),),
            Verdict.FAILED,
            "accuracy by label is >= 0.7 on 0 of 1 slice; worst label=8: 0.62 [0.5, 0.73] over 50 rows",
        ),
        Example(
            "expect accuracy on holdout by label >= 0.7 where rows >= 20 with 95% confidence",
            (_example(0.9, SliceValue(where={"label": "8"}, value=0.72, rows=50, low=0.6, high=0.82)),),
            Verdict.INCONCLUSIVE,
            "open on 1; worst label=8",
        ),
    ),
)
