"""Training that is killed goes on as if nothing had happened.

The user's training runs in a process of its own and gets a real SIGKILL after a given optimizer step; it is
started again on the same folder and runs to the end. The end is compared with two uninterrupted runs, which
must agree with each other first.

    expect restore after crash at step 40 is exact

Levels: ``exact`` (weights, optimizer state, step count and losses bitwise), ``close`` (weights ``within``
a tolerance), ``same schedule`` (as many steps as without the crash), ``resumes`` (goes on from a
checkpoint and loses at most one save interval).

Inconclusive when the two uninterrupted runs already differ: then nothing can be said about the crash.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.training import TRAINING, TrainingAsk
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.plan.wire import Wire


class CrashAsk(Ask):
    """Kill a run of training after optimizer step ``step`` (None: halfway), start it again, compare."""

    kind: ClassVar[str] = "crash drill"
    controls: tuple[TrainingAsk, TrainingAsk]
    step: int | None

    def needs(self) -> Sequence[Ask]:
        """Two uninterrupted runs."""
        return self.controls

    def label(self) -> str:
        """Name the drill as its report does."""
        at = f"step {self.step}" if self.step else "halfway"
        return f"crash {self.controls[0].model.name} at {at}"


class LostState(Wire):
    """State that differs from the uninterrupted run.

    ``what`` is in the field's words: ``weights``, ``optimizer slots``, ``iteration count``, ``learning rate``,
    ``seed state`` (random and dropout seeds), ``metric state``. ``path`` is the variable that differs most,
    ``largest`` its largest absolute difference.
    """

    what: str
    path: str
    largest: float
    variables: int


class CrashEvidence(Evidence):
    """What happened to a run that was killed.

    ``killed_at`` is the last optimizer step before the SIGKILL; None when training ended before it.
    ``resumed_at`` is the optimizer's step count when the second start began its first step (0: from the
    beginning). ``steps_after`` steps were trained after the restart, ``control_steps`` by a control.
    ``lost_at_restart`` is what differed right at the restart from the killed run at the same step where that
    could be seen; ``lost`` is what differs at the end. ``controls_differ`` is the largest weight difference of the two controls.
    ``files`` names what the folder held at the kill (at most 10).
    """

    asked_step: int
    killed_at: int | None
    epoch_at_kill: int
    resumed_at: int | None
    steps_after: int
    control_steps: int
    steps_per_epoch: int
    finished: bool
    refused_with: str
    controls_agree: bool
    controls_differ: float
    lost: tuple[LostState, ...]
    parted_at_step: int | None
    files: tuple[str, ...]


CRASH = Kind("crash drill", CrashAsk, CrashEvidence, "mltspec.subjects.observers.crash:observe", limit_s=3600.0)


class CrashParams(Params):
    """``step`` None kills halfway; ``within`` is the tolerance of level ``close``."""

    step: int | None
    level: Literal["exact", "close", "same schedule", "resumes"]
    within: Quantity | None
