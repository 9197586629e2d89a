"""A new model decides as a baseline does on nearly all rows: churn.

Two models may be equally good and still disagree on many rows; whoever lives with their answers notices.

    expect predictions agree with prod on >= 98% of holdout
    expect predictions agree with prod within 0.05 on >= 95% of holdout by carrier

Decisions are compared (the class decided for, yes or no at one half) or, with `within`, the answers themselves, row by
row on the same rows. Rows that flipped are listed, with how many of them only one of the two has right. `by` shows and
judges every slice. `with P% confidence` decides by the interval of the share, not by the share.

Inconclusive where the two cannot be compared: other rows, or no such baseline yet.

Source: Milani Fard et al., "Launch and Iterate: Reducing Prediction Churn", NIPS 2016, section 2; Wilson, JASA 22, 1927
(the interval).
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.quality import measuring
from mltspec.checks.quality.depicted import flipped
from mltspec.checks.quality.measuring import AgainstBaseline, sliced, too_small, worst_first
from mltspec.checks.quality.predictions_match import line
from mltspec.checks.refusals import churn_with_a_margin
from mltspec.checks.wording import failed, figure, inconclusive, passed, plural, share
from mltspec.evidence.agreement import AGREEMENT, AgreementAsk, AgreementEvidence, Flip
from mltspec.evidence.artifact import ARTIFACT
from mltspec.evidence.kind import Ask
from mltspec.evidence.predictions import ANSWERS, PREDICTIONS, STORED, PredictionsAsk
from mltspec.evidence.training import TRAINING
from mltspec.plan.picture import Picture
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict


class ChurnParams(Params):
    """``within`` None compares decisions; ``confidence`` None compares the share itself."""

    bound: AgainstBaseline
    within: Quantity | None
    share: Quantity
    on: str
    by: tuple[str, ...] | None
    least_rows: int | None
    confidence: Quantity | None


def asks(params: ChurnParams, scope: Scope) -> Sequence[Ask]:
    """Both models' answers to the same rows."""
    confidence = float(params.confidence) if params.confidence else scope.confidence
    data = scope.data[params.on]
    ours = PredictionsAsk(run=scope.run(), data=data, metric=ANSWERS, by=params.by or (), confidence=confidence)
    theirs = scope.theirs(params.bound.baseline, ours)
    within = float(params.within) if params.within else None
    return [AgreementAsk(ours=ours, theirs=theirs, within=within, confidence=confidence)]


def judge(params: ChurnParams, evidence: Sequence[AgreementEvidence]) -> Judgement:
    """Hold the share of rows that agree, or every slice's, against the bound."""
    (seen,) = evidence
    name, wanted = params.bound.baseline, float(params.share)
    bound = Figure(text=f">= {params.share}", value=wanted)
    if seen.excused:
        text = f"there is no baseline `{name}` yet, as the spec says there need not be: {seen.incomparable}"
        return Judgement(verdict=Verdict.SKIPPED, explanation=text, bound=bound)
    if seen.incomparable:
        return inconclusive(f"`{name}` cannot be compared: {seen.incomparable}", bound=bound)
    agreeing = seen.agreeing / seen.rows
    measured = figure(agreeing, f"{share(agreeing)} [{share(seen.low)}, {share(seen.high)}]")
    told = (
        f"{share(agreeing)} of {plural(seen.rows, 'row')} of {params.on} are answered as `{name}` does; "
        f"{plural(seen.rows - seen.agreeing, 'row')} flipped{_right(seen)}"
    )
    details = [f"baseline: {seen.baseline}"] if seen.baseline else []
    details += [line(each) for each in seen.flips[:12]]
    if params.by:
        return _judge_slices(params, seen, told, measured, bound, details)
    good, bad = (seen.low, seen.high) if params.confidence else (agreeing, agreeing)
    if good >= wanted:
        return passed(told, measured, bound).model_copy(update={"details": tuple(details)})
    if bad < wanted:
        return failed(f"{told}; expected {bound.text}", measured, bound, details)
    more = measuring.rows_to_decide(seen.rows, seen.low, seen.high, wanted)
    return inconclusive(f"{told}; the interval holds both sides of {params.share}{more}", measured, bound)


