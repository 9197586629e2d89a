"""What a restart lost: where the last start went on, and what of its state differs there and at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mltspec.evidence.crash import LostState
from mltspec.evidence.training import TrainingEvidence
from mltspec.subjects import crashing
from mltspec.subjects.bench import Bench, Ending, Unfit
from mltspec.subjects.crashing import Ended, Start
from mltspec.subjects.observers.comparison import curve_of
from mltspec.subjects.state import largest_difference, read_state

LIMIT_S = 1800.0
"""How long one start of a training may take."""


@dataclass(frozen=True)
class Resumed:
    """The last start: where it went on, and what of the state differed there and at the end."""

    at: int | None
    steps: int
    finished: bool
    refused_with: str
    lost: tuple[LostState, ...] = ()
    lost_at_restart: tuple[LostState, ...] = ()
    parted_at: int | None = None


def reason(report: Path, ending: Ending) -> str:
    """Say why a process did not end well."""
    if (report / crashing.REFUSED).exists():
        return (report / crashing.REFUSED).read_text()
    if ending.timed_out:
        return f"it was still going on after {LIMIT_S:.0f} s"
    last = [line for line in ending.output.splitlines() if line.strip()][-1:]
    return f"the process ended with status {ending.status}" + (f": {last[0].strip()}" if last else "")


def resumed(killed: Sequence[Path], last: Path, ending: Ending, control: TrainingEvidence, bench: Bench) -> Resumed:
    """Say where the last start went on from and what was lost, by its report and those of the runs that were killed."""
    begun = last / crashing.START
    start = Start.from_json(begun.read_text()) if begun.exists() else None
    if ending.status != 0 or not (last / crashing.ENDED).exists():
        return Resumed(None if start is None else start.iterations, 0, False, reason(last, ending))
    ended = Ended.from_json((last / crashing.ENDED).read_text())
    at = _position(killed[0], start, ended, control)
    lost = _lost(_state_of(control, bench), read_state(last / crashing.STATE))
    parted = _parted(curve_of(control, bench), np.load(last / crashing.CURVE), at, control.steps_per_epoch)
    at_restart: tuple[LostState, ...] = ()
    kept = killed[0] / crashing.at_step(at)
    if len(killed) == 1 and kept.exists() and (last / crashing.RESTART).exists():
        at_restart = _lost(read_state(kept), read_state(last / crashing.RESTART))
        at_restart += _data_order(at, at_restart, parted)
        named = {each.what for each in lost}
        lost += tuple(each for each in at_restart if each.what == "data order" and each.what not in named)
    return Resumed(at, ended.steps, True, "", lost, at_restart, parted[0] if parted else None)


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


def agreement(controls: Sequence[TrainingEvidence], bench: Bench) -> tuple[bool, float]:
    """Tell whether the controls are bitwise equal, and the largest difference of a weight."""
    one, two = controls
    if one.state_digest and one.state_digest == two.state_digest and one.steps == two.steps:
        return True, 0.0
    lost = _lost(_state_of(one, bench), _state_of(two, bench))
    return False, max((each.largest for each in lost if each.what == "weights"), default=0.0)
