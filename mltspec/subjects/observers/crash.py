"""Kills training for real, starts it again, and finds what was lost. Starts no framework in its own process."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from mltspec.evidence.crash import CrashAsk, CrashEvidence, Drill
from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.training import TrainingAsk, TrainingEvidence
from mltspec.subjects import crashing
from mltspec.subjects.bench import Bench, Ending, Unfit
from mltspec.subjects.crashing import Killed
from mltspec.subjects.file_calls import CannotStop
from mltspec.subjects.lost_state import LIMIT_S, Resumed, agreement, reason, resumed
from mltspec.subjects.torn_saves import tear

MOST_FILES = 10
NEVER = 2**62
"""No training has so many steps: a run that keeps the states of its epochs, and is not killed after a step."""


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[CrashEvidence]:
    """Run each drill.

    Args:
        asks: CrashAsks with the same controls.
        found: the two controls.
        bench: its ``isolate`` makes the processes that are killed and started again.

    Raises:
        Unfit: the training fails before it is killed, or a control kept no state.
    """
    controls = [cast(TrainingEvidence, record) for record in found[:2]]
    return [
        _drills(cast(CrashAsk, ask), controls, bench.folder / f"drill-{number}", bench)
        for number, ask in enumerate(asks)
    ]


def _drills(ask: CrashAsk, controls: Sequence[TrainingEvidence], home: Path, bench: Bench) -> CrashEvidence:
    control = controls[0]
    step = ask.step or max(1, control.steps // 2)
    agree, differ = agreement(controls, bench)
    seen = CrashEvidence(
        asked_step=step,
        control_steps=control.steps,
        steps_per_epoch=control.steps_per_epoch,
        controls_agree=agree,
        controls_differ=differ,
        drills=(),
    )
    if not agree:  # then no drill could show anything
        return seen
    if ask.where == "save":
        return _during_save(ask, control, home, bench, seen)
    steps = [step] if ask.where == "step" else drawn_steps(control.steps, control.steps_per_epoch, ask.drills, ask.seed)
    drills = []
    for done, each in enumerate(steps):
        bench.progress(done, len(steps), "drills")
        drills.append(_after_step(ask, each, control, home / f"step-{each}", bench))
    return seen.model_copy(update={"drills": tuple(drills)})


def drawn_steps(last: int, per_epoch: int, most: int, seed: int) -> list[int]:
    """Let Hypothesis choose steps to be killed after, in order; the ends of epochs more often than others."""
    import hypothesis  # takes a third of a second, which other drills need not wait for
    from hypothesis import strategies

    found: set[int] = set()
    ends = [step for at in range(per_epoch, last, per_epoch) for step in (at, at + 1) if step < last] or [1]

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=20 * most,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategies.integers(1, max(1, last - 1)) | strategies.sampled_from(ends))
    def note(step: int) -> None:
        if len(found) < most:
            found.add(step)

    note()
    return sorted(found)


def _after_step(ask: CrashAsk, step: int, control: TrainingEvidence, home: Path, bench: Bench) -> Drill:
    """Kill after a step, perhaps once more, and start again to go to the end."""
    once, folder = ask.controls[0], home / "work"
    folder.mkdir(parents=True)
    killed = _kill(once, folder, home / "first", step, bench)
    place = f"after step {step}"
    if killed is None:
        return _drill(place, None, [], Resumed(None, 0, True, ""))
    runs, files = [home / "first"], _files(folder)
    place = f"after step {killed.step}"
    if ask.twice:
        more = max(1, (control.steps - killed.step) // 2)
        again = _start(once, folder, home / "again", more, bench)
        if (home / "again" / crashing.KILLED).exists() and again.status == -9:
            runs.append(home / "again")
            files = _files(folder)
            place += f" and once more {more} steps after it was started again"
        elif again.status != 0:
            return _drill(place, killed, files, resumed(runs, home / "again", again, control, bench))
    ending = _start(once, folder, home / "last", None, bench)
    return _drill(place, killed, files, resumed(runs, home / "last", ending, control, bench))


def _during_save(
    ask: CrashAsk, control: TrainingEvidence, home: Path, bench: Bench, seen: CrashEvidence
) -> CrashEvidence:
    """Stop inside a save at some of its file-system calls, and start again from what lies there at each."""
    once, folder, scratch = ask.controls[0], home / "work", home / "torn"
    folder.mkdir(parents=True)
    scratch.mkdir()
    reports: list[Path] = []

    def run(calls: str) -> None:
        reports.append(home / f"run-{len(reports)}")
        ending = _start(once, folder, reports[-1], NEVER, bench, calls)
        if ending.status not in (0, -9):
            raise Unfit(f"training failed before it was to be killed: {reason(reports[-1], ending)}")

    try:
        step, torn = tear(run, folder, scratch, control.steps, ask.drills)
    except CannotStop as problem:
        return seen.model_copy(update={"unobserved": str(problem.strerror or problem)})
    if not torn:
        return seen.model_copy(update={"unobserved": "training wrote no checkpoint before its last step"})
    killed = Killed(step=step, epochs=step // control.steps_per_epoch if control.steps_per_epoch else 0)
    drills = []
    for done, each in enumerate(torn):
        bench.progress(done, len(torn), "drills")
        shutil.rmtree(folder)
        each.folder.rename(folder)
        files = _files(folder)
        last = home / f"last-{done}"
        ending = _start(once, folder, last, None, bench)
        drills.append(_drill(each.place, killed, files, resumed([reports[-1]], last, ending, control, bench)))
    return seen.model_copy(update={"drills": tuple(drills)})


def _drill(place: str, killed: Killed | None, files: Sequence[str], seen: Resumed) -> Drill:
    return Drill(
        place=place,
        killed_at=None if killed is None else killed.step,
        epoch_at_kill=0 if killed is None else killed.epochs,
        resumed_at=seen.at,
        steps_after=seen.steps,
        finished=seen.finished,
        refused_with=seen.refused_with,
        lost=seen.lost,
        lost_at_restart=seen.lost_at_restart,
        parted_at_step=seen.parted_at,
        files=tuple(files),
    )


def _files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())[:MOST_FILES]


def _start(
    ask: TrainingAsk, folder: Path, report: Path, kill_at: int | None, bench: Bench, calls: str | None = None
) -> Ending:
    report.mkdir()
    payload: dict[str, object] = {
        "ask": ask.model_dump(mode="json"),
        "folder": str(folder),
        "report": str(report),
        "kill_at": kill_at,
        "calls": calls,
    }
    return bench.isolate(crashing.TARGET, payload, LIMIT_S)


def _kill(ask: TrainingAsk, folder: Path, report: Path, step: int, bench: Bench) -> Killed | None:
    """Start the training and have it killed; None if it ended before that step."""
    ending = _start(ask, folder, report, step, bench)
    if (report / crashing.KILLED).exists() and ending.status == -9:
        return Killed.from_json((report / crashing.KILLED).read_text())
    if ending.status == 0 and (report / crashing.ENDED).exists():
        return None
    raise Unfit(f"training failed before it was to be killed: {reason(report, ending)}")
