"""The exported model answers as the model in memory does.

What serves is not the model that was tested but its export: a graph traced once, called by name or by position, without
Keras. It may have been traced in training mode, with other weights, for one batch size, without the last layer, or with
its inputs in an order that its callers do not know.

    expect exported model agrees
    expect exported model agrees within 1e-3 on holdout

The user's own `export` is used if the model declares one. Nothing is trained: the weights are moved a little from where
they start, so that every input matters. Compared are the answers to the same rows by name, to two equal calls, to
a row alone, and, where `serving` makes a list of the raw rows, to that list by position. Differences are relative to
answers above 1; the bound is never finer than the model's own computing type allows.

A model that is random at inference is compared by its mean answers. Inconclusive when there is no row.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 6; TensorFlow issue 75177 (order of
flat inputs).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.exported import CALLS, CLASSES, EXPORTED, ByPosition, ExportedAsk, ExportedEvidence, Likeness
from mltspec.evidence.kind import Ask
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

MOST_ERRORS = 8.0
"""The largest of thousands of means strays so far by chance about never."""
ROUNDINGS = 32
"""Operations in another order, as a compiled graph makes them, differ by a few roundings."""


class ExportedParams(Params):
    """``within`` is the largest difference of an answer, relative to the answer where that is above 1."""

    within: Quantity
    on: str | None
    rows: Quantity


def asks(params: ExportedParams, scope: Scope) -> Sequence[Ask]:
    """One export, compared on one data set."""
    data = scope.data[params.on] if params.on else scope.training
    return [ExportedAsk(model=scope.model, data=data, rows=params.rows.count, seed=scope.seed)]


def judge(params: ExportedParams, evidence: Sequence[ExportedEvidence]) -> Judgement:
    """The same rows must get the same answers, however they are sent."""
    (seen,) = evidence
    limit = max(float(params.within), ROUNDINGS * seen.precision)
    bound = Figure(text=f"within {params.within}", value=limit)
    if not seen.rows:
        return inconclusive("there is no row to ask about", bound=bound)
    if seen.error:
        return failed(f"the model cannot be exported and called: {seen.error}", bound=bound)
    if seen.mean_apart is not None:
        return _judge_random(seen, bound)
    measured = figure(seen.largest, f"largest difference {number(seen.largest)}")
    faults = _faults(seen, limit)
    if faults:
        return failed("; ".join(faults), measured, bound)
    if _answers_classes(seen, limit):
        classes = f"exported and loaded, the model answers {plural(seen.rows, 'row')} with the same classes"
        return passed(classes, bound=bound)
    position = ", and fed by position as by name" if seen.by_position is not None else ""
    asked = "" if seen.fed == "inputs" else f" {seen.fed} as memory answers training's features"
    return passed(
        f"exported and loaded, the model answers{asked or ' as in memory'}: {plural(seen.rows, 'row')} differ by at "
        f"most {number(seen.largest)}, two calls by {number(seen.repeat)}, a row alone by {number(seen.single)}"
        f"{position}",
        measured,
        bound,
    )


def _judge_random(seen: ExportedEvidence, bound: Figure) -> Judgement:
    """A model that is random at inference has answers that agree on the average, or else another distribution."""
    apart = seen.mean_apart or 0.0
    measured = figure(apart, f"mean answers {number(apart)} standard errors apart")
    if not apart <= MOST_ERRORS:
        return failed(
            f"the model is random at inference, and over {CALLS} calls the exported model's mean answers lie "
            f"{number(apart)} standard errors from those in memory",
            measured,
            bound,
        )
    return passed(
        f"the model is random at inference, so its answers cannot be held against each other one by one; over {CALLS} "
        f"calls the means for {plural(seen.rows, 'row')} agree, exported and in memory",
        measured,
        bound,
    )


def _faults(seen: ExportedEvidence, limit: float) -> list[str]:
    if not seen.repeat <= limit and not seen.random_intended:
        return [
            f"two identical calls of the exported model differ by {number(seen.repeat)} on the same rows, where the "
            "model in memory repeats itself: it is stochastic, traced in training mode (training=True), so dropout and "
            "the like are active as it serves; export with training=False"
        ]
    faults: list[str] = []
    if not seen.largest <= limit and not _answers_classes(seen, limit):
        faults.append(
            f"exported and in-memory answers differ by {number(seen.largest)} on the same {plural(seen.rows, 'row')}; "
            f"{_cause(seen, limit)}"
        )
    if seen.single_error:
        faults.append(
            "the exported model takes batches of one size alone, not a single row: the batch size was fixed when it "
            f"was traced ({seen.single_error})"
        )
    elif not faults and _dependent(seen, limit):
        faults.append(f"the exported model's rows depend on each other: {_alone(seen)}")
    if not faults and seen.by_position is not None and not seen.by_position.largest <= limit:
        faults.append(_by_position(seen.by_position))
    return faults


def _answers_classes(seen: ExportedEvidence, limit: float) -> bool:
    """Tell whether the export answers with the likeliest class instead of scores, as it may."""
    return any(each.name == CLASSES and each.largest <= limit for each in seen.likenesses)


def _dependent(seen: ExportedEvidence, limit: float) -> bool:
    return not seen.single <= max(limit, 2 * seen.memory_single)


def _alone(seen: ExportedEvidence) -> str:
    return f"a row sent alone gets an answer that differs by {number(seen.single)} from that among others"


def _cause(seen: ExportedEvidence, limit: float) -> str:
    if seen.nonfinite:
        return f"{plural(seen.nonfinite, 'row')} get NaN or infinity from the export alone"
    nearest = min(seen.likenesses, key=lambda each: each.largest, default=None)
    if nearest is not None and nearest.largest <= limit:
        return _likeness(nearest.name)
    if seen.foreign_weights:
        return (
            f"the export holds other weights than the model it was given, first `{seen.foreign_weights[0]}`: it was "
            "made of a model built anew, or of an older one"
        )
    if not seen.single_error and _dependent(seen, limit):
        return f"the exported model's rows depend on each other: {_alone(seen)}"
    if math.isinf(seen.largest):
        return "their number, shapes or types are not the same: another layer was exported"
    return "the weights are equal, so the export leaves out a step, adds one, or casts its inputs"


def _likeness(name: str) -> str:
    match name.split(" ", 1):
        case ["without", activation]:
            return f"the export leaves out the {activation} at the end and answers with logits"
        case ["with", activation]:
            return f"the export applies {activation} once more"
        case ["inputs", _]:
            return "the export takes its inputs in another order: their names are swapped in the signature"
    return "the export answers as the model does in training mode (training=True), with the statistics of the batch"


def _by_position(fed: ByPosition) -> str:
    return (
        f"fed by position, in the order in which serving lists them ({', '.join(fed.listed)}), the inputs are swapped "
        f"and answers change by {number(fed.largest)}: the exported signature takes its flat inputs in alphabetical "
        f"order ({', '.join(fed.taken)}); feed them by name, or list them in that order"
    )


def _example(**seen: object) -> ExportedEvidence:
    healthy = ExportedEvidence(
        rows=256,
        fed="inputs",
        error="",
        precision=1.2e-7,
        memory_repeat=0.0,
        repeat=0.0,
        largest=0.0,
        nonfinite=0,
        single=0.0,
        single_error="",
        memory_single=0.0,
        mean_apart=None,
        random_intended=False,
        foreign_weights=(),
        likenesses=(),
        by_position=None,
    )
    return healthy.model_copy(update=seen)


_SWAPPED = ByPosition(listed=("weight", "age"), taken=("age", "weight"), largest=4.32)

CHECK = Check(
    name="exported-model-agrees",
    test=6,
    phrase="exported model agrees",
    summary="The exported model answers as the model in memory does, by name, by position, twice and row by row.",
    params=ExportedParams,
    evidence=ExportedEvidence,
    kinds=(EXPORTED,),
    asks=asks,
    judge=judge,
    clauses=(
        Clause("within {within:number}", "largest difference of an answer, relative above 1", default="within 1e-4"),
        Clause("on {on:data}", "the rows to ask about; the training data by default"),
        Clause("over {rows:rows}", "how many rows to ask about at most", default="over 256 rows"),
    ),
    examples=lambda: (
        Example(
            "expect exported model agrees",
            (_example(),),
            Verdict.PASSED,
            "exported and loaded, the model answers as in memory: 256 rows differ by at most 0, two calls by 0",
        ),
        Example(
            "expect exported model agrees",
            (_example(repeat=0.644, largest=0.514),),
            Verdict.FAILED,
            "two identical calls of the exported model differ by 0.644 on the same rows, where the model in memory "
            "repeats itself: it is stochastic, traced in training mode (training=True), so dropout",
        ),
        Example(
            "expect exported model agrees on holdout",
            (_example(by_position=_SWAPPED),),
            Verdict.FAILED,
            "fed by position, in the order in which serving lists them (weight, age), the inputs are swapped and "
            "answers change by 4.32: the exported signature takes its flat inputs in alphabetical order (age, weight)",
        ),
        Example(
            "expect exported model agrees",
            (_example(largest=3.1, likenesses=(Likeness(name="without softmax", largest=1e-7),)),),
            Verdict.FAILED,
            "exported and in-memory answers differ by 3.1 on the same 256 rows; the export leaves out the softmax",
        ),
        Example(
            "expect exported model agrees",
            (_example(memory_repeat=0.2, mean_apart=2.1),),
            Verdict.PASSED,
            "the model is random at inference, so its answers cannot be held against each other one by one",
        ),
        Example(
            "expect exported model agrees",
            (_example(rows=0),),
            Verdict.INCONCLUSIVE,
            "there is no row to ask about",
        ),
    ),
)
