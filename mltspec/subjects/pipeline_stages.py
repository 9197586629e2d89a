"""Runs one stage of a pipeline in a process of its own, as a scheduler would, and tells how that ended."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from mltspec.plan.secrets import redacted
from mltspec.plan.subject import Stage
from mltspec.subjects.bench import Bench, Ending, Unfit
from mltspec.subjects.file_calls import DOOR, CannotStop, hand_over
from mltspec.subjects.targets import did_you_mean, resolve

TARGET = "mltspec.subjects.pipeline_stages:run_stage"
LIMIT_S = 1800.0
WHY, RAISED, UNFIT, UNSTOPPED, TOOK_ROWS = "why.txt", "raised.txt", "unfit.txt", "unstopped.txt", "rows"
OURS = (str(Path(__file__).parents[1]), "<frozen importlib", importlib.__file__)
GIVEN = ("input", "inputs", "output", "rows", "seed")
ALL_ROWS = 0
"""What stands for ``{rows}`` in a command where nothing says how many: all there are."""


@dataclass(frozen=True)
class Work:
    """What a stage works on: the folders of the stages that it reads, by name; its own; how many rows; a seed."""

    stage: Stage
    inputs: Mapping[str, Path]
    output: Path
    rows: int | None
    seed: int


@dataclass(frozen=True)
class Stopped:
    """How a stage's process ended; ``error`` is one line of why, ``tail`` the end of what it raised or said."""

    ending: Ending
    seconds: float
    takes_rows: bool
    error: str
    tail: str

    @property
    def done(self) -> bool:
        """Whether it ended well."""
        return self.ending.status == 0 and not self.ending.timed_out


def start(work: Work, report: Path, bench: Bench, calls: Path | None = None) -> Stopped:
    """Run a stage to its end.

    Args:
        work: what it is given; its output folder is there, and holds what an earlier start has left.
        report: an empty folder for what is seen.
        bench: its ``isolate`` makes the process.
        calls: a folder with the socket at which calls that change files are handed over.

    Raises:
        Unfit: it could not be started at all.
        CannotStop: calls are to be handed over, and this machine lets nobody stop them.
    """
    payload: dict[str, object] = {
        "stage": work.stage.model_dump(mode="json"),
        "inputs": {name: str(folder) for name, folder in work.inputs.items()},
        "output": str(work.output),
        "rows": work.rows,
        "seed": work.seed,
        "report": str(report),
        "calls": None if calls is None else str(calls),
    }
    began = time.monotonic()
    ending = bench.isolate(TARGET, payload, LIMIT_S)
    seconds = time.monotonic() - began
    if (report / UNFIT).exists():
        raise Unfit((report / UNFIT).read_text())
    if (report / UNSTOPPED).exists():
        raise CannotStop((report / UNSTOPPED).read_text())
    raised = report / RAISED
    tail = redacted(raised.read_text() if raised.exists() else ending.output).strip()
    last = next((line.strip() for line in reversed(tail.splitlines()) if line.strip()), "it said nothing")
    if (report / WHY).exists():
        last = redacted((report / WHY).read_text())
    takes_rows = (report / TOOK_ROWS).exists() or any("{rows}" in word for word in work.stage.command)
    return Stopped(ending, seconds, takes_rows, last, tail)


def run_stage(payload: dict[str, object], bench: Bench) -> None:
    """Be the stage: call its callable, or become its command. Runs in the stage's own process."""
    work = Work(
        stage=Stage.model_validate(payload["stage"]),
        inputs={name: Path(each) for name, each in cast(dict[str, str], payload["inputs"]).items()},
        output=Path(cast(str, payload["output"])),
        rows=cast("int | None", payload["rows"]),
        seed=cast(int, payload["seed"]),
    )
    report = Path(cast(str, payload["report"]))
    calls = cast("str | None", payload["calls"])
    os.chdir(bench.roots[0])
    try:
        ready = _command(work, bench) if work.stage.command else _callable(work, report, bench)
        if calls:
            _hand_over(Path(calls), report)
        if isinstance(ready, list):
            os.environ["PYTHONPATH"] = os.pathsep.join([*map(str, bench.roots), os.environ.get("PYTHONPATH", "")])
            os.execvp(ready[0], ready)  # noqa: S606 - a list, never a shell
        ready()
    except Unfit as unfit:
        (report / UNFIT).write_text(str(unfit))
        raise
    except Exception as error:
        (report / WHY).write_text(" ".join(f"{type(error).__name__}: {error}".split()))
        (report / RAISED).write_text(_told(error))
        raise SystemExit(1) from error


def _hand_over(calls: Path, report: Path) -> None:
    try:
        hand_over(str(calls / DOOR))
    except CannotStop as problem:
        (report / UNSTOPPED).write_text(str(problem.strerror or problem))
        raise


def _callable(work: Work, report: Path, bench: Bench) -> Any:
    target = str(work.stage.python)
    try:
        function = resolve(target, bench)
    except Unfit as unfit:
        raise Unfit(f"stage `{work.stage.name}`: {unfit}") from unfit
    arguments = _arguments(function, work, target)
    if "rows" in arguments:
        (report / TOOK_ROWS).touch()
    return lambda: function(**arguments)


def _arguments(function: Any, work: Work, target: str) -> dict[str, object]:
    """Return what a callable is called with: a parameter is given what it is named for.

    Raises:
        Unfit: a parameter without a default stands for nothing.
    """
    only = next(iter(work.inputs.values())) if len(work.inputs) == 1 else None
    given: dict[str, object] = {
        **work.inputs,
        **({"input": only} if only else {}),
        "inputs": dict(work.inputs),
        "output": work.output,
        "rows": work.rows,
        "seed": work.seed,
    }
    found: dict[str, object] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if name in given and parameter.kind is not parameter.POSITIONAL_ONLY:
            found[name] = given[name]
        elif parameter.default is parameter.empty:
            offered = ", ".join(f"`{each}`" for each in given)
            raise Unfit(
                f"stage `{work.stage.name}`: `{target}` takes `{name}`, which stands for nothing"
                f"{did_you_mean(name, given)}; a stage may take {offered}"
            )
    if "output" not in found:
        raise Unfit(f"stage `{work.stage.name}`: `{target}` takes no `output`, the folder that it is to write into")
    return found


def _command(work: Work, bench: Bench) -> list[str]:
    places = {
        **{name: str(folder) for name, folder in work.inputs.items()},
        **({"input": str(next(iter(work.inputs.values())))} if len(work.inputs) == 1 else {}),
        "output": str(work.output),
        "rows": str(ALL_ROWS if work.rows is None else work.rows),
        "seed": str(work.seed),
    }
    words = []
    for word in work.stage.command:
        for name, text in places.items():
            word = word.replace(f"{{{name}}}", text)
        words.append(word)
    if words[0] in ("python", "python3"):
        words[0] = sys.executable
    return [_program(words[0], work.stage.name), *words[1:]]


def _program(name: str, stage: str) -> str:
    import shutil

    found = shutil.which(name)
    if found is None:
        raise Unfit(f"stage `{stage}`: there is no program `{name}` that could be run")
    return found


def _told(error: Exception) -> str:
    """Return a traceback from where the user's code begins."""
    begin = error.__traceback__
    while begin is not None and begin.tb_frame.f_code.co_filename.startswith(OURS):
        begin = begin.tb_next
    return "".join(traceback.format_exception(type(error), error, begin or error.__traceback__))
