"""`mltspec watch`: run specs again and again, on a schedule and when something new arrives, and keep a history."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from mltspec.cli.exits import OF_RUN, Exit
from mltspec.cli.options import choosing, store_option
from mltspec.cli.times import limit
from mltspec.language.render import printable

POLL_S = 2.0
GRACE_S = 30.0
"""How long a run that is told to end may take to write what it has."""
LEAST_S = 1.0
INTERRUPTED = "interrupted"
BROKE = "broke"

EXAMPLES = """
\b
Examples:
  mltspec watch specs/delay.mlt --every 1h
  mltspec watch specs --on models/delay --on data/flights
  mltspec report --history                        what the runs have come to
"""


@click.command(epilog=EXAMPLES)
@choosing
@click.option("--every", callback=limit, metavar="TIME", help="Run so often.  [default: 1h; with --on, never]")
@click.option(
    "--on",
    "folders",
    multiple=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Run when a new version appears there: a folder `1`, `2` … of a model or of data. May be given several times.",
)
@click.option("--runs", "most", type=click.IntRange(min=1), metavar="N", help="End after N runs.")
@click.option("-n", "workers", type=click.IntRange(min=1), metavar="N", help="Children at once. [default: cores]")
@click.option("--fresh", is_flag=True, help="Gather everything again in each run, whatever the store has.")
@store_option
@click.pass_context
def command(ctx: click.Context, /, **typed: Any) -> None:
    """Run specs now, on a schedule, and whenever a new version of data or a model appears in a folder.

    Every run is kept in `history.sqlite` in the store; `mltspec report --history` shows them. It goes on whatever the
    runs come to, until it is told to end (SIGTERM, Ctrl-C), which lets the run under way write what it has. Exit code 0
    says that it ended when told to; with `--runs`, the exit code is that of the last run.
    """
    ctx.exit(watch(typed))


def watch(typed: dict[str, Any]) -> Exit:
    """Run until told to end, and return the exit code."""
    from mltspec.engine.arrivals import Arrivals
    from mltspec.report.history import History, HistoryError

    folders: tuple[Path, ...] = typed["folders"]
    every = typed["every"] or (None if folders else 3600.0)
    if every is not None and every < LEAST_S:
        raise click.UsageError(f"`--every` is at least {LEAST_S:g}s")
    for folder in folders:
        if not folder.is_dir():
            _say(f"note: `{folder}` is not there yet; it is looked for")
    try:
        history = History(typed["store"])
        for run in history.settle():
            _say(f"note: run {run.id} of {run.started} was not finished: its process was ended; it is marked so")
        with contextlib.closing(history):
            return _Watch(history, Arrivals(folders), every, typed).go()
    except HistoryError as problem:
        raise click.ClickException(str(problem)) from problem


class _Watch:
    """A watch under way."""

    def __init__(self, history: Any, arrivals: Any, every: float | None, typed: dict[str, Any]) -> None:
        self._history = history
        self._arrivals = arrivals
        self._every = every
        self._typed = typed
        self._count = 0
        self._last = Exit.HELD

    def go(self) -> Exit:
        reasons = ["start"]
        due = time.monotonic()
        try:
            while True:
                if reasons:
                    due = time.monotonic() + (self._every or 0.0)
                    self._run(", ".join(reasons))
                    if self._typed["most"] is not None and self._count >= self._typed["most"]:
                        return self._last
                    self._announce()
                time.sleep(min(POLL_S, max(0.05, due - time.monotonic())) if self._every else POLL_S)
                reasons = self._arrivals.news()
                if self._every and time.monotonic() >= due:
                    reasons.append(f"every {self._every:g} s")
        except KeyboardInterrupt:
            _say("told to end: the watch is over")
            return Exit.HELD

    def _announce(self) -> None:
        folders = [f"`{folder}`" for folder in self._typed["folders"]]
        waiting = [f"in {self._every:g} s at the latest"] if self._every else []
        waiting += [f"when a version appears in {' or '.join(folders)}"] if folders else []
        _say(f"waiting: the next run comes {', or '.join(waiting)}")

    def _run(self, reason: str) -> None:
        specs = " ".join(self._typed["paths"]) or "all specs"
        number = self._history.begin(specs, reason)
        _say(f"run {number}: {printable(reason)}")
        with TemporaryDirectory(prefix="mltspec-watch-") as folder:
            file = Path(folder) / "run.json"
            process = _start(self._arguments(file))
            interrupted = False
            try:
                process.wait()
            except KeyboardInterrupt:
                interrupted = True
                _end(process)
            report = _report(file)
        self._count += 1
        outcome = INTERRUPTED if interrupted else str(report.verdict) if report is not None else BROKE
        self._last = OF_RUN.get(outcome, Exit.NOT_JUDGED)
        self._history.finish(number, outcome, report)
        if interrupted:
            raise KeyboardInterrupt

    def _arguments(self, file: Path) -> list[str]:
        named = {"--tag": "tag", "-k": "text", "--profile": "profile", "--seed": "seed", "-n": "workers"}
        options = [
            part for flag, key in named.items() if (value := self._typed[key]) is not None for part in (flag, value)
        ]
        fresh = ["--fresh"] if self._typed["fresh"] else []
        return [*map(str, [*self._typed["paths"], *options, *fresh, "--store", self._typed["store"], "--json", file])]


def _start(arguments: list[str]) -> subprocess.Popen[bytes]:
    """Start a run in a process group of its own, which Ctrl-C does not reach and which dies with this process."""
    from mltspec.engine.forking import die_with_parent

    command = [sys.executable, "-m", "mltspec.cli.main", "run", *arguments]
    return subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Tell a run to end and give it time to write what it has; then end it, and all that it started."""
    process.terminate()
    try:
        process.wait(GRACE_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _report(file: Path) -> Any:
    from mltspec.report.json_report import read

    try:
        return read(file.read_bytes())
    except (OSError, ValueError):
        return None


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
