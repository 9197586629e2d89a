"""A metric is not worse than a baseline's, on the same rows, overall or on every slice.

    expect accuracy on holdout >= prod - 3pp with 95% confidence
    expect auc on holdout by carrier >= prod - 0.02 where rows >= 500
    expect loss on holdout <= prod + 0.05x

The two models are compared row by row: the interval of the paired difference decides. Passed only if its bad end
lies inside the margin, failed only if the whole interval lies outside, else inconclusive, with the number of rows that
would decide. The margin is in the metric's own units (`0.02`, `3pp`) or a share of the baseline's value (`0.05x`).
Without one it is 1 percentage point of a metric between 0 and 1, and 1% of the baseline's value of any other: with none
at all, two equally good models could never be told to be so. A margin of `0pp` demands proof of being better.

By slice, each slice is compared so. It passes if every slice's interval holds, and fails if a test over all slices
(Holm) finds one that is worse.

Inconclusive where the two cannot be compared: other rows (by digest), other settings of the metric, no such baseline
yet (skipped, if the spec says that it `may be missing`), a share of a baseline that is zero.

Source: U.S. Food and Drug Administration, "Non-Inferiority Clinical Trials to Establish Effectiveness", 2016,
section III (the decision by the interval's end); Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
chapter 8 (pairing); Holm, Scandinavian Journal of Statistics 6, 1979; Berger, Technometrics 24, 1982.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from mltspec.checks.check import Check, Clause, Example, Scope
from mltspec.checks.quality import measuring
from mltspec.checks.quality.depicted import difference
from mltspec.checks.quality.measuring import AgainstBaseline, Measuring, rows_to_decide
from mltspec.checks.quality.score_pictures import of_both
from mltspec.checks.refusals import not_compared
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural, where
from mltspec.evidence.artifact import ARTIFACT
from mltspec.evidence.kind import Ask
from mltspec.evidence.predictions import (
    DIFFERENCE,
    PREDICTIONS,
    STORED,
    DifferenceAsk,
    DifferenceEvidence,
    SliceDifference,
)
from mltspec.evidence.training import TRAINING
from mltspec.language.quantity import Dimension
from mltspec.plan.picture import Picture
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.statistics.holm import chance_of_reaching, holm

DEFAULT_MARGIN = 0.01
"""Of a metric between 0 and 1 a point, of any other a share of the baseline's value."""


class BaselineParams(Measuring):
    """A comparison with a baseline."""

    compare: str
    bound: AgainstBaseline

    def wants_more(self) -> bool:
        """Whether larger values are better."""
        return self.compare in (">=", ">")


class Side(NamedTuple):
    """A difference turned so that more is better: its ends, the edge that it is held against."""

    estimate: float
    bad: float
    good: float
    edge: float


def asks(params: BaselineParams, scope: Scope) -> Sequence[Ask]:
    """The same metric of both models on the same data, and their paired difference."""
    ours = measuring.predictions(params, scope)
    theirs = scope.theirs(params.bound.baseline, ours)
    return [DifferenceAsk(ours=ours, theirs=theirs, confidence=ours.confidence, seed=scope.seed)]


def judge(params: BaselineParams, evidence: Sequence[DifferenceEvidence]) -> Judgement:
    """Decide by the interval's ends."""
    (seen,) = evidence
    limit, unknown = limit_of(params, seen)
    default = "" if params.bound.margin else f" (margin {_points(limit)} by default)"
    bound = Figure(text=f"{params.compare} {params.bound}{default}")
    stopped = _not_comparable(params, seen, bound)
    if stopped is not None:
        return stopped
    if unknown:
        return inconclusive(unknown, bound=bound)
    if params.by:
        return _judge_slices(params, seen, limit, bound)
    told = _told(params, seen)
    measured = figure(
        seen.difference,
        f"{number(seen.ours)} ({_points(seen.difference)} [{_points(seen.low)}, {_points(seen.high)}])",
    )
    details = tuple(_details(seen))
    side = _side(params, seen, limit)
    if side.bad >= side.edge:
        return passed(told, measured, bound).model_copy(update={"details": details})
    if side.good < side.edge or _surely_worse(params, seen, limit):
        return failed(f"{told}; the whole interval is worse than {_allowed(limit)}", measured, bound, details)
    more = rows_to_decide(seen.rows, side.bad, side.good, side.edge)
    text = f"{told}; the interval holds both sides of {_allowed(limit)}{more}"
    return inconclusive(text, measured, bound).model_copy(update={"details": details})


