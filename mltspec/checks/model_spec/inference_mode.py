"""Training and inference modes differ only where they should.

Dropout, noise and the statistics of a batch belong to training. In inference the same rows must get the same answers,
from `predict` and from a call of the model alike, and answering must change no weight. Where the model has layers
that act in training only, they must act there; and what has been learnt in training mode must be there in inference
mode too.

    expect train and inference modes differ only where they should

Random answers that are declared (`stochastic_inference`) are intended; layers that remember (`stateful`) may answer
otherwise the second time.

Inconclusive where the answers are not finite.

Source: Srivastava et al., "Dropout", JMLR 15, 2014, section 4; Ioffe and Szegedy, "Batch normalization", ICML 2015,
section 3.1 (inference by population statistics).
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Params, Scope
from mltspec.checks.quality.example_looks import HEALTHY, look
from mltspec.checks.wording import failed, figure, inconclusive, listed, number, passed, plural, share
from mltspec.evidence.kind import Ask
from mltspec.evidence.trained import TRAINED, ModesLook, TrainedAsk, TrainedEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict

SLACK = 1e-4
"""Differences below this share of the largest answer are the arithmetic's."""

WORTH = 0.2
BOUND = Figure(text="equal answers in inference mode")


def asks(params: Params, scope: Scope) -> Sequence[Ask]:
    """One look at the trained model."""
    return [TrainedAsk(run=scope.run(), data=scope.training, confidence=scope.confidence)]


def judge(params: Params, evidence: Sequence[TrainedEvidence]) -> Judgement:
    """Fail if inference is random, changes weights, or lacks what training mode has."""
    (seen,) = evidence
    modes = seen.modes
    if not seen.training.finite:
        return inconclusive("the answers are not finite, so modes cannot be compared")
    largest = max(modes.again, modes.called_again)
    measured = figure(largest, f"{number(largest)} apart")
    wrong = _random(modes) or _changed(modes) or _called(modes) or _idle(modes) or _lost(modes)
    if wrong:
        return failed(wrong, measured, BOUND)
    declared = " (random answers are declared)" if modes.stochastic_declared and largest > 0 else ""
    training = "" if modes.differs is None else f"; in training mode they differ by up to {number(modes.differs)}"
    acting = [*modes.random_layers, *modes.normalising_layers]
    by = f" ({listed(acting)})" if acting and training else ""
    return passed(
        f"{plural(modes.rows, 'row')} get the same answers in inference mode each time{declared}{training}{by}",
        measured,
        BOUND,
    )


def _slack(modes: ModesLook) -> float:
    return SLACK * modes.size


def _random(modes: ModesLook) -> str:
    if modes.stochastic_declared or max(modes.again, modes.called_again) <= _slack(modes):
        return ""
    way = "two calls of `predict`" if modes.again > _slack(modes) else "two calls of the model, with no mode given,"
    layers = f", such as {listed(modes.random_layers)}" if modes.random_layers else ""
    return (
        f"{way} answer the same rows differently, by up to {number(max(modes.again, modes.called_again))}: something "
        "random "
        f"is active in inference (dropout or noise called with `training=True`{layers}); if it is intended, declare "
        "`stochastic_inference`"
    )


def _changed(modes: ModesLook) -> str:
    if not modes.state_changed:
        return ""
    return f"answering in inference mode changes {listed(modes.state_changed)}: statistics or counts meant for training"


def _called(modes: ModesLook) -> str:
    if modes.called is None or modes.stochastic_declared or modes.called <= _slack(modes):
        return ""
    return (
        f"`predict` and a call of the model answer the same rows differently, by up to {number(modes.called)}: a "
        "mode is fixed "
        "inside (`training=True`), which `predict` overrides and a call, or an export, obeys"
    )


def _idle(modes: ModesLook) -> str:
    if not modes.random_layers or modes.differs is None or modes.differs > 0:
        return ""
    return (
        f"{listed(modes.random_layers)} should act in training mode, but answers there are bitwise those of "
        "inference: the mode "
        "is not passed on (`training=False` fixed inside)"
    )


def _lost(modes: ModesLook) -> str:
    training, inference = modes.training_gain, modes.inference_gain
    if not modes.normalising_layers or training is None or inference is None:
        return ""
    if not (training.low > WORTH and inference.high < training.low / 2):
        return ""
    return (
        f"in training mode {share(training.estimate)} of the trivial answer's error is gone, in inference mode only "
        f"{share(inference.estimate)}, on the same rows: the moving statistics of {listed(modes.normalising_layers)} "
        "do not fit "
        "the data (never updated, or a momentum too close to 1 for so short a training)"
    )


CHECK = Check(
    name="inference-mode",
    test=2,
    phrase="train and inference modes differ only where they should",
    summary="Inference is repeatable and changes nothing; layers of training act in training alone.",
    params=Params,
    evidence=TrainedEvidence,
    kinds=(TRAINED, TRAINING),
    asks=asks,
    judge=judge,
    examples=lambda: (
        Example(
            "expect train and inference modes differ only where they should",
            (look(),),
            Verdict.PASSED,
            "128 rows get the same answers in inference mode each time; in training mode they differ by up to 0.4",
        ),
        Example(
            "expect train and inference modes differ only where they should",
            (look(modes=HEALTHY.modes.model_copy(update={"again": 0.3})),),
            Verdict.FAILED,
            "two calls of `predict` answer the same rows differently, by up to 0.3: something random is active in "
            "inference",
        ),
    ),
)
