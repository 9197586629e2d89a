"""The live display of a terminal: what runs now, how far it is, and a bar over all evidence.

Finished lines scroll by above it, exactly those of the plain report. Only this module needs rich.
"""

from __future__ import annotations

from types import TracebackType
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live as RichLive
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from mltspec.language.render import printable
from mltspec.plan.events import Event, GatheringEnded, GatheringProgress, GatheringStarted, RunEnded, RunStarted
from mltspec.report.paint import duration

MOST_ROWS = 8
BAR = 24


class Live:
    """Use it as a context: the display is taken away at its end, whatever happened."""

    def __init__(self, stream: TextIO, color: bool) -> None:
        self._running: dict[tuple[str, ...], GatheringStarted | GatheringProgress] = {}
        self._total = 0
        self._done = 0
        self._console = Console(file=stream, no_color=not color, highlight=False, markup=False, emoji=False)
        self._live = RichLive(
            console=self._console,
            get_renderable=self._render,
            refresh_per_second=4,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Live:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.clear()
        self._live.stop()

    def write(self, line: str) -> None:
        """Print a finished line above the display."""
        self._console.print(Text.from_ansi(line), soft_wrap=True)

    def take(self, event: Event) -> None:
        """Keep what is shown in step with the run."""
        match event:
            case RunStarted():
                self._total = event.requests
            case GatheringStarted() | GatheringProgress():
                self._running[event.ids] = event
            case GatheringEnded():
                self._done += 1
                self._running = {ids: each for ids, each in self._running.items() if event.id not in ids}
            case RunEnded():
                self._running.clear()
                self._live.stop()
            case _:
                pass

    def _render(self) -> Group:
        rows = Table.grid(padding=(0, 2))
        for each in list(self._running.values())[:MOST_ROWS]:
            rows.add_row(Text(printable(each.label), overflow="ellipsis", no_wrap=True), Text(pace(each), style="dim"))
        more = len(self._running) - MOST_ROWS
        if more > 0:
            rows.add_row(Text(f"and {more} more", style="dim"), Text(""))
        bar = Table.grid(padding=(0, 2))
        bar.add_row(
            ProgressBar(total=max(1, self._total), completed=self._done, width=BAR),
            Text(f"{self._done:,} of {self._total:,} measurements", style="dim"),
        )
        return Group(rows, bar) if self._total else Group()


def pace(event: GatheringStarted | GatheringProgress) -> str:
    """Return ``300 of 1,200 steps, 52.1 steps/s, 17.3 s left``, as far as it is known."""
    if isinstance(event, GatheringStarted):
        return "starting"
    of = f" of {event.total:,}" if event.total else ""
    text = f"{event.done:,}{of} {event.unit}"
    if event.seconds > 0 and event.done > 0:
        rate = event.done / event.seconds
        text += f", {rate:,.1f} {event.unit}/s"
        if event.total > event.done:
            text += f", {duration((event.total - event.done) / rate)} left"
    return printable(text)
