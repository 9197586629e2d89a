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
from mltspec.checks.refusals import tolerance_of_closeness
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
    ``seed state`` (random and dropout seeds), ``metric state``, ``data order`` (the first batch after the restart is
    another one). ``path`` is the variable that differs most,
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
    could be seen; ``lost`` is what differs at the end. ``controls_differ`` is the largest weight difference of
    the two controls. ``files`` names what the folder held at the kill (at most 10).
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
    lost_at_restart: tuple[LostState, ...] = ()
    parted_at_step: int | None
    files: tuple[str, ...]


CRASH = Kind("crash drill", CrashAsk, CrashEvidence, "mltspec.subjects.observers.crash:observe", limit_s=3600.0)


class CrashParams(Params):
    """``step`` None kills halfway; ``within`` is the tolerance of level ``close``."""

    step: int | None
    level: Literal["exact", "close", "same schedule", "resumes"]
    within: Quantity | None


def asks(params: CrashParams, scope: Scope) -> Sequence[Ask]:
    """One drill over two uninterrupted runs, which other expectations may share."""
    return [CrashAsk(controls=(scope.run(), scope.run(replica=1)), step=params.step)]


def judge(params: CrashParams, evidence: Sequence[CrashEvidence]) -> Judgement:
    """Hold the restarted run against the level asked for."""
    (seen,) = evidence
    bound = Figure(text=_level(params))
    if not seen.controls_agree:
        return inconclusive(
            "two runs without any crash already differ (largest weight difference "
            f"{number(seen.controls_differ)}), so a crash cannot be judged; make training reproducible first",
            bound=bound,
        )
    if seen.killed_at is None:
        return inconclusive(
            f"training ended after {plural(seen.control_steps, 'step')}, before step {seen.asked_step} was reached; "
            "ask for an earlier step",
            bound=bound,
        )
    if not seen.finished:
        return failed(
            f"killed after step {seen.killed_at}, training did not start again: {seen.refused_with}; "
            f"the folder held {', '.join(seen.files) or 'nothing'}",
            Figure(text="cannot resume"),
            bound,
        )
    fault = _fault(params, seen)
    if fault:
        return failed(f"killed after step {seen.killed_at}: {fault}", _measured(seen), bound, _losses(seen))
    return passed(
        f"killed after step {seen.killed_at}, resumed at step {seen.resumed_at}, and ended "
        + ("bitwise where the uninterrupted run ended" if not seen.lost else _widest(seen)),
        _measured(seen),
        bound,
    )


def _level(params: CrashParams) -> str:
    return f"close within {params.within}" if params.level == "close" else params.level


def _measured(seen: CrashEvidence) -> Figure:
    largest = max((lost.largest for lost in seen.lost), default=0.0)
    return figure(largest, f"largest difference {number(largest)}" if seen.lost else "bitwise equal")


def _widest(seen: CrashEvidence) -> str:
    worst = max(seen.lost, key=lambda lost: lost.largest)
    return f"{number(worst.largest)} away at most (`{worst.path}`)"


def _fault(params: CrashParams, seen: CrashEvidence) -> str:
    """Say what the level asked for and did not get; empty if it held."""
    resumed = seen.resumed_at or 0
    total = resumed + seen.steps_after
    if params.level == "resumes":
        if resumed == 0:
            return "training began again from nothing; no checkpoint was used"
        lost = (seen.killed_at or 0) - resumed
        allowed = seen.steps_per_epoch
        return f"{plural(lost, 'step')} lost, more than the {allowed} between saves" if lost > allowed else ""
    schedule = _schedule_fault(seen, total)
    if params.level == "same schedule":
        return schedule
    if params.level == "close":
        limit = float(params.within) if params.within else 0.0
        weights = [lost for lost in seen.lost if lost.what == "weights" and not lost.largest <= limit]
        return f"{schedule or 'the weights ended ' + _widest(seen)}{_named(seen)}" if weights else ""
    if not seen.lost and not schedule and seen.parted_at_step is None:
        return ""
    if schedule:
        return f"{schedule}{_named(seen)}"
    return f"training went on from step {resumed} but not as it was{_named(seen)}"


