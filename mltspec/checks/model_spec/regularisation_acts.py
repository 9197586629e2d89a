"""Penalties are taken in, and leave room for the data.

A training step of one's own that forgets `self.losses` trains without any regulariser that the layers declare, and says
nothing. A regulariser that is far too strong makes the total loss fall as it should, while all weights shrink to
nothing and every row gets the same answer.

    expect regularisation acts

A pull is added to every penalty: the gradient handed to the optimizer must show it. Where the penalties' gradient is
a good part of the data's, or the optimizer's weight decay is strong, the same rows are learnt for a few steps with
penalties, without them, and with all inputs alike: penalties that leave no more than inputs that tell nothing
outweigh the data. Skipped where there are none; inconclusive where there are some but no gradient could be read.

Source: Keras guide "Customizing what happens in fit()", on adding `self.losses`; Ben Braiek and Khomh,
"TheDeepChecker", 2023, section 3.3 ("over-regularisation").
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example
from mltspec.checks.model_spec.untrained import NoParams, asks, example, not_seen
from mltspec.checks.wording import failed, figure, inconclusive, listed, nothing, number, passed, plural
from mltspec.evidence.fresh import FRESH, FreshEvidence, Learnt, Penalties
from mltspec.plan.verdict import Figure, Judgement, Verdict

LEFT = 0.1
"""What is learnt with penalties, as a share of what is learnt without; less is nothing."""

LEARNABLE = 0.1
"""Share of the loss that training must be able to take away without penalties before they can be blamed."""


def judge(params: NoParams, evidence: Sequence[FreshEvidence]) -> Judgement:
    """Every penalty must reach the gradient, and the data must outweigh all of them."""
    (seen,) = evidence
    found = seen.penalties
    if found is None:
        missed = not_seen(seen, "penalties", "the training step")
        return inconclusive(f"no gradient could be read{missed}") if missed else nothing("the model has no penalties")
    every = len(found.weights) + (1 if found.added else 0)
    acting = every - len(found.left_out) - (1 if found.added_left_out else 0)
    measured = figure(acting, f"{acting} of {plural(every, 'penalty')}".replace("penaltys", "penalties"))
    bound = Figure(text="all of them", value=every)
    wrong = []
    if found.left_out:
        wrong.append(
            f"the training step leaves the regularisation of {listed(found.left_out)} out: its gradient does not "
            "change with the penalty; add `self.losses` to the loss in `train_step`, or use `self.compute_loss`"
        )
    if found.added_left_out:
        wrong.append(
            f"the training step leaves out the {plural(found.added, 'loss')} that layers add by `add_loss`; add "
            f"`self.losses` "
            "to the loss in `train_step`, or use `self.compute_loss`".replace("losss", "losses")
        )
    if found.learnt and _outweighed(found.learnt, found.learnt.undiluted or found.learnt.penalised):
        wrong.append(_told(found, found.learnt))
    if wrong:
        return failed("; ".join(wrong), measured, bound)
    strength = f"their gradient is {number(found.pull)} times the data's before training"
    return passed(f"{_named(found)} reach the training step; {strength}", measured, bound)


def _outweighed(learnt: Learnt, penalised: float) -> bool:
    """Tell whether next to nothing is learnt with penalties of what is learnt without."""
    possible = learnt.constant - learnt.free
    if possible <= LEARNABLE * abs(learnt.constant):
        return False
    return learnt.constant - penalised < LEFT * possible


def _told(found: Penalties, learnt: Learnt) -> str:
    decay = (
        f"the optimizer's weight decay of {number(found.decay)}"
        if not found.value
        else "the regularisation (penalties)"
    )
    return (
        f"{decay} outweighs the data: after {plural(learnt.steps, 'step')} of learning the same rows the data loss is "
        f"{number(learnt.penalised)} with it and {number(learnt.free)} without, and {number(learnt.constant)} where "
        f"inputs tell nothing; predictions are all but constant (standard deviation over rows "
        f"{number(learnt.spread)} against {number(learnt.free_spread)}); the penalties' gradient is "
        f"{number(found.pull)} times the data's before training"
    )


def _named(found: Penalties) -> str:
    weights = f"penalties on {plural(len(found.weights), 'weight')}" if found.weights else ""
    added = f"{plural(found.added, 'loss')} that layers add".replace("losss", "losses") if found.added else ""
    return " and ".join(part for part in (weights, added) if part) or "weight decay"


def _penalties(**seen: object) -> FreshEvidence:
    plain = Penalties(
        weights=("dense/kernel",),
        left_out=(),
        added=0,
        added_left_out=False,
        value=0.3,
        pull=0.1,
        decay=0.0,
        learnt=None,
    )
    return example(penalties=plain.model_copy(update=seen))


_NOTHING = Learnt(steps=120, constant=2.29, free=0.003, penalised=2.29, undiluted=None, spread=3e-8, free_spread=0.3)

CHECK = Check(
    name="regularisation-acts",
    test=2,
    phrase="regularisation acts",
    summary="Every penalty reaches the training step, and none outweighs the data.",
    params=NoParams,
    evidence=FreshEvidence,
    kinds=(FRESH,),
    asks=asks,
    judge=judge,
    examples=lambda: (
        Example(
            "expect regularisation acts",
            (_penalties(),),
            Verdict.PASSED,
            "penalties on 1 weight reach the training step; their gradient is 0.1 times the data's",
        ),
        Example(
            "expect regularisation acts",
            (_penalties(left_out=("dense/kernel",)),),
            Verdict.FAILED,
            "the training step leaves the regularisation of `dense/kernel` out",
        ),
        Example(
            "expect regularisation acts",
            (_penalties(value=290.0, pull=117.0, learnt=_NOTHING),),
            Verdict.FAILED,
            "outweighs the data: after 120 steps of learning the same rows the data loss is 2.29 with it and 0.003 "
            "without",
        ),
        Example("expect regularisation acts", (example(),), Verdict.SKIPPED, "the model has no penalties"),
    ),
)
