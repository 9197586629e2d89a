"""Checkpoints torn in the middle of their write: what a SIGKILL leaves at chosen calls inside a save."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mltspec.subjects.file_calls import DOOR, STEPS, Call, Steps, Watch

BEFORE = {
    "rename": "put in place",
    "renameat": "put in place",
    "renameat2": "put in place",
    "unlink": "removed",
    "unlinkat": "removed",
    "mkdir": "made",
    "mkdirat": "made",
}
"""What a call that writes no data does to its file; all others open it."""

Run = Callable[[str], None]
"""Train from the beginning in the folder watched, with the calls handed over at a socket."""


@dataclass(frozen=True)
class Save:
    """One write of a checkpoint: after which step, and its calls in order."""

    step: int
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Torn:
    """A folder as a SIGKILL would leave it at one call of a save."""

    place: str
    folder: Path


class Recorder:
    """Writes down the calls of every step of a run."""

    def __init__(self, steps: Path) -> None:
        self._steps = Steps(steps, create=True)
        self._calls: dict[int, list[Call]] = {}

    def __call__(self, call: Call) -> bool:
        """Let every call go on."""
        self._calls.setdefault(int(self._steps), []).append(call)
        return True

    def save(self, last_step: int) -> Save | None:
        """Return a save in the middle of training that replaces an earlier one, if there is one; None without any.

        A save is a step with at least half as many calls as the one with the most: a line in a log is none. What is
        written before the first step or after the last one is no checkpoint to go on from.
        """
        between = {step: calls for step, calls in self._calls.items() if 0 < step < last_step}
        written = {step: calls for step, calls in between.items() if any(call.writes for call in calls)}
        most = max(map(len, written.values()), default=0)
        saves = [Save(step, tuple(calls)) for step, calls in sorted(written.items()) if 2 * len(calls) >= most]
        return saves[max(min(1, len(saves) - 1), (len(saves) - 1) // 2)] if saves else None


class Tearer:
    """Copies the folder at chosen calls of a save, and kills at the last of them."""

    def __init__(self, save: Save, chosen: Sequence[int], folder: Path, copies: Path, steps: Path) -> None:
        self._save = save
        self._chosen = chosen
        self._folder = folder
        self._copies = copies
        self._steps = Steps(steps, create=True)
        self._count = 0
        self.torn: list[Torn] = []

    def __call__(self, call: Call) -> bool:
        """Let the call go on unless it is the last that was chosen."""
        if int(self._steps) != self._save.step:
            return True
        index, self._count = self._count, self._count + 1
        if index not in self._chosen:
            return True
        copy = self._copies / f"torn-{index}"
        shutil.copytree(self._folder, copy, symlinks=True)
        self.torn.append(Torn(_place(call, index, self._save), copy))
        return index != self._chosen[-1]


def tear(run: Run, folder: Path, scratch: Path, last_step: int, most: int) -> tuple[int, list[Torn]]:
    """Run a training twice: to find its saves, and to stop inside one of them.

    Args:
        run: trains in ``folder`` from the beginning.
        folder: where the training keeps its checkpoints; as it was killed when this returns.
        scratch: an empty folder for copies and sockets.
        last_step: how many steps the whole training has.
        most: how many calls are stopped at.

    Returns:
        The step after which the save begins, and the folder at each chosen call, in their order; 0 and none if the
        training saves nothing.

    Raises:
        CannotStop: this machine lets nobody stop calls.
    """
    recorder = Recorder(scratch / STEPS)
    _watched(run, folder, scratch, recorder)
    save = recorder.save(last_step)
    if save is None:
        return 0, []
    shutil.rmtree(folder)
    folder.mkdir()
    tearer = Tearer(save, chosen(save.calls, most), folder, scratch, scratch / STEPS)
    _watched(run, folder, scratch, tearer)
    return save.step, tearer.torn


def _watched(run: Run, folder: Path, scratch: Path, decide: Callable[[Call], bool]) -> None:
    door = scratch / DOOR
    door.unlink(missing_ok=True)
    with Watch(door, folder, decide):
        run(str(scratch))


def chosen(calls: Sequence[Call], most: int) -> list[int]:
    """Return which calls to stop at: what makes, moves and removes files, and each file's first, middle and last write.

    Too many are thinned out evenly; the first and the last stay.
    """
    writes: dict[str, list[int]] = {}
    found = []
    for index, call in enumerate(calls):
        if call.writes:
            writes.setdefault(call.path, []).append(index)
        else:
            found.append(index)
    for each in writes.values():
        found += [each[0], each[len(each) // 2], each[-1]]
    found = sorted(set(found))
    if len(found) <= most:
        return found
    return sorted({found[round(i * (len(found) - 1) / max(1, most - 1))] for i in range(most)})


def _place(call: Call, index: int, save: Save) -> str:
    where = f"(call {index + 1} of {len(save.calls)} in the save after step {save.step})"
    if call.writes:
        return f"while `{call.path}` was written {where}"
    return f"before `{call.path}` was {BEFORE.get(call.name, 'opened to be written')} {where}"
