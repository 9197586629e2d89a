"""Kills training for real, starts it again, and finds what was lost. Starts no framework in its own process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from mltspec.checks.model_spec.restore_after_crash import CrashAsk, CrashEvidence, LostState
from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.training import TrainingAsk, TrainingEvidence
from mltspec.subjects import crashing
from mltspec.subjects.bench import Bench, Ending, Unfit
from mltspec.subjects.crashing import Ended, Killed, Start
from mltspec.subjects.observers.comparison import curve_of
from mltspec.subjects.state import largest_difference, read_state

LIMIT_S = 1800.0
MOST_FILES = 10


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
    return [_drill(cast(CrashAsk, ask), controls, at, bench) for at, ask in enumerate(asks)]


@dataclass(frozen=True)
class _Resumed:
    """The second start: where it went on, and what of the state differed there and at the end."""

    at: int | None
    steps: int
    finished: bool
    refused_with: str
    lost: tuple[LostState, ...] = ()
    lost_at_restart: tuple[LostState, ...] = ()
    parted_at: int | None = None


def _drill(ask: CrashAsk, controls: Sequence[TrainingEvidence], number: int, bench: Bench) -> CrashEvidence:
    control = controls[0]
    step = ask.step or max(1, control.steps // 2)
    home = bench.folder / f"drill-{number}"
    folder = home / "work"
    folder.mkdir(parents=True)
    killed = _kill(ask.controls[0], folder, home / "first", step, bench)
    files = sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
    seen = _Resumed(None, 0, True, "")
    if killed is not None:
        ending = _start(ask.controls[0], folder, home / "second", None, bench)
        seen = _resumed(home, ending, control, bench)
    agree, differ = _agreement(controls, bench)
    return CrashEvidence(
        asked_step=step,
        killed_at=None if killed is None else killed.step,
        epoch_at_kill=0 if killed is None else killed.epochs,
        resumed_at=seen.at,
        steps_after=seen.steps,
        control_steps=control.steps,
        steps_per_epoch=control.steps_per_epoch,
        finished=seen.finished,
        refused_with=seen.refused_with,
        controls_agree=agree,
        controls_differ=differ,
        lost=seen.lost,
        lost_at_restart=seen.lost_at_restart,
        parted_at_step=seen.parted_at,
        files=tuple(files[:MOST_FILES]),
    )


def _start(ask: TrainingAsk, folder: Path, report: Path, kill_at: int | None, bench: Bench) -> Ending:
    report.mkdir()
    payload: dict[str, object] = {
        "ask": ask.model_dump(mode="json"),
        "folder": str(folder),
        "report": str(report),
        "kill_at": kill_at,
    }
    return bench.isolate(crashing.TARGET, payload, LIMIT_S)


def _kill(ask: TrainingAsk, folder: Path, report: Path, step: int, bench: Bench) -> Killed | None:
    """Start the training and have it killed; None if it ended before that step."""
    ending = _start(ask, folder, report, step, bench)
    if (report / crashing.KILLED).exists() and ending.status == -9:
        return Killed.from_json((report / crashing.KILLED).read_text())
    if ending.status == 0 and (report / crashing.ENDED).exists():
        return None
    raise Unfit(f"training failed before it was to be killed: {_reason(report, ending)}")


def _reason(report: Path, ending: Ending) -> str:
    """Say why a process did not end well."""
    if (report / crashing.REFUSED).exists():
        return (report / crashing.REFUSED).read_text()
    if ending.timed_out:
        return f"it was still going on after {LIMIT_S:.0f} s"
    last = [line for line in ending.output.splitlines() if line.strip()][-1:]
    return f"the process ended with status {ending.status}" + (f": {last[0].strip()}" if last else "")


def _resumed(home: Path, ending: Ending, control: TrainingEvidence, bench: Bench) -> _Resumed:
    first, second = home / "first", home / "second"
    begun = second / crashing.START
    start = Start.from_json(begun.read_text()) if begun.exists() else None
    if ending.status != 0 or not (second / crashing.ENDED).exists():
        return _Resumed(None if start is None else start.iterations, 0, False, _reason(second, ending))
    ended = Ended.from_json((second / crashing.ENDED).read_text())
    at = _position(first, start, ended, control)
    lost = _lost(_state_of(control, bench), read_state(second / crashing.STATE))
    parted = _parted(curve_of(control, bench), np.load(second / crashing.CURVE), at, control.steps_per_epoch)
    at_restart: tuple[LostState, ...] = ()
    if (first / crashing.at_step(at)).exists() and (second / crashing.RESTART).exists():
        at_restart = _lost(read_state(first / crashing.at_step(at)), read_state(second / crashing.RESTART))
        at_restart += _data_order(at, at_restart, parted)
        named = {each.what for each in lost}
        lost += tuple(each for each in at_restart if each.what == "data order" and each.what not in named)
    return _Resumed(at, ended.steps, True, "", lost, at_restart, parted[0] if parted else None)


def _position(first: Path, start: Start | None, ended: Ended, control: TrainingEvidence) -> int:
    """Return after how many steps the second start went on.

    The optimizer's count tells, unless that itself was lost: then the epoch that was begun, or how much
    was still trained by a model that had other weights than at the very beginning.
    """
    if start is None:
        return ended.iterations
    at = max(start.iterations, start.epoch * control.steps_per_epoch)
    fresh = Start.from_json((first / crashing.START).read_text())
    if at == 0 and start.weights != fresh.weights:
        at = max(0, control.steps - ended.steps)
    return at


def _state_of(run: TrainingEvidence, bench: Bench) -> Any:
    if run.state is None:
        raise Unfit("the uninterrupted run kept no state to compare with")
    return read_state(bench.path(run.state))


def _lost(wanted: Any, seen: Any) -> tuple[LostState, ...]:
    """Return what differs between two states, by what it is; metrics only where nothing else does."""
    if len(wanted[0]) != len(seen[0]):  # metrics come into being with the first step
        wanted, seen = _without_metrics(wanted), _without_metrics(seen)
    (entries, values), (others, found) = wanted, seen
    if [entry.what for entry in entries] != [entry.what for entry in others]:
        return (LostState(what="weights", path="(other variables)", largest=float("inf"), variables=len(others)),)
    gaps: dict[str, list[tuple[float, str]]] = {}
    for entry, one, two in zip(entries, values, found, strict=True):
        gap = largest_difference(one, two)
        if gap is not None:
            gaps.setdefault(entry.what, []).append((gap, entry.path))
    if len(gaps) > 1:
        gaps.pop("metric state", None)
    return tuple(
        LostState(what=what, path=max(each)[1], largest=max(each)[0], variables=len(each))
        for what, each in gaps.items()
    )


def _without_metrics(state: Any) -> Any:
    kept = [(entry, value) for entry, value in zip(*state, strict=True) if entry.group != "metrics"]
    return [entry for entry, _ in kept], [value for _, value in kept]


def _parted(control: Any, resumed: Any, at: int, per_epoch: int) -> tuple[int, float] | None:
    """Return the first step whose loss is not the control's, and by how much; steps count as the control's do.

    From an epoch's start on, logged losses are compared bit by bit. In the middle of an epoch their running
    means began at different steps, so each step's own loss is compared, within rounding.
    """
    aligned = per_epoch > 0 and at % per_epoch == 0
    name = "logged" if aligned else "loss"
    wanted = dict(zip(control["step"].tolist(), control[name].tolist(), strict=True))
    for step, loss in zip((resumed["step"] + at).tolist(), resumed[name].tolist(), strict=True):
        other = wanted.get(step)
        same = other is not None and (
            other == loss or (other != other and loss != loss) or (not aligned and np.isclose(other, loss, 1e-3))
        )
        if not same:
            return int(step), float("nan") if other is None else abs(other - loss)
    return None


def _data_order(at: int, lost: Sequence[LostState], parted: tuple[int, float] | None) -> tuple[LostState, ...]:
    """Tell whether the first batch after the restart is another one.

    With weights and seeds as they were, the first step's loss depends on its rows alone.
    """
    if parted is None or parted[0] != at + 1 or {each.what for each in lost} & {"weights", "seed state"}:
        return ()
    return (LostState(what="data order", path=f"batch of step {at + 1}", largest=parted[1], variables=1),)


def _agreement(controls: Sequence[TrainingEvidence], bench: Bench) -> tuple[bool, float]:
    """Tell whether the controls are bitwise equal, and the largest difference of a weight."""
    one, two = controls
    if one.state_digest and one.state_digest == two.state_digest and one.steps == two.steps:
        return True, 0.0
    lost = _lost(_state_of(one, bench), _state_of(two, bench))
    return False, max((each.largest for each in lost if each.what == "weights"), default=0.0)
