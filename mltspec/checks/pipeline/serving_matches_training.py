"""Serving computes the features that training saw, and the model has an answer to them.

The same raw row goes two ways to the model: through the code of training, and through that of serving. Where the two
disagree - one divides by 255, one lists the columns in another order, one fills gaps with 0 - the model is sound, its
holdout score is good, and what users get is wrong.

    expect serving matches training features
    expect serving matches training features within 1e-3

Raw rows are those that the model declares (`raw`), and the paths its `features` and `serving`. The largest
difference of a cell counts, relative to the cell where that is above 1. The rule that explains the difference is
named, if there is one. A row sent alone must give what it gives among others, and raw rows that the model answers with
NaN or infinity fail.

Inconclusive when neither features could be compared nor the model asked.

Source: Breck et al., "The ML Test Score: A Rubric for ML Production Readiness and Technical Debt Reduction", IEEE Big
Data 2017, "Monitor 3: training and serving are not skewed"; Zinkevich, "Rules of Machine Learning", rules 31 to 37.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.kind import Ask
from mltspec.evidence.skew import SKEW, Alone, InputSkew, SkewAsk, SkewEvidence, Unanswered
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict


class SkewParams(Params):
    """``within`` is the largest difference of a cell, relative to the cell where that is above 1."""

    within: Quantity
    rows: Quantity


def asks(params: SkewParams, scope: Scope) -> Sequence[Ask]:
    """The raw rows on both paths."""
    return [SkewAsk(model=scope.model, data=scope.training, rows=params.rows.count, seed=scope.seed)]


def obstacle(params: SkewParams, scope: Scope) -> str:
    """Without raw rows there is nothing to send."""
    if scope.model.raw is not None:
        return ""
    return 'the model declares no raw rows; add `raw python "module:raw_examples"`, `features …` and `serving …`'


def judge(params: SkewParams, evidence: Sequence[SkewEvidence]) -> Judgement:
    """Features must agree, hang on no other row, and be answered with numbers."""
    (seen,) = evidence
    limit = float(params.within)
    bound = Figure(text=f"within {params.within}", value=limit)
    if not seen.rows or not (seen.inputs or seen.answered or seen.error):
        return inconclusive("no raw row could be followed to the model", bound=bound)
    largest = max((each.largest for each in seen.inputs), default=0.0)
    measured = figure(largest, f"largest difference {number(largest)}")
    faults = [_error(seen)] if seen.error else []
    faults += [_skewed(each, seen.rows) for each in seen.inputs if not each.largest <= limit]
    faults += [_alone(each) for each in seen.alone if not each.largest <= limit]
    faults += [_unanswered(each, seen.rows) for each in _told_once(seen.unanswered)]
    if faults:
        return failed("; ".join(faults), measured, bound)
    told = (
        f"the features of {plural(seen.rows, 'raw row')} differ by at most {number(largest)} between training and "
        "serving"
        if seen.compared
        else f"{plural(seen.rows, 'raw row')} were sent down one path alone, so nothing could be compared"
    )
    answered = ", and the model answers each with numbers" if seen.answered else ", and the model was not asked"
    return passed(told + answered, measured, bound)


def _told_once(unanswered: Sequence[Unanswered]) -> list[Unanswered]:
    """Return one path's rows without an answer if both paths have the same."""
    return [each for at, each in enumerate(unanswered) if not any(_alike(each, other) for other in unanswered[:at])]


def _alike(one: Unanswered, other: Unanswered) -> bool:
    return one.model_copy(update={"path": other.path}) == other


def _error(seen: SkewEvidence) -> str:
    return f"serving raises on raw rows that training's features take: {seen.error}"


def _skewed(each: InputSkew, rows: int) -> str:
    worst = ""
    if each.worst is not None:
        row, column, theirs, ours = each.worst
        place = f"row {row}, column {column}" if each.columns > 1 else f"row {row}"
        worst = f" (largest at {place}: training {theirs}, serving {ours})"
    return (
        f"training and serving features differ in `{each.name}` for {each.rows:,} of {plural(rows, 'raw row')}{worst}: "
        f"training/serving skew; {_rule(each)}"
    )


