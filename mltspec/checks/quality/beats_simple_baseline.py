"""The trained model beats simple models.

A network that learnt nothing may still have a loss that fell and an accuracy that looks well. So its answers are
held, row by row, against the trivial answer (the commonest label, the mean) and a linear model's, both learnt from
the training rows. It fails where every measure (accuracy, accuracy by class, squared error, the model's own loss)
says, with its whole interval, that it gains nothing over the trivial answer or less than half of what the linear
model gains; where its answers are the same for all rows; and where the data is on another scale than the training
rows and would be answered better on theirs.

    expect beats simple baseline on holdout

A linear model is no yardstick where the labels are themselves inputs (autoencoders), and outputs of no known form
(distances, parameters of a distribution) have only their loss, which `labels matter` judges.

Skipped, with the reason, where there is nothing to compare; inconclusive where nothing was answered.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, model test 5 (a simpler model is not better);
Ridge regression with rows left out: Hoerl and Kennard, "Ridge regression", Technometrics 12, 1970.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.quality.depicted import beside_simple
from mltspec.checks.quality.example_looks import look, measured, scored
from mltspec.checks.quality.likely_causes import likely_causes
from mltspec.checks.quality.standing import beside, judged_on, short, worst, worthless
from mltspec.checks.wording import failed, figure, inconclusive, nothing, number, passed, plural, share
from mltspec.evidence.kind import Ask
from mltspec.evidence.trained import TRAINED, HeadLook, OtherScale, Standing, TrainedAsk, TrainedEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict

BOUND = Figure(text="better than trivial, and half of a linear model's gain")


class BaselineParams(Params):
    """``on`` None is `holdout` where the spec declares it, else the training data."""

    on: str | None


def asks(params: BaselineParams, scope: Scope) -> Sequence[Ask]:
    """One look at the trained model."""
    return [TrainedAsk(run=scope.run(), data=judged_on(params.on, scope), confidence=scope.confidence)]


def judge(params: BaselineParams, evidence: Sequence[TrainedEvidence]) -> Judgement:
    """Fail where every measure agrees that the model is no better than a simple one."""
    (seen,) = evidence
    standing = seen.on
    if standing.rows == 0:
        return inconclusive(f"{standing.data} has no rows to answer")
    if not standing.finite:
        return _failed(f"answers to rows of {standing.data} are NaN or infinite", seen, None)
    for head in standing.heads:
        wrong = _wrong(head, standing)
        if wrong:
            return _failed(wrong, seen, head)
    if standing.scale is not None:
        return failed(_on_other_scale(standing.scale, seen), figure(standing.scale.ours), BOUND)
    return _passed(standing)


def _wrong(head: HeadLook, standing: Standing) -> str:
    """Return what is wrong with one output, or an empty string."""
    name = f"`{head.head}`: " if head.head else ""
    linear_on = f" fitted on {head.fitted_on}" if head.fitted_on and head.fitted_on == standing.data else ""
    told = "; ".join(beside(measure, linear_on) for measure in head.measures[:1])
    if head.constant:
        about = f" ({told})" if told else ""
        return (
            f"{name}the answer hardly depends on the inputs: it is constant, {head.answers}, for all "
            f"{plural(head.rows, 'row')} of {standing.data}{about}"
        )
    if worthless(head):
        return f"{name}the model is no better than the trivial answer on {standing.data}: {told}"
    if short(head):
        return f"{name}the model gains less than half of what a linear model gains on {standing.data}: {told}"
    return ""


def _failed(wrong: str, seen: TrainedEvidence, head: HeadLook | None) -> Judgement:
    causes = likely_causes(seen, head)
    measure = head.measures[0] if head and head.measures else None
    own = next((each for each in seen.training.heads if head and each.head == head.head and each.measures), None)
    apart = (
        f"; on the training rows its {own.measures[0].name} is {number(own.measures[0].ours)}"
        if own and measure and seen.on.data != seen.training.data
        else ""
    )
    because = "; " + "; ".join(causes[:3]) if causes else ""
    details = [beside(each) for each in head.measures[1:]] if head else []
    return failed(wrong + apart + because, figure(measure.ours) if measure else None, BOUND, [*details, *causes[3:]])


def _on_other_scale(scale: OtherScale, seen: TrainedEvidence) -> str:
    here, there = scale.data_range, scale.training_range
    before = f" against {number(seen.training.loss)} on the training rows" if seen.training.loss is not None else ""
    return (
        f"{seen.on.data} is on another scale than the training data: its {scale.input} ranges from {number(here[0])} "
        "to "
        f"{number(here[1])}, in training from {number(there[0])} to {number(there[1])}. The {scale.measure} is "
        f"{number(scale.ours)}{before}; with inputs scaled as in training it is {number(scale.rescaled)}: a skew "
        "between "
        "two paths, one of which leaves out normalisation"
    )


def _passed(standing: Standing) -> Judgement:
    head = worst(standing.heads)
    unseen = f" (not judged: {'; '.join(standing.unseen)})" if standing.unseen else ""
    if head is None:
        return nothing(
            f"the answers to {plural(standing.rows, 'row')} of {standing.data} are of no form that a simple model has"
            f"{unseen}",
            BOUND,
        )
    measure = head.measures[0]
    name = f"`{head.head}`: " if head.head else ""
    return passed(
        f"{name}{beside(measure)}, over {plural(head.rows, 'row')} of {standing.data}: "
        f"{share(measure.gain.estimate)} of "
        f"the trivial answer's error is gone{unseen}",
        figure(measure.ours, f"{measure.name} {number(measure.ours)}"),
        BOUND,
    )


CHECK = Check(
    name="beats-simple-baseline",
    test=4,
    phrase="beats simple baseline",
    summary="The trained model is better than a trivial answer, and not far worse than a linear model.",
    params=BaselineParams,
    evidence=TrainedEvidence,
    kinds=(TRAINED, TRAINING),
    asks=asks,
    judge=judge,
    depict=lambda params, evidence: beside_simple(evidence[0].on.heads),
    clauses=(Clause("on {on:data}", "the data to answer; `holdout` by default, or the training data"),),
    examples=lambda: (
        Example(
            "expect beats simple baseline on holdout",
            (look(on=scored(measured("accuracy", 0.954, 0.102, 0.93))),),
            Verdict.PASSED,
            "accuracy 0.954 against 0.102 of the trivial answer (the same for every row) and 0.93 of a linear model",
        ),
        Example(
            "expect beats simple baseline on holdout",
            (look(on=scored(measured("accuracy", 0.102, 0.102, 0.93), constant=True)),),
            Verdict.FAILED,
            "the answer hardly depends on the inputs: it is constant, 0.1, 0.1",
        ),
        Example(
            "expect beats simple baseline on holdout",
            (look(on=scored(measured("accuracy", 0.3, 0.1, 0.93))),),
            Verdict.FAILED,
            "the model gains less than half of what a linear model gains on holdout",
        ),
    ),
)