def limit_of(params: BaselineParams, seen: DifferenceEvidence) -> tuple[float, str]:
    """Return the difference allowed, and why there is none."""
    margin = params.bound.margin
    sign = -1.0 if params.wants_more() else 1.0
    if margin is None and seen.share:
        return sign * DEFAULT_MARGIN, ""
    sign = sign if margin is None else -1.0 if params.bound.sign == "-" else 1.0
    if margin is not None and margin.dimension is not Dimension.RATIO:
        return sign * float(margin), ""
    part = DEFAULT_MARGIN if margin is None else float(margin)
    if seen.theirs == 0:
        return (
            0.0,
            "a share of a baseline that is 0 allows nothing; write a margin in the metric's own units",
        )
    return sign * part * abs(seen.theirs), ""


def _not_comparable(params: BaselineParams, seen: DifferenceEvidence, bound: Figure) -> Judgement | None:
    name = params.bound.baseline
    if seen.excused:
        text = f"there is no baseline `{name}` yet, as the spec says there need not be: {seen.incomparable}"
        return Judgement(verdict=Verdict.SKIPPED, explanation=text, bound=bound)
    if seen.incomparable:
        return inconclusive(f"`{name}` cannot be compared: {seen.incomparable}", bound=bound)
    if not seen.same_rows:
        told = f" ({seen.baseline})" if seen.baseline else ""
        return inconclusive(
            f"`{name}`{told} was not measured on the same rows, so the two cannot be compared; save it again on these",
            bound=bound,
        )
    if math.isnan(seen.difference):
        return inconclusive(f"the difference to `{name}` is not finite ({seen.method})", bound=bound)
    return None


def _told(params: BaselineParams, seen: DifferenceEvidence) -> str:
    return (
        f"{number(seen.ours)} against {number(seen.theirs)} of `{params.bound.baseline}`: difference "
        f"{_points(seen.difference)}, between {_points(seen.low)} and {_points(seen.high)} "
        f"({seen.method}, {plural(seen.rows, 'row')})"
    )


def _details(seen: DifferenceEvidence) -> list[str]:
    lines = [f"baseline: {seen.baseline}"] if seen.baseline else []
    if seen.worse is not None:
        lines.append(
            f"{plural(seen.only_ours or 0, 'row')} only ours has right, {seen.only_theirs or 0:,} only theirs; exact "
            f"McNemar p = {seen.worse:.2g} that ours is no worse"
        )
    return lines


def _side(params: BaselineParams, seen: DifferenceEvidence | SliceDifference, limit: float) -> Side:
    if params.wants_more():
        return Side(seen.difference, seen.low, seen.high, limit)
    return Side(-seen.difference, -seen.high, -seen.low, -limit)


def _surely_worse(params: BaselineParams, seen: DifferenceEvidence, limit: float) -> bool:
    """Without a margin, rows that are right or wrong are judged by the exact test."""
    return limit == 0 and params.wants_more() and seen.worse is not None and seen.worse < 1 - seen.confidence


