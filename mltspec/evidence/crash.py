"""Crash drills: training that is killed for real and started again, and what of its state was lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.wire import Wire


class CrashAsk(Ask):
    """Kill runs of training, start them again, compare their ends with the controls'.

    ``where`` is ``step``: after optimizer step ``step`` (None: halfway); ``any step``: after ``drills`` steps drawn
    from ``seed``; or ``save``: inside a write of the checkpoint, at up to ``drills`` of its file-system calls.
    ``twice`` kills the run that was started again, too.
    """

    kind: ClassVar[str] = "crash drill"
    controls: tuple[TrainingAsk, TrainingAsk]
    where: Literal["step", "any step", "save"] = "step"
    step: int | None = None
    twice: bool = False
    drills: int = 1
    seed: int = 0

    def needs(self) -> Sequence[Ask]:
        """Two uninterrupted runs."""
        return self.controls

    def label(self) -> str:
        """Name the drill as its report does."""
        place = {"any step": "at any step", "save": "during a save"}.get(self.where)
        at = place or (f"at step {self.step}" if self.step else "halfway")
        return f"crash {self.controls[0].model.name} {at}{', twice' if self.twice else ''}"


class LostState(Wire):
    """State that differs from the uninterrupted run.

    ``what`` is in the field's words: ``weights``, ``optimizer slots``, ``iteration count``, ``learning rate``,
    ``seed state`` (random and dropout seeds), ``metric state``, ``data order`` (the first batch after the restart is
    another one). ``path`` is the variable that differs most,
    ``largest`` its largest absolute difference.
    """

    what: str
    path: str
    largest: float
    variables: int


class Drill(Wire):
    """One run that was killed and started again.

    ``place`` says where it was killed (``after step 40``). ``killed_at`` is the last optimizer step before the SIGKILL;
    None when training ended before it. ``resumed_at`` is the optimizer's step count when the last start began its
    first step (0: from the beginning); ``steps_after`` steps were trained from there. ``lost_at_restart`` is what
    differed right at the restart from the killed run at the same step where that could be seen; ``lost`` is what
    differs at the end. ``files`` names what the folder held at the kill (at most 10).
    """

    place: str
    killed_at: int | None
    epoch_at_kill: int
    resumed_at: int | None
    steps_after: int
    finished: bool
    refused_with: str
    lost: tuple[LostState, ...]
    lost_at_restart: tuple[LostState, ...] = ()
    parted_at_step: int | None
    files: tuple[str, ...]


class CrashEvidence(Evidence):
    """What happened to the runs that were killed, in the order of the places.

    ``control_steps`` were trained by a control. ``controls_differ`` is the largest weight difference of the two
    controls. ``unobserved`` says why nothing could be killed where it was asked for; empty if it could.
    """

    asked_step: int
    control_steps: int
    steps_per_epoch: int
    controls_agree: bool
    controls_differ: float
    drills: tuple[Drill, ...]
    unobserved: str = ""


CRASH = Kind("crash drill", CrashAsk, CrashEvidence, "mltspec.subjects.observers.crash:observe", limit_s=3600.0)
