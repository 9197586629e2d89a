"""Labels matter: what the model learnt has to do with the labels.

A model that is trained on rows and labels out of step learns something, and its loss falls, but its answers to rows
that it has not seen have no more to do with their labels than with those of other rows. So the error of its answers
is taken on the true labels and on the labels permuted many times: the true ones must be told from the permuted ones.

    expect labels matter on holdout

It says the same as training once more on permuted labels and finding that it does worse, for the price of no training.
Where a few rows could never tell, it passes and says so.

Skipped where there are no labels; inconclusive where there are no rows.

Source: Ojala and Garriga, "Permutation tests for studying classifier performance", JMLR 11, 2010, test 1; Zhang et al.,
"Understanding deep learning requires rethinking generalization", ICLR 2017, section 2.1 (random labels are learnt too).
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.quality.example_looks import look, measured, scored
from mltspec.checks.quality.likely_causes import likely_causes
from mltspec.checks.quality.standing import judged_on
from mltspec.checks.wording import failed, figure, inconclusive, nothing, number, passed, plural
from mltspec.evidence.kind import Ask
from mltspec.evidence.trained import TRAINED, Association, HeadLook, TrainedAsk, TrainedEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict

SIGNIFICANCE = 0.05
ENOUGH_SPREADS = 4.0
"""If even perfect answers lie fewer spreads below permuted ones, the rows are too few to tell."""

BOUND = Figure(text="a smaller error than on permuted labels")


class LabelParams(Params):
    """``on`` None is `holdout` where the spec declares it, else the training data."""

    on: str | None


def asks(params: LabelParams, scope: Scope) -> Sequence[Ask]:
    """One look at the trained model."""
    return [TrainedAsk(run=scope.run(), data=judged_on(params.on, scope), confidence=scope.confidence)]


def judge(params: LabelParams, evidence: Sequence[TrainedEvidence]) -> Judgement:
    """Fail if no measure tells true labels from permuted ones."""
    (seen,) = evidence
    standing = seen.on
    if standing.rows == 0:
        return inconclusive(f"{standing.data} has no rows")
    if not standing.finite:
        return inconclusive(f"the answers to {standing.data} are not finite, so they have nothing to do with any label")
    for head in standing.heads:
        if _told_apart(head) is False:
            return _failed(head, seen)
    known = [(head, _least(head)) for head in standing.heads if head.associations]
    unseen = f" (not judged: {'; '.join(standing.unseen)})" if standing.unseen else ""
    if not known:
        return nothing(
            f"the {plural(standing.rows, 'row')} of {standing.data} have no labels that answers could be held "
            f"against{unseen}",
            BOUND,
        )
    head, least = max(known, key=lambda each: each[1].chance)
    few = "" if _told_apart(head) else f"; {plural(head.rows, 'row')} are too few to tell more"
    return passed(f"{_said(head, least)} on {standing.data}{few}{unseen}", figure(least.ours), BOUND)


def _told_apart(head: HeadLook) -> bool | None:
    """Tell whether any measure tells true labels from permuted ones; None if no measure could."""
    if not head.associations:
        return None
    if any(each.chance <= SIGNIFICANCE for each in head.associations):
        return True
    able = [each.attainable for each in head.associations if each.attainable is not None]
    return None if able and max(able) < ENOUGH_SPREADS else False


def _least(head: HeadLook) -> Association:
    return min(head.associations, key=lambda each: each.chance)


def _said(head: HeadLook, seen: Association) -> str:
    name = f"`{head.head}`: " if head.head else ""
    return (
        f"{name}{seen.measure} {number(seen.ours)} on the true labels, {number(seen.permuted)} ± "
        f"{number(seen.spread)} on "
        "permuted ones"
    )


def _failed(head: HeadLook, seen: TrainedEvidence) -> Judgement:
    least = _least(head)
    causes = likely_causes(seen, head)
    constant = f"; the answer is constant, {head.answers}" if head.constant else ""
    because = causes[:2] or (
        "labels and features may be permuted apart (a mismatch of rows), or the inputs may say nothing of the labels",
    )
    return failed(
        f"the answers to {plural(head.rows, 'row')} of {seen.on.data} have no more to do with their labels than with "
        "permuted "
        f"ones: {_said(head, least)} (chance {number(least.chance)}){constant}; {'; '.join(because)}",
        figure(least.ours),
        BOUND,
    )


CHECK = Check(
    name="labels-matter",
    test=2,
    phrase="labels matter",
    summary="The trained model's answers have to do with the labels of rows, more than with permuted labels.",
    params=LabelParams,
    evidence=TrainedEvidence,
    kinds=(TRAINED, TRAINING),
    asks=asks,
    judge=judge,
    clauses=(Clause("on {on:data}", "rows not trained on; `holdout` by default, or the training data"),),
    examples=lambda: (
        Example(
            "expect labels matter on holdout",
            (look(),),
            Verdict.PASSED,
            "share of wrong answers 0.05 on the true labels, 0.9 ± 0.015 on permuted ones on holdout",
        ),
        Example(
            "expect labels matter on holdout",
            (
                look(
                    on=scored(measured("accuracy", 0.1, 0.1, 0.93), chance=0.7),
                    training=scored(measured("accuracy", 0.4, 0.1, 0.1), data="training").model_copy(
                        update={"pairing": -0.02}
                    ),
                ),
            ),
            Verdict.FAILED,
            "labels and features of the training data look permuted apart",
        ),
    ),
)
