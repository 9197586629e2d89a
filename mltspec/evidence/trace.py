"""A trace: one batch followed through a model, layer by layer, forward, back, and on to what is served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.subject import Data, Server
from mltspec.plan.wire import Wire

BINS = 24
"""Bars of a histogram."""


class TraceAsk(Ask):
    """Follow ``rows`` of ``data`` (by their numbers) through the model of a run, over ``steps`` training steps.

    ``untrained``: the model as it is built, not as the run left it. ``export``: the exported model is asked about the
    same rows, and so is ``server``, if there is one. ``counterexample`` is the id of a kept one, whose batch is
    followed instead; ``about`` says of which claim.
    """

    kind: ClassVar[str] = "trace"
    run: TrainingAsk
    data: Data
    rows: tuple[int, ...]
    steps: int = 1
    untrained: bool = False
    export: bool = True
    counterexample: str = ""
    about: str = ""
    server: Server | None = None

    def needs(self) -> Sequence[Ask]:
        """The model must have been trained, unless it is followed untrained."""
        return () if self.untrained else (self.run,)

    def label(self) -> str:
        """Name the trace as its report does."""
        return f"trace a batch through {self.run.model.name}"


class Values(Wire):
    """A tensor in short. Figures are those of its finite values, NaN where there is none; ``zeros`` is a share.

    ``bars`` count the finite values in ``BINS`` equal parts of ``low..high``.
    """

    shape: tuple[int, ...]
    dtype: str
    low: float
    high: float
    mean: float
    spread: float
    zeros: float
    nonfinite: int
    bars: tuple[int, ...]


Trouble = Literal["", "not finite", "constant", "all zero", "saturated"]
"""What is wrong with an output at first sight; only what is not finite is a fault by itself."""


class LayerTrace(Wire):
    """One layer, or one operation of a functional model, at the batch.

    ``calls`` is how often it was called, ``answered`` the first output in inference mode and ``trained`` that in the
    training step, None where it was not called there. ``fed_by`` are the layers whose outputs it takes, by path; inputs
    are ``input NAME``. ``within`` is the layer that it is a part of, and ``saturated`` the share of outputs at an end
    of their activation, None where it has none.
    """

    path: str
    kind: str
    within: str
    calls: int
    fed_by: tuple[str, ...]
    answered: Values | None
    trained: Values | None
    saturated: float | None
    trouble: Trouble


class WeightTrace(Wire):
    """One trainable weight in the first training step.

    ``gradient`` is None where none was handed to an optimizer; ``ratio`` is the update's norm relative to the weight's
    own, NaN for a weight that was zero.
    """

    path: str
    value: Values
    gradient: Values | None
    ratio: float


class SlotTrace(Wire):
    """One variable of an optimizer: its norm before and after the first training step."""

    path: str
    what: str
    before: float
    after: float


class Compared(Wire):
    """The answers to the same rows elsewhere, held against the model's in inference mode.

    ``largest`` is the largest difference, relative to answers above 1; None where there is nothing to compare, and
    ``why`` says why.
    """

    where: Literal["predict", "exported", "served"]
    largest: float | None
    why: str = ""


class Found(Wire):
    """The first tensor that went wrong: at which stage and training step, whose it is, and what is wrong with it.

    ``step`` is 0 before training. ``operation`` is the first that answered with something not finite, and the line of
    the user's that called it, where that could be found out.
    """

    stage: Literal["input", "prediction", "training", "loss", "gradient", "update", "predict", "exported", "served"]
    step: int
    path: str
    what: str
    operation: str = ""


class TraceEvidence(Evidence):
    """What a batch met on its way.

    ``inputs`` are by name, ``outputs`` those of the model in inference mode. ``losses`` has one entry a training step,
    NaN where the step reports none; it is empty, as ``weights`` and ``slots`` are, where no step could be taken, and
    ``untaken`` says why. ``unseen`` names layers that could not be looked into, each with the reason. ``columns`` and
    ``table`` show the batch. ``tolerance`` is what exported answers may differ by.
    """

    rows: int
    trained_steps: int
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    inputs: tuple[tuple[str, Values], ...]
    layers: tuple[LayerTrace, ...]
    outputs: tuple[Values, ...]
    losses: tuple[float, ...]
    weights: tuple[WeightTrace, ...]
    slots: tuple[SlotTrace, ...]
    compared: tuple[Compared, ...]
    tolerance: float
    found: Found | None
    unseen: tuple[str, ...]
    untaken: str
    state_left_as_found: bool


TRACE = Kind("trace", TraceAsk, TraceEvidence, "mltspec.subjects.observers.trace:observe")
