"""What a bound decides by, run by run, and the bound that a sound run would seldom miss."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import cast

from mltspec.checks.quality.calibration_error import CalibrationParams
from mltspec.checks.quality.metric_holds import MetricParams
from mltspec.checks.quality.not_worse_than_baseline import BaselineParams, limit_of
from mltspec.evidence.agreement import CalibrationAsk, CalibrationEvidence
from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.predictions import DifferenceAsk, DifferenceEvidence, PredictionsAsk, PredictionsEvidence
from mltspec.evidence.training import TrainingAsk
from mltspec.language.quantity import UNITS, Dimension
from mltspec.plan.plan import Expectation, Request
from mltspec.plan.quantity import Quantity
from mltspec.statistics.power import spread_of

MOST_DIGITS = 12

Measured = PredictionsAsk | DifferenceAsk | CalibrationAsk


class NoBound(Exception):  # noqa: N818 - a fact told to the user
    """An expectation has no bound to calibrate; the message says why."""


@dataclass(frozen=True)
class Decided:
    """One run as a bound sees it.

    Args:
        value: what is held against the bound: a metric, its worst slice's, or the bad end of its interval.
        error: its standard error over samples of rows, 0 where it is not known.
    """

    value: float
    error: float


@dataclass(frozen=True)
class Calibrated:
    """An expectation whose bound can be set by what runs show.

    Args:
        ask: what it asks for, of the spec's own seed.
        written: the bound or margin as written.
        more: whether what is decided by must be at least the limit, or at most.
        what: what is decided by, in words.
        decided: reads it off a run's evidence; raises NoBound.
        limit: what it is held against.
        unit: how much one of the written unit is, in the terms of what is decided by.
        ends: of what the bound may sensibly be.
        margin: the bound is a distance from a baseline: the larger, the more lenient.
    """

    ask: Measured
    written: Quantity
    more: bool
    what: str
    decided: Callable[[Evidence], Decided]
    limit: Callable[[Evidence], float]
    unit: Callable[[Evidence], float]
    ends: Callable[[Evidence], tuple[float, float]] = lambda _: (-math.inf, math.inf)
    margin: bool = False

    def text(self, limit: float, step: float, seen: Evidence) -> str:
        """Return a limit as a bound is written, rounded to the lenient side by less than ``step``.

        Args:
            limit: in the terms of what is decided by.
            step: what rounding may cost, in the same; above 0.
            seen: evidence of any of the runs.
        """
        unit, lenient_is_less = self.unit(seen), self.more
        if self.margin:
            limit, lenient_is_less = max(0.0, -limit if self.more else limit), False
        digits = max(0, min(MOST_DIGITS, math.ceil(-math.log10(step / unit))))
        rounding = ROUND_FLOOR if lenient_is_less else ROUND_CEILING
        number = f"{Decimal(repr(limit / unit)).quantize(Decimal(1).scaleb(-digits), rounding):f}"
        plain = number.rstrip("0").rstrip(".") if "." in number else number
        name = self.written.amount.unit
        return plain + self.written.text[len(self.written.text.removesuffix(name).rstrip()) :] if name else plain


def calibrated(expectation: Expectation, requests: Mapping[str, Request]) -> Calibrated:
    """Return how an expectation's bound can be set.

    Raises:
        NoBound: it has none that training runs say something about.
    """
    kind = _KINDS.get(expectation.check)
    if kind is None:
        raise NoBound("it has no bound that runs of other seeds would set")
    if expectation.obstacle or not expectation.needs:
        raise NoBound(expectation.obstacle or "it needs no evidence")
    return kind(expectation, requests[expectation.needs[0]])


def _metric(expectation: Expectation, request: Request) -> Calibrated:
    params = MetricParams.model_validate(expectation.params)
    if params.compare not in (">=", ">", "<=", "<"):
        raise NoBound(f"`{params.compare}` is no bound to one side")
    more, ask = params.wants_more(), PredictionsAsk.model_validate(request.ask)

    def decided(evidence: Evidence) -> Decided:
        seen = cast(PredictionsEvidence, evidence)
        parts = [part for part in seen.slices if part.rows >= (params.least_rows or 1)] if params.by else [seen]
        ends = [_known(part.low if more else part.high, params) if params.confidence else part.value for part in parts]
        at = _worst(ends, more)
        low, high = parts[at].low, parts[at].high
        error = 0.0 if low is None or high is None else spread_of(low, high, ask.confidence)
        return Decided(ends[at], 0.0 if math.isnan(error) else error)

    what = params.metric if not params.confidence else f"the bad end of {params.metric}'s interval"
    return Calibrated(
        ask=_trained(ask),
        written=params.bound,
        more=more,
        what=what + _of_worst(params.by),
        decided=decided,
        limit=lambda _: float(params.bound),
        unit=lambda _: _unit(params.bound),
        ends=lambda evidence: (0.0, 1.0) if cast(PredictionsEvidence, evidence).share else (-math.inf, math.inf),
    )


def _difference(expectation: Expectation, request: Request) -> Calibrated:
    params = BaselineParams.model_validate(expectation.params)
    more, ask = params.wants_more(), DifferenceAsk.model_validate(request.ask)
    margin = params.bound.margin
    if margin is None:
        raise NoBound(f"its margin is left to the default; write one: `{params.bound.baseline} - 1pp`")
    if params.bound.sign != ("-" if more else "+"):
        raise NoBound("it asks for more than the baseline has: that is a demand, and no margin for chance")

    def decided(evidence: Evidence) -> Decided:
        seen = cast(DifferenceEvidence, evidence)
        if seen.incomparable or not seen.same_rows:
            raise NoBound(seen.incomparable or "the baseline was not measured on the same rows")
        parts = [part for part in seen.slices if part.rows >= (params.least_rows or 1)] if params.by else [seen]
        ends = [part.low if more else part.high for part in parts]
        at = _worst(ends, more)
        error = spread_of(parts[at].low, parts[at].high, seen.confidence)
        return Decided(ends[at], 0.0 if math.isnan(error) else error)

    def unit(evidence: Evidence) -> float:
        whole = abs(cast(DifferenceEvidence, evidence).theirs) if margin.dimension is Dimension.RATIO else 1.0
        return _unit(margin) * whole

    what = f"the bad end of the interval of {params.metric} less {params.bound.baseline}'s"
    return Calibrated(
        ask=_trained(ask),
        written=margin,
        more=more,
        what=what + _of_worst(params.by),
        decided=decided,
        limit=lambda evidence: limit_of(params, cast(DifferenceEvidence, evidence))[0],
        unit=unit,
        margin=True,
    )


def _calibration(expectation: Expectation, request: Request) -> Calibrated:
    params = CalibrationParams.model_validate(expectation.params)

    def decided(evidence: Evidence) -> Decided:
        return Decided(cast(CalibrationEvidence, evidence).error, 0.0)

    return Calibrated(
        ask=_trained(CalibrationAsk.model_validate(request.ask)),
        written=params.at_most,
        more=False,
        what="the calibration error",
        decided=decided,
        limit=lambda _: float(params.at_most),
        unit=lambda _: _unit(params.at_most),
        ends=lambda _: (0.0, 1.0),
    )


def _unit(written: Quantity) -> float:
    name = written.amount.unit
    return float(UNITS[name].factor) if name else 1.0


def _of_worst(by: Sequence[str] | None) -> str:
    return f" of the worst {', '.join(by)}" if by else ""


_KINDS = {"metric-holds": _metric, "not-worse-than-baseline": _difference, "calibration-error": _calibration}


def has_bound(expectation: Expectation) -> bool:
    """Tell whether an expectation is of a kind that has a bound to calibrate."""
    return expectation.check in _KINDS


def of_seed(ask: Measured, seed: int) -> Ask:
    """Return the ask about a model trained from another seed."""
    if isinstance(ask, PredictionsAsk):
        assert isinstance(ask.run, TrainingAsk)
        return ask.model_copy(update={"run": ask.run.model_copy(update={"seed": seed})})
    return ask.model_copy(update={"ours": of_seed(ask.ours, seed)})


def first_seed(ask: Measured) -> int:
    """Return the seed that the spec itself trains from."""
    run = ask.run if isinstance(ask, PredictionsAsk) else ask.ours.run
    assert isinstance(run, TrainingAsk)
    return run.seed


def _trained(ask: Measured) -> Measured:
    run = ask.run if isinstance(ask, PredictionsAsk) else ask.ours.run
    if not isinstance(run, TrainingAsk):
        raise NoBound("its model is read from a file and not trained, so no seed changes it")
    return ask


def _worst(values: Sequence[float], more: bool) -> int:
    """Return the place of the value that decides.

    Raises:
        NoBound: there is none, or one is not finite.
    """
    if not values:
        raise NoBound("no slice has enough rows")
    if not all(map(math.isfinite, values)):
        raise NoBound("a value is not finite")
    return min(range(len(values)), key=lambda at: values[at] if more else -values[at])


def _known(end: float | None, params: MetricParams) -> float:
    if end is None:
        raise NoBound(f"`{params.metric}` has no interval to decide by")
    return end
