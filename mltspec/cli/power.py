"""What each bound of a plan can decide, from what the store knows of the last run."""

from __future__ import annotations

import math
from collections.abc import Mapping

from mltspec.checks.quality.metric_holds import MetricParams
from mltspec.checks.quality.not_worse_than_baseline import BaselineParams, limit_of
from mltspec.checks.wording import number, share
from mltspec.evidence.kind import Evidence
from mltspec.evidence.predictions import DifferenceEvidence, PredictionsEvidence
from mltspec.plan.plan import Expectation, Request
from mltspec.statistics.power import Power, of_interval, of_value, spread_of

UNKNOWN = "not known before a first run: it depends on the rows and on how far the metric scatters"


def power(expectation: Expectation, requests: Mapping[str, Request], found: Mapping[str, Evidence]) -> str:
    """Return what a bound can decide at the rows at hand; empty for what has no such bound."""
    if expectation.check not in ("metric-holds", "not-worse-than-baseline") or not expectation.needs:
        return ""
    seen = found.get(expectation.needs[0])
    confidence = float(requests[expectation.needs[0]].ask["confidence"])
    if isinstance(seen, PredictionsEvidence):
        return _of_metric(MetricParams.model_validate(expectation.params), seen, confidence)
    if isinstance(seen, DifferenceEvidence):
        return _of_difference(BaselineParams.model_validate(expectation.params), seen)
    return UNKNOWN


def _of_metric(params: MetricParams, seen: PredictionsEvidence, confidence: float) -> str:
    parts = [part for part in seen.slices if part.rows >= (params.least_rows or 1)] if params.by else [seen]
    known = [part for part in parts if part.low is not None and part.high is not None and math.isfinite(part.value)]
    if not known or params.compare not in (">=", ">", "<=", "<"):
        return "" if params.compare in ("=", "!=") else "this metric has no interval to tell it from"
    bound, more = float(params.bound), params.wants_more()
    found: list[Power] = []
    for part in known:
        spread = spread_of(part.low or 0.0, part.high or 0.0, confidence)
        if params.confidence is None:
            found.append(of_value(part.value, spread, bound, more))
        else:
            apart = of_interval(spread, bound - part.value, confidence, more)
            found.append(Power(apart.false_alarms, part.value + apart.detectable))
    passing = math.prod(1 - each.false_alarms for each in found)
    detectable = (min if more else max)(each.detectable for each in found)
    where = f"the weakest of {len(found)} slices" if params.by else f"{seen.rows:,} rows"
    return (
        f"{where}: a true value of {number(detectable)} or worse fails in 4 of 5 runs; a model as good as the last one "
        f"fails in {share(1 - passing)} of samples"
    )


def _of_difference(params: BaselineParams, seen: DifferenceEvidence) -> str:
    limit, unknown = limit_of(params, seen)
    spread = spread_of(seen.low, seen.high, seen.confidence)
    if unknown or math.isnan(spread):
        return unknown or UNKNOWN
    found = of_interval(spread, limit, seen.confidence, params.wants_more())
    narrow = abs(limit) < (seen.high - seen.low) / 2
    hint = (
        "; the margin is narrower than the interval, so an equal model is often left undecided: take more rows"
        if narrow and not params.by
        else ""
    )
    overall = "overall, " if params.by else ""
    return (
        f"{overall}{seen.rows:,} rows: a true difference of {found.detectable:+.4g} or worse fails in 4 of 5 runs; a "
        f"model as good as the baseline fails in {share(found.false_alarms)} of samples{hint}"
    )
