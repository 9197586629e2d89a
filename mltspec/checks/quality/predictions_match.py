"""A model answers golden rows as they were written down.

Golden data are a few rows that somebody looked at: inputs, and as label the answer expected.

    expect predictions match golden within 1e-4
    expect predictions match golden on >= 99% of rows

Labels of the shape of the answers are compared as numbers; class labels with the class decided for. The rows that do
not match are listed.

Inconclusive where there is no row.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 4 ("validating … against fixed
versions"); golden files as of Feathers, "Working Effectively with Legacy Code", 2004, chapter 13.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.quality.depicted import flipped
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural, share
from mltspec.evidence.agreement import AGREEMENT, AgreementAsk, AgreementEvidence, Flip
from mltspec.evidence.kind import Ask
from mltspec.evidence.predictions import ANSWERS, PREDICTIONS, PredictionsAsk
from mltspec.evidence.training import TRAINING
from mltspec.plan.picture import Picture
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict


class GoldenParams(Params):
    """``share`` None means every row."""

    golden: str
    within: Quantity
    share: Quantity | None


def asks(params: GoldenParams, scope: Scope) -> Sequence[Ask]:
    """The model's answers to the golden rows, against their labels."""
    ours = PredictionsAsk(run=scope.run(), data=scope.data[params.golden], metric=ANSWERS, confidence=scope.confidence)
    return [AgreementAsk(ours=ours, theirs=None, within=float(params.within), confidence=scope.confidence)]


def judge(params: GoldenParams, evidence: Sequence[AgreementEvidence]) -> Judgement:
    """Count the rows that match."""
    (seen,) = evidence
    wanted = float(params.share) if params.share else 1.0
    bound = Figure(text=f"{'>= ' + str(params.share) if params.share else 'every row'} within {params.within}")
    if seen.decided:
        bound = Figure(text=f"{'>= ' + str(params.share) if params.share else 'every row'} of the same class")
    if seen.rows == 0:
        return inconclusive("there is no golden row", bound=bound)
    matching = seen.agreeing / seen.rows
    apart = "" if seen.decided else f"; the largest difference is {number(seen.largest)}"
    measured = figure(matching, f"{seen.agreeing:,} of {plural(seen.rows, 'row')}{apart.replace('; the', ',')}")
    told = f"{seen.agreeing:,} of {plural(seen.rows, 'golden row')} of {params.golden} match{apart}"
    if matching >= wanted:
        return passed(told, measured, bound)
    return failed(f"{told}, expected {bound.text}", measured, bound, [line(each) for each in seen.flips[:12]])


def line(flip: Flip) -> str:
    """Return a row that does not agree, as a report lists it."""
    place = ", ".join(f"{feature}={value}" for feature, value in flip.where.items())
    label = f", label {flip.label}" if flip.label else ""
    return f"row {flip.row}{f' ({place})' if place else ''}: {flip.ours} against {flip.theirs}{label}"


def depict(params: GoldenParams, evidence: Sequence[AgreementEvidence]) -> Sequence[Picture]:
    """Show the rows that do not match."""
    return flipped(evidence[0], f"rows of {params.golden} that do not match", "expected")


def _example(agreeing: int, *flips: Flip) -> AgreementEvidence:
    return AgreementEvidence(
        rows=20, agreeing=agreeing, decided=False, largest=0.3 if flips else 0.0, low=0.8, high=1.0, flips=flips
    )


CHECK = Check(
    name="predictions-match",
    test=4,
    phrase="predictions match {golden:data}",
    summary="The model answers golden rows as they were written down.",
    params=GoldenParams,
    evidence=AgreementEvidence,
    kinds=(AGREEMENT, PREDICTIONS, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict,
    clauses=(
        Clause("within {within:number|percentage points}", "how far an answer may lie from its label", "within 1e-4"),
        Clause("on >= {share:ratio} of rows", "how many rows must match; every row by default"),
    ),
    examples=lambda: (
        Example(
            "expect predictions match holdout within 1e-4",
            (_example(20),),
            Verdict.PASSED,
            "20 of 20 golden rows of holdout match; the largest difference is 0",
        ),
        Example(
            "expect predictions match holdout within 1e-4 on >= 99% of rows",
            (_example(19, Flip(row=3, ours="0.8", theirs="0.5", label="", apart=0.3, where={})),),
            Verdict.FAILED,
            f"19 of 20 golden rows of holdout match; the largest difference is 0.3, expected >= {share(0.99)[:2]}%",
        ),
    ),
)