def _schedule_fault(seen: CrashEvidence, total: int) -> str:
    if total == seen.control_steps:
        return ""
    more = total - seen.control_steps
    if more > 0:
        return (
            f"{plural(total, 'optimizer step')} instead of {seen.control_steps}: the restart replays "
            f"{more} batches of epoch {seen.epoch_at_kill + 1} that were already trained on"
        )
    return f"{plural(total, 'optimizer step')} instead of {seen.control_steps}: {-more} batches were never trained on"


CAUSES = {
    "data order": "the position in the data",
    "seed state": "the state of random seeds (dropout and the like draw other numbers)",
    "iteration count": "the optimizer's iteration count (a learning rate schedule starts over with it)",
    "learning rate": "the learning rate",
    "optimizer slots": "the optimizer's slots (moments and momenta)",
    "metric state": "the state of metrics",
    "weights": "weights",
}
"""What a restart may lose, causes before consequences, in the field's words."""


def _named(seen: CrashEvidence) -> str:
    """Name what was lost: as it was right at the restart where that could be seen, else as it is at the end."""
    lost_states = seen.lost_at_restart or seen.lost
    if not lost_states:
        return ""
    order = list(CAUSES)
    parts = [
        f"{CAUSES.get(lost.what, lost.what)} ({plural(lost.variables, 'variable')}, most `{lost.path}`, "
        f"off by {number(lost.largest)})"
        if lost.variables
        else CAUSES.get(lost.what, lost.what)
        for lost in sorted(lost_states, key=lambda lost: order.index(lost.what) if lost.what in order else 99)
    ]
    parted = f"; losses part at step {seen.parted_at_step}" if seen.parted_at_step is not None else ""
    return f"; not restored: {', '.join(parts)}{parted}"


def _losses(seen: CrashEvidence) -> list[str]:
    return [f"the folder held at the kill: {', '.join(seen.files) or 'nothing'}"]


def _example(**changes: object) -> CrashEvidence:
    seen = CrashEvidence(
        asked_step=40,
        killed_at=40,
        epoch_at_kill=0,
        resumed_at=0,
        steps_after=328,
        control_steps=328,
        steps_per_epoch=41,
        finished=True,
        refused_with="",
        controls_agree=True,
        controls_differ=0.0,
        lost=(),
        parted_at_step=None,
        files=(),
    )
    return seen.model_copy(update=changes)


CHECK = Check(
    name="restore-after-crash",
    test=2,
    phrase="restore after crash",
    summary="Training that is killed and started again ends where an uninterrupted run ends.",
    params=CrashParams,
    evidence=CrashEvidence,
    kinds=(CRASH, TRAINING),
    asks=asks,
    judge=judge,
    clauses=(
        Clause("at step {step:count}", "the optimizer step after which the process is killed; halfway by default"),
        Clause(
            "is {level:exact/close/same schedule/resumes}",
            "how much must be restored: everything bitwise, weights within a tolerance, the schedule, or just going on",
            default="is exact",
        ),
        Clause("within {within:number}", "the largest weight difference that is still close"),
    ),
    refuse=tolerance_of_closeness,
    examples=lambda: (
        Example(
            "expect restore after crash at step 40 is exact",
            (_example(resumed_at=41, steps_after=287, killed_at=50),),
            Verdict.PASSED,
            "killed after step 50, resumed at step 41, and ended bitwise where the uninterrupted run ended",
        ),
        Example(
            "expect restore after crash",
            (
                _example(
                    resumed_at=41,
                    steps_after=287,
                    killed_at=50,
                    lost=(
                        LostState(what="seed state", path="dropout/seed_generator_state", largest=12.0, variables=1),
                        LostState(what="weights", path="dense/kernel", largest=0.03, variables=4),
                    ),
                    parted_at_step=42,
                ),
            ),
            Verdict.FAILED,
            "killed after step 50: training went on from step 41 but not as it was; not restored: the state of "
            "random seeds",
        ),
        Example(
            "expect restore after crash",
            (_example(controls_agree=False, controls_differ=0.2),),
            Verdict.INCONCLUSIVE,
            "two runs without any crash already differ",
        ),
    ),
)
