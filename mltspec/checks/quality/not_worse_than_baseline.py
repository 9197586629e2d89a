"""A metric is not worse than a baseline's, on the same rows.

    expect accuracy on holdout >= prod - 3pp with 95% confidence

The two models are compared row by row: the interval of the paired difference decides. Passed only if its bad end
lies inside the margin, failed only if the whole interval lies outside, else inconclusive. What is not the same
rows in the same order is not compared.

Source: U.S. Food and Drug Administration, "Non-Inferiority Clinical Trials to Establish Effectiveness", 2016,
section III (the decision by the interval's end); Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
chapter 8 (pairing).
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.quality.depicted import difference
from mltspec.checks.refusals import baseline_hit_exactly
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.kind import Ask
from mltspec.evidence.predictions import (
    DIFFERENCE,
    PREDICTIONS,
    DifferenceAsk,
    DifferenceEvidence,
    PredictionsAsk,
)
from mltspec.evidence.training import TRAINING
from mltspec.plan.picture import Picture
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.plan.wire import Wire


class AgainstBaseline(Wire):
    """``prod - 3pp``: a baseline's name and the allowed distance; a bare name allows none."""

    baseline: str
    sign: str
    margin: Quantity | None

    def __str__(self) -> str:
        """Return it as an author writes it."""
        return f"{self.baseline} {self.sign} {self.margin}" if self.margin else self.baseline


class BaselineParams(Params):
    """``confidence`` None takes the profile's."""

    metric: str
    on: str | None
    compare: str
    bound: AgainstBaseline
    confidence: Quantity | None


def asks(params: BaselineParams, scope: Scope) -> Sequence[Ask]:
    """The same metric of both models on the same data, and their paired difference."""
    data = scope.data[params.on] if params.on else scope.training
    ours, theirs = (
        PredictionsAsk(run=run, data=data, metric=params.metric)
        for run in (scope.run(), scope.baselines[params.bound.baseline])
    )
    confidence = float(params.confidence) if params.confidence else scope.confidence
    return [DifferenceAsk(ours=ours, theirs=theirs, confidence=confidence, seed=scope.seed)]


def judge(params: BaselineParams, evidence: Sequence[DifferenceEvidence]) -> Judgement:
    """Decide by the interval's ends."""
    (seen,) = evidence
    bound = Figure(text=f"{params.compare} {params.bound}")
    if not seen.same_rows:
        return inconclusive(
            f"`{params.bound.baseline}` was not measured on the same rows, so the two cannot be compared",
            bound=bound,
        )
    margin = float(params.bound.margin) if params.bound.margin else 0.0
    limit = -margin if params.bound.sign == "-" else margin
    higher = params.compare in (">=", ">")
    bad, good = (seen.low, seen.high) if higher else (-seen.high, -seen.low)
    edge = limit if higher else -limit
    told = (
        f"{number(seen.ours)} against {number(seen.theirs)} of `{params.bound.baseline}`: difference "
        f"{_points(seen.difference)}, between {_points(seen.low)} and {_points(seen.high)} "
        f"({seen.method}, {plural(seen.rows, 'row')})"
    )
    measured = figure(
        seen.difference,
        f"{number(seen.ours)} ({_points(seen.difference)} [{_points(seen.low)}, {_points(seen.high)}])",
    )
    if bad >= edge:
        return passed(told, measured, bound)
    if good < edge:
        return failed(f"{told}; the whole interval is worse than {_allowed(limit)}", measured, bound)
    more = _rows_to_decide(seen, edge, bad, good)
    return inconclusive(f"{told}; the interval holds both sides of {_allowed(limit)}{more}", measured, bound)


def depict(params: BaselineParams, evidence: Sequence[DifferenceEvidence]) -> Sequence[Picture]:
    """Show the interval of the difference against the margin."""
    (seen,) = evidence
    margin = float(params.bound.margin) if params.bound.margin else 0.0
    limit = -margin if params.bound.sign == "-" else margin
    held = {Verdict.PASSED: True, Verdict.FAILED: False}.get(judge(params, evidence).verdict)
    return difference(seen, params.metric, limit, f"{params.compare} {params.bound}", held)


def _allowed(limit: float) -> str:
    return _points(limit) if limit else "no difference"


def _points(value: float) -> str:
    return f"{value:+.4g}"


def _rows_to_decide(seen: DifferenceEvidence, edge: float, bad: float, good: float) -> str:
    """An interval shrinks with the root of the rows; say how many would bring its bad end to the edge."""
    middle = (bad + good) / 2
    gap, half = abs(middle - edge), (good - bad) / 2
    if gap == 0 or half == 0:
        return ""
    rows = round(seen.rows * (half / gap) ** 2)
    return f"; about {rows:,} rows would decide" if rows < 1e9 else "; the difference lies on the margin itself"


def _example(difference: float, low: float, high: float) -> DifferenceEvidence:
    return DifferenceEvidence(
        ours=0.96 + difference,
        theirs=0.96,
        difference=difference,
        low=low,
        high=high,
        rows=500,
        same_rows=True,
        higher_is_better=True,
        method="paired bootstrap",
    )


CHECK = Check(
    name="not-worse-than-baseline",
    test=4,
    phrase="{metric:metric}",
    summary="A metric is not worse than a baseline's by more than a margin, paired on the same rows.",
    params=BaselineParams,
    evidence=DifferenceEvidence,
    kinds=(DIFFERENCE, PREDICTIONS, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict,
    clauses=(
        Clause("on {on:data}", "the data to measure on; the training data by default"),
        Clause("{compare:compare} {bound:baseline}", "the baseline, less or plus a margin", required=True),
        Clause(
            "with {confidence:ratio} confidence",
            "the confidence of the interval's ends; the profile's by default",
        ),
    ),
    refuse=baseline_hit_exactly,
    examples=lambda: (
        Example(
            "expect accuracy on holdout >= prod - 3pp with 95% confidence",
            (_example(-0.004, -0.016, 0.008),),
            Verdict.PASSED,
            "0.956 against 0.96 of `prod`: difference -0.004, between -0.016 and +0.008",
        ),
        Example(
            "expect accuracy on holdout >= prod - 3pp",
            (_example(-0.08, -0.1, -0.06),),
            Verdict.FAILED,
            "the whole interval is worse than -0.03",
        ),
        Example(
            "expect accuracy on holdout >= prod - 3pp",
            (_example(-0.025, -0.05, 0.0),),
            Verdict.INCONCLUSIVE,
            "the interval holds both sides of -0.03; about",
        ),
    ),
)