def _judge_slices(
    params: ChurnParams, seen: AgreementEvidence, told: str, measured: Figure, bound: Figure, details: list[str]
) -> Judgement:
    judged = [part for part in seen.slices if part.rows >= (params.least_rows or 1)]
    if not judged:
        return inconclusive(f"no slice of {', '.join(params.by or ())} has {params.least_rows} rows", bound=bound)
    note = too_small(len(seen.slices), len(judged), params.least_rows)
    wanted = float(params.share)
    wrong = [part for part in judged if (part.high if params.confidence and part.high else part.value) < wanted]
    order = worst_first(judged, True)
    text = f"{told}; worst slice {sliced(order[0])}{note}"
    lines = [*(sliced(part) for part in order[: measuring.MOST_LISTED]), *details]
    if wrong:
        slices = f"{plural(len(wrong), 'slice')} of {len(judged)} below {params.share}"
        return failed(f"{text}; {slices}", measured, bound, lines)
    open_ = [part for part in judged if params.confidence and (part.low or 0.0) < wanted]
    if open_:
        return inconclusive(f"{text}; open on {plural(len(open_), 'slice')}", measured, bound)
    return passed(text, measured, bound).model_copy(update={"details": tuple(lines)})


def _right(seen: AgreementEvidence) -> str:
    if seen.better is None or seen.worse is None:
        return ""
    return f" ({seen.better:,} only this model has right, {seen.worse:,} only the baseline)"


def depict(params: ChurnParams, evidence: Sequence[AgreementEvidence]) -> Sequence[Picture]:
    """Show the rows that flipped."""
    return flipped(evidence[0], f"rows of {params.on} that flipped", params.bound.baseline)


def _example(agreeing: int, *flips: Flip) -> AgreementEvidence:
    return AgreementEvidence(
        rows=1000, agreeing=agreeing, decided=True, largest=0.0, low=agreeing / 1000 - 0.01,
        high=agreeing / 1000 + 0.01, flips=flips, better=6, worse=4,
    )  # fmt: skip


CHECK = Check(
    name="predictions-agree",
    test=4,
    phrase="predictions agree with {bound:baseline}",
    summary="The model decides as a baseline does on nearly all rows; those that flipped are listed.",
    params=ChurnParams,
    evidence=AgreementEvidence,
    kinds=(AGREEMENT, PREDICTIONS, STORED, TRAINING, ARTIFACT),
    asks=asks,
    judge=judge,
    depict=depict,
    clauses=(
        Clause("within {within:number|percentage points}", "compare the answers themselves, this close"),
        Clause("on >= {share:ratio} of {on:data}", "how many rows must agree, and of which data", required=True),
        measuring.BY,
        measuring.LEAST_ROWS,
        Clause("with {confidence:ratio} confidence", "decide by the interval of the share, not by the share"),
    ),
    refuse=churn_with_a_margin,
    examples=lambda: (
        Example(
            "expect predictions agree with prod on >= 98% of holdout",
            (_example(990),),
            Verdict.PASSED,
            "99.0% of 1,000 rows of holdout are answered as `prod` does; 10 rows flipped (6 only this model has right",
        ),
        Example(
            "expect predictions agree with prod on >= 98% of holdout",
            (_example(900, Flip(row=7, ours="1 (0.9)", theirs="0 (0.4)", label="1", apart=0.5, where={})),),
            Verdict.FAILED,
            "100 rows flipped (6 only this model has right, 4 only the baseline); expected >= 98%",
        ),
        Example(
            "expect predictions agree with prod on >= 98% of holdout with 95% confidence",
            (_example(985),),
            Verdict.INCONCLUSIVE,
            "the interval holds both sides of 98%; about",
        ),
    ),
)
