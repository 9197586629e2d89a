"""What is frozen stands still.

A training step of one's own that hands the optimizer `self.variables`, a layer set frozen and made trainable again,
weight decay on a branch that was to be kept: a pretrained body is worn away and nothing tells.

    expect frozen weights stay

A few real training steps are taken, as `fit` takes them. Weights of layers that are set not to be trained, and of
those that the model declares `frozen`, must be bitwise what they were. Skipped where a model has none; inconclusive
where no step could be taken.

Source: Keras guide "Transfer learning and fine-tuning", on freezing layers.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example
from mltspec.checks.model_spec.untrained import NoParams, asks, example, not_seen
from mltspec.checks.wording import failed, figure, inconclusive, listed, nothing, passed, plural
from mltspec.evidence.fresh import FRESH, FreshEvidence, Frozen
from mltspec.plan.verdict import Figure, Judgement, Verdict


def judge(params: NoParams, evidence: Sequence[FreshEvidence]) -> Judgement:
    """No frozen weight may move."""
    (seen,) = evidence
    frozen = seen.frozen
    if frozen is None:
        missed = not_seen(seen, "frozen weights")
        return (
            inconclusive(f"no training step could be taken{missed}")
            if missed
            else nothing("the model has no frozen weights")
        )
    unknown = f"; {listed(frozen.unknown)} is declared frozen but there is no such layer" if frozen.unknown else ""
    if not frozen.weights or not frozen.steps:
        return inconclusive(f"there is no frozen weight to look at, or no step was taken{unknown}")
    stayed = frozen.weights - len(frozen.moved)
    measured = figure(stayed, f"{stayed} of {plural(frozen.weights, 'weight')} stayed")
    bound = Figure(text=f"all {plural(frozen.weights, 'weight')}", value=frozen.weights)
    if frozen.moved:
        declared = f" ({listed(frozen.declared)} declared frozen: set `trainable = False`)" if frozen.declared else ""
        return failed(
            f"{listed(frozen.moved)} is frozen but moved within {plural(frozen.steps, 'step')}{declared}; look at "
            f"what the training step hands to the optimizer (`self.trainable_variables`) and at weight decay{unknown}",
            measured,
            bound,
        )
    return passed(
        f"{plural(frozen.weights, 'weight')} of {listed(frozen.layers)} stand still over "
        f"{plural(frozen.steps, 'step')}{unknown}",
        measured,
        bound,
    )


def _frozen(**seen: object) -> FreshEvidence:
    plain = Frozen(layers=("body",), declared=("body",), unknown=(), weights=2, steps=3, moved=())
    return example(frozen=plain.model_copy(update=seen))


CHECK = Check(
    name="frozen-weights-stay",
    test=2,
    phrase="frozen weights stay",
    summary="Weights that are frozen, or declared so, do not move in training.",
    params=NoParams,
    evidence=FreshEvidence,
    kinds=(FRESH,),
    asks=asks,
    judge=judge,
    examples=lambda: (
        Example(
            "expect frozen weights stay", (_frozen(),), Verdict.PASSED, "2 weights of `body` stand still over 3 steps"
        ),
        Example(
            "expect frozen weights stay",
            (_frozen(moved=("body/kernel",)),),
            Verdict.FAILED,
            "`body/kernel` is frozen but moved within 3 steps",
        ),
        Example("expect frozen weights stay", (example(),), Verdict.SKIPPED, "the model has no frozen weights"),
    ),
)
