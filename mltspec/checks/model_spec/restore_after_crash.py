"""Training that is killed goes on as if nothing had happened.

The user's training runs in a process of its own and gets a real SIGKILL after a given optimizer step; it is
started again on the same folder and runs to the end. The end is compared with two uninterrupted runs, which
must agree with each other first.

    expect restore after crash at step 40 is exact
    expect restore after crash at any step over 8 drills
    expect restore after crash during save

``at any step`` kills after steps that Hypothesis draws, the ends of epochs more often than others. ``during save``
stops inside the write of a checkpoint, at chosen calls that make, write, move or remove a file, and starts again from
what lies there: files that are torn or missing. ``killed twice`` kills the restarted run once more.

Levels: ``exact`` (weights, optimizer state, step count and losses bitwise), ``close`` (weights ``within``
a tolerance), ``same schedule`` (as many steps as without the crash), ``resumes`` (goes on from a
checkpoint and loses at most one save interval).

Inconclusive when the two uninterrupted runs already differ: then nothing can be said about the crash.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.model_spec.crash_depicted import depicted
from mltspec.checks.refusals import crash_as_asked
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.crash import CRASH, CrashAsk, CrashEvidence, Drill, LostState
from mltspec.evidence.kind import Ask
from mltspec.evidence.training import TRAINING
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

DRILLS = 5
"""How many drills there are where several are wanted and nothing says how many."""


class CrashParams(Params):
    """``step`` None kills halfway; ``within`` is the tolerance of level ``close``."""

    step: int | None
    anywhere: Literal["any step"] | None
    during: Literal["save"] | None
    times: Literal["twice"] | None
    drills: Quantity | None
    level: Literal["exact", "close", "same schedule", "resumes"]
    within: Quantity | None


def asks(params: CrashParams, scope: Scope) -> Sequence[Ask]:
    """Drills over two uninterrupted runs, which other expectations may share."""
    several = params.anywhere or params.during
    return [
        CrashAsk(
            controls=(scope.run(), scope.run(replica=1)),
            where=several or "step",
            step=params.step,
            twice=params.times == "twice",
            drills=(params.drills.count if params.drills else DRILLS) if several else 1,
            seed=scope.seed if params.anywhere else 0,
        )
    ]


def judge(params: CrashParams, evidence: Sequence[CrashEvidence]) -> Judgement:
    """Hold every restarted run against the level asked for; the first that falls short is told."""
    (seen,) = evidence
    bound = Figure(text=f"close within {params.within}" if params.level == "close" else params.level)
    if not seen.controls_agree:
        return inconclusive(
            "two runs without any crash already differ (largest weight difference "
            f"{number(seen.controls_differ)}), so a crash cannot be judged; make training reproducible first",
            bound=bound,
        )
    if seen.unobserved:
        return inconclusive(f"nothing could be killed during a save: {seen.unobserved}", bound=bound)
    killed = [drill for drill in seen.drills if drill.killed_at is not None]
    if not killed:
        return inconclusive(
            f"training ended after {plural(seen.control_steps, 'step')}, before step {seen.asked_step} was reached; "
            "ask for an earlier step",
            bound=bound,
        )
    faults = [(drill, fault) for drill in killed if (fault := _fault(params, drill, seen))]
    if not faults:
        return passed(_held(killed), _measured(killed), bound)
    drill, fault = faults[0]
    many = f" ({len(faults)} of {plural(len(killed), 'drill')} fell short)" if len(killed) > 1 else ""
    measured = _measured([drill]) if drill.finished else Figure(text="cannot resume")
    held = f"the folder held at the kill: {', '.join(drill.files) or 'nothing'}"
    return failed(f"killed {drill.place}{many}: {fault}", measured, bound, [held])


def _measured(drills: Sequence[Drill]) -> Figure:
    lost = [lost.largest for drill in drills for lost in drill.lost]
    largest = max(lost, default=0.0)
    return figure(largest, f"largest difference {number(largest)}" if lost else "bitwise equal")


def _held(drills: Sequence[Drill]) -> str:
    """Say where runs were killed, where they went on, and how they ended."""
    worst = max(drills, key=lambda drill: max((lost.largest for lost in drill.lost), default=0.0))
    end = "bitwise where the uninterrupted run ended" if not worst.lost else _widest(worst)
    if len(drills) == 1:
        return f"killed {worst.place}, resumed at step {worst.resumed_at}, and ended {end}"
    places = "; ".join(f"{drill.place}, resumed at step {drill.resumed_at}" for drill in drills)
    return f"{plural(len(drills), 'run')} ended {end}, killed {places}"


def _widest(drill: Drill) -> str:
    worst = max(drill.lost, key=lambda lost: lost.largest)
    return f"{number(worst.largest)} away at most (`{worst.path}`)"


def _fault(params: CrashParams, drill: Drill, seen: CrashEvidence) -> str:
    """Say what the level asked for and did not get; empty if it held."""
    if not drill.finished:
        return f"training did not start again: {drill.refused_with}"
    resumed = drill.resumed_at or 0
    if params.level == "resumes":
        if resumed == 0 and (drill.killed_at or 0) > seen.steps_per_epoch:
            return "training began again from nothing; no checkpoint was used"
        lost = (drill.killed_at or 0) - resumed
        allowed = seen.steps_per_epoch
        return f"{plural(lost, 'step')} lost, more than the {allowed} between saves" if lost > allowed else ""
    schedule = _schedule_fault(drill, resumed + drill.steps_after, seen.control_steps)
    if params.level == "same schedule":
        return schedule
    if params.level == "close":
        limit = float(params.within) if params.within else 0.0
        weights = [lost for lost in drill.lost if lost.what == "weights" and not lost.largest <= limit]
        return f"{schedule or 'the weights ended ' + _widest(drill)}{_named(drill)}" if weights else ""
    if not drill.lost and not schedule and drill.parted_at_step is None:
        return ""
    if schedule:
        return f"{schedule}{_named(drill)}"
    return f"training went on from step {resumed} but not as it was{_named(drill)}"


def _schedule_fault(drill: Drill, total: int, wanted: int) -> str:
    if total == wanted:
        return ""
    more = total - wanted
    if more > 0:
        return (
            f"{plural(total, 'optimizer step')} instead of {wanted}: the restart replays "
            f"{more} batches of epoch {drill.epoch_at_kill + 1} that were already trained on"
        )
    return f"{plural(total, 'optimizer step')} instead of {wanted}: {-more} batches were never trained on"


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


def _named(drill: Drill) -> str:
    """Name what was lost: as it was right at the restart where that could be seen, else as it is at the end."""
    lost_states = drill.lost_at_restart or drill.lost
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
    parted = f"; losses part at step {drill.parted_at_step}" if drill.parted_at_step is not None else ""
    return f"; not restored: {', '.join(parts)}{parted}"


def _example(**changes: object) -> CrashEvidence:
    seen = CrashEvidence(
        asked_step=50,
        control_steps=328,
        steps_per_epoch=41,
        controls_agree=True,
        controls_differ=0.0,
        drills=(_drill(),),
    )
    return seen.model_copy(update=changes)


def _drill(**changes: object) -> Drill:
    drill = Drill(
        place="after step 50",
        killed_at=50,
        epoch_at_kill=1,
        resumed_at=41,
        steps_after=287,
        finished=True,
        refused_with="",
        lost=(),
        parted_at_step=None,
        files=("latest.weights.h5",),
    )
    return drill.model_copy(update=changes)


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
    depict=lambda params, evidence: depicted(evidence[0], CAUSES),
    clauses=(
        Clause("at step {step:count}", "the optimizer step after which the process is killed; halfway by default"),
        Clause("at {anywhere:any step/}", "killed after steps that Hypothesis draws"),
        Clause("during {during:save/}", "killed inside the write of a checkpoint: torn and missing files"),
        Clause("killed {times:twice/}", "the restarted run is killed, too"),
        Clause("over {drills:drills}", "how many times, where it is killed at any step or during a save; 5 by default"),
        Clause(
            "is {level:exact/close/same schedule/resumes}",
            "how much must be restored: everything bitwise, weights within a tolerance, the schedule, or just going on",
            default="is exact",
        ),
        Clause("within {within:number}", "the largest weight difference that is still close"),
    ),
    refuse=crash_as_asked,
    examples=lambda: (
        Example(
            "expect restore after crash at step 50 is exact",
            (_example(),),
            Verdict.PASSED,
            "killed after step 50, resumed at step 41, and ended bitwise where the uninterrupted run ended",
        ),
        Example(
            "expect restore after crash",
            (
                _example(
                    drills=(
                        _drill(
                            lost=(
                                LostState(
                                    what="seed state", path="dropout/seed_generator_state", largest=12.0, variables=1
                                ),
                                LostState(what="weights", path="dense/kernel", largest=0.03, variables=4),
                            ),
                            parted_at_step=42,
                        ),
                    )
                ),
            ),
            Verdict.FAILED,
            "killed after step 50: training went on from step 41 but not as it was; not restored: the state of "
            "random seeds",
        ),
        Example(
            "expect restore after crash during save over 2 drills",
            (
                _example(
                    drills=(
                        _drill(place="before `latest.weights.h5` was opened to be written"),
                        _drill(
                            place="while `latest.weights.h5` was written (call 3 of 9 in the save after step 82)",
                            finished=False,
                            refused_with="OSError: truncated file",
                        ),
                    )
                ),
            ),
            Verdict.FAILED,
            "killed while `latest.weights.h5` was written (call 3 of 9 in the save after step 82) (1 of 2 drills fell "
            "short): training did not start again: OSError: truncated file",
        ),
        Example(
            "expect restore after crash at any step over 3 drills",
            (_example(drills=(_drill(), _drill(place="after step 82", killed_at=82, resumed_at=82, steps_after=246))),),
            Verdict.PASSED,
            "2 runs ended bitwise where the uninterrupted run ended, killed after step 50, resumed at step 41; after "
            "step 82, resumed at step 82",
        ),
        Example(
            "expect restore after crash",
            (_example(controls_agree=False, controls_differ=0.2),),
            Verdict.INCONCLUSIVE,
            "two runs without any crash already differ",
        ),
    ),
)
