"""A stage stopped in the middle of its writes: its folder as a SIGKILL would leave it at chosen calls."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mltspec.evidence.pipeline import FileSeen
from mltspec.evidence.restart import Difference
from mltspec.subjects.file_calls import DOOR, Call, Watch
from mltspec.subjects.pipeline_artifacts import READ_AS_TABLES, content_digest, read_table
from mltspec.subjects.torn_saves import BEFORE, chosen

if TYPE_CHECKING:
    import pandas as pd

Run = Callable[[Path], None]
"""Run the stage from the beginning in the folder watched, its calls handed over at a socket in the folder given."""


@dataclass(frozen=True)
class Torn:
    """A folder as a SIGKILL would leave it at one call."""

    place: str
    folder: Path


def crash(run: Run, folder: Path, scratch: Path, drills: int, seed: int) -> tuple[int, list[Torn]]:
    """Run a stage twice: to see its calls, and to stop at some of them; at the last it gets its SIGKILL.

    Returns:
        How many calls changed the folder, and the folder at each that was drawn, in their order.

    Raises:
        CannotStop: this machine lets nobody stop calls.
    """
    calls: list[Call] = []

    def note(call: Call) -> bool:
        calls.append(call)
        return True

    _watched(run, folder, scratch, note)
    shutil.rmtree(folder)
    folder.mkdir()
    places = drawn(calls, drills, seed)
    torn: list[Torn] = []
    count = 0

    def stop(call: Call) -> bool:
        nonlocal count
        index, count = count, count + 1
        if index not in places:
            return True
        copy = scratch / f"torn-{index}"
        shutil.copytree(folder, copy, symlinks=True)
        torn.append(Torn(_place(call, index, len(calls)), copy))
        return index != places[-1]

    if places:
        _watched(run, folder, scratch, stop)
    return len(calls), torn


def _watched(run: Run, folder: Path, scratch: Path, decide: Callable[[Call], bool]) -> None:
    door = scratch / DOOR
    door.unlink(missing_ok=True)
    with Watch(door, folder, decide, group=True):
        run(scratch)


def drawn(calls: Sequence[Call], drills: int, seed: int) -> list[int]:
    """Draw calls to be killed at, in order; the middle of the writes is always among them, and never the first call.

    Before its first call a stage has changed nothing. Calls that make, move and remove files are drawn as often as
    writes, however many writes there are.
    """
    draw = random.Random(seed)  # noqa: S311 - a draw, no secret
    telling = {index for index in chosen(calls, len(calls)) if index}
    if not telling:
        return []
    writes = [index for index, call in enumerate(calls) if call.writes and index]
    middle = writes[len(writes) // 2] if writes else sorted(telling)[len(telling) // 2]
    others = sorted((telling | set(draw.sample(writes, min(drills, len(writes))))) - {middle})
    return sorted([middle, *draw.sample(others, min(drills - 1, len(others)))])


def _place(call: Call, index: int, calls: int) -> str:
    where = f"(call {index + 1} of {calls})"
    if call.writes:
        return f"while `{call.path}` was written {where}"
    return f"before `{call.path}` was {BEFORE.get(call.name, 'opened to be written')} {where}"


def differences(
    folder: Path, torn: Sequence[FileSeen], control: Path, same: Sequence[FileSeen], known: Sequence[str]
) -> list[Difference]:
    """Return how a restarted stage's folder differs from an undisturbed one.

    Args:
        folder: the restarted one.
        torn: the files that the killed run had left.
        control: the undisturbed one.
        same: its files that a second undisturbed run leaves alike.
        known: the names that any undisturbed run leaves; empty where two of them leave different ones.
    """
    found = []
    left = {file.name: file.digest for file in torn}
    for file in same:
        mine = folder / file.name
        if not mine.is_file():
            found.append(Difference(file=file.name, kind="missing"))
            continue
        digest = content_digest(mine)
        if digest != file.digest:
            taken = left.get(file.name) == digest
            found.append(_difference(file.name, mine, control / file.name, taken))
    names = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())
    return found + [Difference(file=name, kind="left over") for name in names if known and name not in known]


def _difference(name: str, mine: Path, control: Path, taken: bool) -> Difference:
    """Tell a file's difference by its rows, where it is a table; ``taken``: it is as the killed run had left it."""
    of = 0
    if name.endswith(READ_AS_TABLES):
        wanted = _rows(read_table(control))
        of = wanted.total()
        try:
            got = _rows(read_table(mine))
        except Exception:  # it cannot be read, so nothing is known of its rows
            return Difference(file=name, kind="taken for done" if taken else "broken", of=of)
        lost, more = wanted - got, got - wanted
        if taken:
            return Difference(file=name, kind="taken for done", rows=lost.total(), of=of)
        strange = sum(count for row, count in more.items() if row not in wanted)
        if strange:
            return Difference(file=name, kind="broken", rows=strange, of=of)
        if more:
            return Difference(file=name, kind="twice", rows=more.total(), of=of)
        if lost:
            return Difference(file=name, kind="lost", rows=lost.total(), of=of)
    return Difference(file=name, kind="taken for done" if taken else "other", of=of)


def _rows(frame: pd.DataFrame) -> Counter[tuple[Any, ...]]:
    """Count equal rows, by the text of their cells: a column that once held a broken cell is read as text."""
    return Counter(frame.map(_cell).itertuples(index=False, name=None))


def _cell(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
