"""No slice of the data is weak, among all slices of one feature and of two together: a search, not a list.

    expect weakest slice of auc on holdout >= 0.7
    expect weakest slice of accuracy on holdout >= 0.8 of 1 features where rows >= 500

Among hundreds of slices some look weak by chance. So a slice counts as weak only where a test over all slices looked at
(Holm) says so; the weakest found is told with how many were looked at. Numbers are cut into quartiles.

Inconclusive where slices lie below the bound and no test can tell them from chance, where no slice has enough rows, and
for metrics that have no interval.

Source: Chung et al., "Slice Finder: Automated Data Slicing for Model Validation", ICDE 2019; Holm, Scandinavian Journal
of Statistics 6, 1979.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.quality import measuring
from mltspec.checks.quality.measuring import between, sliced, worst_first
from mltspec.checks.refusals import no_search
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural, where
from mltspec.evidence.kind import Ask, Blob
from mltspec.evidence.predictions import PREDICTIONS, PredictionsAsk, PredictionsEvidence, SliceValue
from mltspec.evidence.training import TRAINING
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.statistics.holm import chance_of_reaching, holm


class WeakestParams(Params):
    """``confidence`` None takes 95%."""

    metric: str
    on: str | None
    compare: str
    bound: Quantity
    features: int
    least_rows: int
    confidence: Quantity | None

    def asked(self) -> float:
        """Return the confidence, as a share."""
        return float(self.confidence) if self.confidence else 0.95


def asks(params: WeakestParams, scope: Scope) -> Sequence[Ask]:
    """The metric on every slice."""
    return [
        PredictionsAsk(
            run=scope.run(),
            data=scope.data[params.on] if params.on else scope.training,
            metric=params.metric,
            search=params.features,
            search_rows=params.least_rows,
            confidence=params.asked(),
        )
    ]


def judge(params: WeakestParams, evidence: Sequence[PredictionsEvidence]) -> Judgement:
    """Test all slices together."""
    (seen,) = evidence
    limit, more = float(params.bound), params.compare in (">=", ">")
    bound = Figure(text=f"{params.compare} {params.bound}", value=limit)
    known = [part for part in seen.slices if math.isfinite(part.value)]
    if not known:
        return inconclusive(f"no slice of {params.least_rows} rows has a value", bound=bound)
    if known[0].low is None:
        return inconclusive(f"`{seen.metric}` has no interval, so chance cannot be told from weakness", bound=bound)
    sign = 1.0 if more else -1.0
    chances = holm(
        [
            chance_of_reaching(sign * part.value, sign * _good(part, more), params.asked(), sign * limit)
            for part in known
        ]
    )
    weak = [part for part, chance in zip(known, chances, strict=True) if chance < 1 - params.asked()]
    order = worst_first(weak or known, more)
    worst = order[0]
    place = where(worst.where.items())
    measured = figure(worst.value, f"{number(worst.value)}{between(worst.low, worst.high)} at {place}")
    lines = tuple(sliced(part) for part in order[: measuring.MOST_LISTED])
    looked = f"{plural(len(known), 'slice')} of up to {plural(params.features, 'feature')} looked at"
    told = f"{seen.metric} is {number(seen.value)} overall; weakest of {looked}: {sliced(worst)}"
    if weak:
        return failed(f"{told}; {plural(len(weak), 'slice')} beyond chance not {bound.text}", measured, bound, lines)
    below = [part for part in known if sign * part.value < sign * limit]
    if below:
        text = f"{told}; {plural(len(below), 'slice')} not {bound.text}, but no more than chance explains among so many"
        return inconclusive(text, measured, bound).model_copy(update={"details": lines})
    return passed(told, measured, bound).model_copy(update={"details": lines})


def _good(part: SliceValue, more: bool) -> float:
    end = part.high if more else part.low
    return math.nan if end is None else end


def _example(*slices: SliceValue) -> PredictionsEvidence:
    return PredictionsEvidence(
        metric="accuracy",
        value=0.9,
        rows=5000,
        higher_is_better=True,
        slices=slices,
        rows_digest="0",
        scores=Blob(digest="0", size_bytes=0),
    )


def _slice(town: str, value: float, reach: float) -> SliceValue:
    return SliceValue(where={"town": town}, value=value, rows=200, low=value - reach, high=value + reach)


CHECK = Check(
    name="weakest-slice",
    test=4,
    phrase="weakest slice of {metric:metric}",
    summary="No slice of one feature, or of two together, is weak beyond what chance explains among so many.",
    params=WeakestParams,
    evidence=PredictionsEvidence,
    kinds=(PREDICTIONS, TRAINING),
    asks=asks,
    judge=judge,
    clauses=(
        Clause("on {on:data}", "the data to measure on; the training data by default"),
        Clause("{compare:compare} {bound:number|ratio}", "the bound of every slice", required=True),
        Clause("of {features:count} features", "how many features are combined, 1 or 2", "of 2 features"),
        Clause("where rows >= {least_rows:count}", "smaller slices are not looked at", "where rows >= 100"),
        Clause("with {confidence:ratio} confidence", "that no slice is called weak by chance; 95% by default"),
    ),
    refuse=no_search,
    examples=lambda: (
        Example(
            "expect weakest slice of accuracy on holdout >= 0.8",
            (_example(_slice("Bath", 0.9, 0.03), _slice("York", 0.85, 0.04)),),
            Verdict.PASSED,
            "accuracy is 0.9 overall; weakest of 2 slices of up to 2 features looked at: town=York: 0.85",
        ),
        Example(
            "expect weakest slice of accuracy on holdout >= 0.8",
            (_example(_slice("Bath", 0.9, 0.03), _slice("York", 0.5, 0.04)),),
            Verdict.FAILED,
            "1 slice beyond chance not >= 0.8",
        ),
        Example(
            "expect weakest slice of accuracy on holdout >= 0.8 of 1 features",
            (_example(*(_slice(str(at), 0.9, 0.03) for at in range(40)), _slice("York", 0.77, 0.028)),),
            Verdict.INCONCLUSIVE,
            "1 slice not >= 0.8, but no more than chance explains among so many",
        ),
    ),
)
