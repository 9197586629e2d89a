"""The plain report: a line an expectation as it is judged, then all that a reader at night needs.

It needs no terminal and no colour. Where nothing is judged for a minute, it says what it waits for.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from mltspec.language.render import printable, width
from mltspec.plan.events import (
    Event,
    GatheringEnded,
    GatheringProgress,
    GatheringStarted,
    Judged,
    RunEnded,
    RunStarted,
)
from mltspec.plan.verdict import Verdict
from mltspec.report.account import Account
from mltspec.report.finding import wrapped
from mltspec.report.outcome import VERDICTS
from mltspec.report.paint import DIM, Paint, counted, duration
from mltspec.report.sections import sections

SILENCE_S = 60.0
WORD = max(len(look.word) for look in VERDICTS.values())
TIME = len("12 min 05 s")
LONGEST_ID = 60


class Plain:
    """Writes a report line by line.

    Args:
        account: the run so far; it takes each event before this report is told of it.
        write: takes a line without its end.
        verbosity: -1 leaves out the line an expectation, 1 adds explanations and what is gathered.
        ids: the expectations' ids, to line up what follows them.
        heartbeat: whether to break a long silence; a live display needs none.
    """

    def __init__(
        self,
        account: Account,
        write: Callable[[str], None],
        *,
        paint: Paint | None = None,
        verbosity: int = 0,
        ids: tuple[str, ...] = (),
        heartbeat: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._account = account
        self._write_line = write
        self._paint = paint or Paint()
        self._verbosity = verbosity
        self._room = min(LONGEST_ID, max((width(printable(each)) for each in ids), default=0))
        self._heartbeat = heartbeat
        self._clock = clock
        self._last = clock()

    def take(self, event: Event) -> None:
        """Write what an event is worth."""
        match event:
            case RunStarted() if self._verbosity >= 0:
                self._write(_opening(event))
            case GatheringStarted() if self._verbosity > 0:
                self._write(self._paint(f"{'':{WORD}}  gathering: {printable(event.label)}", DIM))
            case GatheringProgress():
                self._beat(event)
            case GatheringEnded() if self._verbosity > 0:
                self._write(self._paint(_gathered(event), DIM))
            case Judged() if self._verbosity >= 0:
                self._judged(event)
            case RunEnded():
                for line in sections(self._account, self._paint):
                    self._write(line)
            case _:
                pass

    def _write(self, line: str) -> None:
        self._last = self._clock()
        self._write_line(line)

    def _judged(self, judged: Judged) -> None:
        judgement = judged.judgement
        look = VERDICTS[judgement.verdict]
        name = printable(judged.expectation.id)
        spent = "cached" if self._account.is_cached(judged) else duration(judged.seconds)
        spent = "-" if judgement.verdict is Verdict.SKIPPED else spent
        measured = judgement.measured.text if judgement.measured else ""
        figures = printable(f"{measured} ({judgement.bound.text})".lstrip() if judgement.bound else measured)
        word = self._paint(f"{look.word:<{WORD}}", look.tone)
        pad = " " * max(0, self._room - width(name))
        self._write(f"{word}  {self._paint(f'{spent:>{TIME}}', DIM)}  {name}{pad}  {figures}".rstrip())
        if self._verbosity > 0:
            for piece in wrapped(judgement.explanation, 96):
                self._write(self._paint(f"{'':{WORD}}  {'':{TIME}}  {piece}", DIM))

    def _beat(self, event: GatheringProgress) -> None:
        if self._heartbeat and self._clock() - self._last >= SILENCE_S:
            self._write(self._paint(f"{'...':{WORD}}  {duration(event.seconds):>{TIME}}  {progress(event)}", DIM))


def progress(event: GatheringProgress) -> str:
    """Return ``train delay (seed 7): 300 of 1,200 steps``."""
    of = f" of {event.total:,}" if event.total else ""
    return printable(f"{event.label}: {event.done:,}{of} {event.unit}")


def _opening(event: RunStarted) -> str:
    known = f" ({event.cached:,} in the store)" if event.cached else ""
    profile = "" if event.profile == "default" else f", profile {printable(event.profile)}"
    return (
        f"{counted(event.expectations, 'expectation')}, {counted(event.requests, 'measurement')} needed{known}, "
        f"{counted(event.workers, 'worker')}{profile}"
    )


def _gathered(event: GatheringEnded) -> str:
    spent = "cached" if event.cached else duration(event.seconds)
    trouble = f": {printable(event.failure.message)}" if event.failure else ""
    word = "broken" if event.failure else "gathered"
    return f"{word:<{WORD}}  {spent:>{TIME}}  {printable(event.label)}{trouble}"
