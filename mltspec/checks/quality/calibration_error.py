"""The expected calibration error stays within a bound: who says 0.9 is right nine times in ten.

Answers are sorted into bins of equal width by how sure they are; the error is the mean gap between confidence and how
often the answers of a bin came true, weighted by its rows.

    expect calibration_error on holdout <= 5%
    expect calibration_error on holdout <= 2% with 20 bins

Few rows in a bin make a gap by chance alone. So the error of a perfectly calibrated model with the same confidences
and as many rows is simulated, and reported beside.

Inconclusive below 20 rows a bin that is used, and where the bound is exceeded by no more than a perfectly calibrated
model would exceed it once in twenty times.

Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 2; Vaicenavicius et al., "Evaluating
model calibration in classification", AISTATS 2019, section 4 (the error under perfect calibration).
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, figure, inconclusive, passed, plural, share
from mltspec.evidence.agreement import CALIBRATION, Bin, CalibrationAsk, CalibrationEvidence
from mltspec.evidence.kind import Ask
from mltspec.evidence.predictions import ANSWERS, PREDICTIONS, PredictionsAsk
from mltspec.evidence.training import TRAINING
from mltspec.plan.picture import Curves, Line, Picture
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

ROWS_A_BIN = 20


class CalibrationParams(Params):
    """``on`` None is the training data."""

    on: str | None
    at_most: Quantity
    bins: Quantity


def asks(params: CalibrationParams, scope: Scope) -> Sequence[Ask]:
    """The model's answers, and how often they came true."""
    data = scope.data[params.on] if params.on else scope.training
    ours = PredictionsAsk(run=scope.run(), data=data, metric=ANSWERS, confidence=scope.confidence)
    return [CalibrationAsk(ours=ours, bins=max(1, params.bins.count), seed=scope.seed)]


def judge(params: CalibrationParams, evidence: Sequence[CalibrationEvidence]) -> Judgement:
    """Compare the error with the bound, and with what chance would show."""
    (seen,) = evidence
    limit = float(params.at_most)
    bound = Figure(text=f"<= {params.at_most}", value=limit)
    measured = figure(seen.error, share(seen.error))
    if seen.rows < ROWS_A_BIN * len(seen.bins) or not seen.bins:
        text = (
            f"{plural(seen.rows, 'row')} in {plural(len(seen.bins), 'bin')} are too few: {ROWS_A_BIN} a bin are needed"
        )
        return inconclusive(text, measured, bound)
    widest = max(seen.bins, key=lambda each: abs(each.accuracy - each.confidence) * each.rows)
    told = (
        f"calibration error on {params.on or 'the training data'} is {share(seen.error)} over "
        f"{plural(seen.rows, 'row')} (a perfectly calibrated model would show "
        f"{share(seen.usual)}); the gap that weighs most: {_bin(widest)}"
    )
    if seen.error <= limit:
        return passed(told, measured, bound)
    if seen.error <= seen.rarely:
        text = f"{told}; so large an error, up to {share(seen.rarely)}, is nothing but chance at so few rows"
        return inconclusive(text, measured, bound)
    return failed(f"{told}, expected {bound.text}", measured, bound, [_bin(each) for each in seen.bins])


def _bin(each: Bin) -> str:
    return (
        f"sure by {each.start:.2f} to {each.end:.2f}, on average {each.confidence:.3f}, true in {each.accuracy:.3f} of "
        f"{plural(each.rows, 'row')}"
    )


def depict(params: CalibrationParams, evidence: Sequence[CalibrationEvidence]) -> Sequence[Picture]:
    """Show confidence against how often it came true."""
    (seen,) = evidence
    if len(seen.bins) < 2:
        return []
    x = tuple(each.confidence for each in seen.bins)
    model = Line(name="model", x=x, y=tuple(each.accuracy for each in seen.bins))
    perfect = Line(name="perfect", x=(0.0, 1.0), y=(0.0, 1.0))
    return [Curves(title="calibration", x="confidence", y="share that came true", lines=(model, perfect))]


def _example(error: float, rows: int = 1000, rarely: float = 0.02) -> CalibrationEvidence:
    bins = (
        Bin(start=0.4, end=0.5, confidence=0.45, accuracy=0.45 + error, rows=rows // 2),
        Bin(start=0.8, end=0.9, confidence=0.85, accuracy=0.85 - error, rows=rows // 2),
    )
    return CalibrationEvidence(error=error, rows=rows, bins=bins, usual=rarely / 2, rarely=rarely)


CHECK = Check(
    name="calibration-error",
    test=4,
    phrase="calibration_error",
    summary="The model is as often right as it is sure: its expected calibration error stays within a bound.",
    params=CalibrationParams,
    evidence=CalibrationEvidence,
    kinds=(CALIBRATION, PREDICTIONS, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict,
    clauses=(
        Clause("on {on:data}", "the data to measure on; the training data by default"),
        Clause("<= {at_most:number|ratio|percentage points}", "the largest error allowed", required=True),
        Clause("with {bins:bins}", "bins of equal width", "with 15 bins"),
    ),
    examples=lambda: (
        Example(
            "expect calibration_error on holdout <= 5%",
            (_example(0.013),),
            Verdict.PASSED,
            "calibration error on holdout is 1.3% over 1,000 rows (a perfectly calibrated model would show 1.0%)",
        ),
        Example(
            "expect calibration_error on holdout <= 5%",
            (_example(0.09),),
            Verdict.FAILED,
            "is 9.0% over 1,000 rows",
        ),
        Example(
            "expect calibration_error on holdout <= 1% with 10 bins",
            (_example(0.018),),
            Verdict.INCONCLUSIVE,
            "is nothing but chance at so few rows",
        ),
        Example(
            "expect calibration_error on holdout <= 1%",
            (_example(0.2, rows=30),),
            Verdict.INCONCLUSIVE,
            "30 rows in 2 bins are too few",
        ),
    ),
)