def _judge_slices(params: BaselineParams, seen: DifferenceEvidence, limit: float, bound: Figure) -> Judgement:
    names = ", ".join(params.by or ())
    if not seen.slices:
        return failed(f"{params.metric} by {names}: there is no slice, so nothing was compared", bound=bound)
    judged = [part for part in seen.slices if part.rows >= (params.least_rows or 1)]
    note = measuring.too_small(len(seen.slices), len(judged), params.least_rows)
    if not judged:
        return inconclusive(f"no slice of {names} has {params.least_rows} rows", bound=bound)
    sides = [_side(params, part, limit) for part in judged]
    chances = holm([chance_of_reaching(side.estimate, side.good, seen.confidence, side.edge) for side in sides])
    worse = [part for part, chance in zip(judged, chances, strict=True) if chance < 1 - seen.confidence]
    open_ = [part for part, side in zip(judged, sides, strict=True) if not side.bad >= side.edge]
    order = sorted(judged, key=lambda part: _side(params, part, limit).estimate)
    worst = min(worse or open_ or judged, key=lambda part: _side(params, part, limit).estimate)
    measured = figure(worst.difference, f"{_points(worst.difference)} at {where(worst.where.items())}")
    lines = (*_details(seen), *(_line(part) for part in order[: measuring.MOST_LISTED]))
    slices, told = plural(len(judged), "slice"), f"worst {_line(worst)}{note}"
    against = f"{params.metric} by {names} against `{params.bound.baseline}`"
    if worse:
        text = f"{against} is worse than {_allowed(limit)} on {len(worse)} of {slices}, all looked at together; {told}"
        return failed(text, measured, bound, lines)
    if open_:
        both = f"their intervals hold both sides of {_allowed(limit)}"
        text = f"{against} is open on {len(open_)} of {slices}: {both}; {told}"
        return inconclusive(text, measured, bound).model_copy(update={"details": lines})
    return passed(f"{against} is no worse on all {slices}; {told}", measured, bound).model_copy(
        update={"details": lines}
    )


def _line(part: SliceDifference) -> str:
    return (
        f"{where(part.where.items())}: {number(part.ours)} against {number(part.theirs)}, {_points(part.difference)} "
        f"[{_points(part.low)}, {_points(part.high)}] over {plural(part.rows, 'row')}"
    )


def depict(params: BaselineParams, evidence: Sequence[DifferenceEvidence]) -> Sequence[Picture]:
    """Show the interval of the difference against the margin, and the answers of both."""
    (seen,) = evidence
    margin = float(params.bound.margin) if params.bound.margin else 0.0
    limit = -margin if params.bound.sign == "-" else margin
    held = {Verdict.PASSED: True, Verdict.FAILED: False}.get(judge(params, evidence).verdict)
    return [
        *difference(seen, params.metric, limit, f"{params.compare} {params.bound}", held),
        *([] if params.by else of_both(seen, params.metric)),
    ]


def _allowed(limit: float) -> str:
    return _points(limit) if limit else "no difference"


def _points(value: float) -> str:
    return f"{value:+.4g}"


def _example(difference: float, low: float, high: float, *slices: SliceDifference) -> DifferenceEvidence:
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
        slices=slices,
        share=True,
    )


def _slice(label: str, difference: float, reach: float) -> SliceDifference:
    return SliceDifference(
        where={"label": label}, ours=0.9 + difference, theirs=0.9, difference=difference, low=difference - reach,
        high=difference + reach, rows=200,
    )  # fmt: skip


CHECK = Check(
    name="not-worse-than-baseline",
    test=4,
    phrase="{metric:metric}",
    summary="A metric is not worse than a baseline's by more than a margin, paired on the same rows.",
    params=BaselineParams,
    evidence=DifferenceEvidence,
    kinds=(DIFFERENCE, PREDICTIONS, STORED, TRAINING, ARTIFACT),
    asks=asks,
    judge=judge,
    depict=depict,
    clauses=(
        measuring.ON,
        measuring.BY,
        measuring.QUANTILES,
        Clause("{compare:compare} {bound:baseline}", "the baseline, less or plus a margin", required=True),
        measuring.LEAST_ROWS,
        measuring.ONLY,
        Clause(
            "with {confidence:ratio} confidence",
            "the confidence of the interval's ends; the profile's by default",
        ),
    ),
    refuse=not_compared,
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
        Example(
            "expect accuracy on holdout by label >= prod - 3pp",
            (_example(0.0, -0.01, 0.01, _slice("3", -0.2, 0.05), _slice("4", 0.0, 0.02)),),
            Verdict.FAILED,
            "worse than -0.03 on 1 of 2 slices, all looked at together; worst label=3: 0.7 against 0.9",
        ),
        Example(
            "expect accuracy on holdout >= prod",
            (_example(0.0, -0.002, 0.002).model_copy(update={"same_rows": False}),),
            Verdict.INCONCLUSIVE,
            "was not measured on the same rows",
        ),
    ),
)