def _rule(each: InputSkew) -> str:
    match each.relation:
        case "ratio":
            return f"serving is training {_times(each.factor)}: one side scales where the other does not"
        case "affine":
            sign = "+" if each.offset >= 0 else "-"
            return (
                f"serving is training {_times(each.factor)} {sign} {number(abs(each.offset))}: the two scale or "
                "normalise by different figures"
            )
        case "by column":
            return "each column is scaled by figures of its own: the two normalise by different means and spreads"
        case "reordered":
            return f"serving holds the same columns in another order ({each.note})"
        case "swapped":
            return f"inputs are swapped: serving puts training's `{each.note}` there"
        case "filled":
            return f"missing values are filled in differently: {each.note}"
        case "rounded":
            return "serving rounds to whole numbers"
        case "logarithm":
            return f"serving is {each.note}: one side transforms the scale and the other does not"
        case "shape":
            return f"shapes differ: {each.note}"
        case "missing":
            return f"serving leaves it out: {each.note}"
        case "text":
            return f"texts differ{f': {each.note}' if each.note else ''}"
    return "no single scale, offset or order of columns explains it"


def _times(factor: float) -> str:
    """Return ``/ 255`` rather than ``* 0.003922``."""
    if math.isfinite(factor) and 0 < abs(factor) < 1:
        return f"/ {number(1 / factor)}"
    return f"* {number(factor)}"


def _alone(each: Alone) -> str:
    return (
        f"{each.path} features of a row sent alone differ by {number(each.largest)} in `{each.name}` from those of the "
        "same row among others: they are normalised by statistics of the request, not by those of the training data"
    )


def _unanswered(each: Unanswered, rows: int) -> str:
    told = (
        f"{each.rows:,} of {plural(rows, 'raw row')} get no finite answer (NaN or infinity), first row {each.first_row}"
    )
    if each.in_features:
        return f"{told}: the {each.path} features hold NaN or infinity already"
    if not each.layer:
        return told
    blame = f"{told}: layer `{each.layer}` is the first to answer so to finite inputs"
    if not each.held:
        return blame
    also = "training rows hold it too" if each.in_training else "training rows never do"
    return (
        f"{blame}; it is given {'0' if each.held == '0' else 'values below 0'} there, as a logarithm log(0), a root or "
        f"a division by zero cannot take, and {also}"
    )


def _input(**seen: object) -> InputSkew:
    equal = InputSkew(
        name="input",
        columns=64,
        largest=0.0,
        rows=0,
        relation="equal",
        factor=1.0,
        offset=0.0,
        note="",
        worst=None,
    )
    return equal.model_copy(update=seen)


def _evidence(*inputs: InputSkew, **seen: object) -> SkewEvidence:
    healthy = SkewEvidence(rows=64, compared=True, error="", inputs=inputs, alone=(), answered=64, unanswered=())
    return healthy.model_copy(update=seen)


_RATIO = _input(largest=0.996, rows=64, relation="ratio", factor=1 / 255, worst=(0, 3, "255", "1"))
_UNANSWERED = Unanswered(
    path="training",
    rows=26,
    first_row=4,
    in_features=False,
    layer="log_scale",
    held="0",
    in_training=False,
    training_rows=0,
)

CHECK = Check(
    name="serving-matches-training",
    test=3,
    phrase="serving matches training features",
    summary="The same raw row gives the same features in training and in serving, and a finite answer.",
    params=SkewParams,
    evidence=SkewEvidence,
    kinds=(SKEW,),
    asks=asks,
    judge=judge,
    obstacle=obstacle,
    clauses=(
        Clause("within {within:number}", "largest difference of a cell, relative above 1", default="within 1e-4"),
        Clause("over {rows:rows}", "how many raw rows to send at most", default="over 256 rows"),
    ),
    examples=lambda: (
        Example(
            "expect serving matches training features",
            (_evidence(_input()),),
            Verdict.PASSED,
            "the features of 64 raw rows differ by at most 0 between training and serving, and the model answers each",
        ),
        Example(
            "expect serving matches training features",
            (_evidence(_RATIO),),
            Verdict.FAILED,
            "training and serving features differ in `input` for 64 of 64 raw rows (largest at row 0, column 3: "
            "training 255, serving 1): training/serving skew; serving is training / 255",
        ),
        Example(
            "expect serving matches training features",
            (_evidence(_input(), unanswered=(_UNANSWERED,)),),
            Verdict.FAILED,
            "26 of 64 raw rows get no finite answer (NaN or infinity), first row 4: layer `log_scale` is the first to "
            "answer so to finite inputs; it is given 0 there",
        ),
        Example(
            "expect serving matches training features",
            (_evidence(answered=0, compared=False),),
            Verdict.INCONCLUSIVE,
            "no raw row could be followed to the model",
        ),
    ),
)
