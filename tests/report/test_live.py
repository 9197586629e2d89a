import io

from story import HOSTILE, ended, gathered, started

from mltspec.plan.events import GatheringProgress, GatheringStarted
from mltspec.report.live import Live, pace


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_lines_scroll_by_and_the_display_goes_away(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    screen = Terminal()
    begun = GatheringStarted(ids=("run",), label=HOSTILE, pid=1)
    with Live(screen, color=False) as live:
        for event in (started(1), begun, gathered(), ended()):
            live.take(event)
        live.write("passed  [bold]x[/bold] :smile:")
    text = screen.getvalue()
    assert "passed  [bold]x[/bold] :smile:" in text
    assert "\x07" not in text


def test_pace_says_what_is_known():
    assert pace(GatheringStarted(ids=("a",), label="x", pid=1)) == "starting"
    event = GatheringProgress(ids=("a",), label="x", done=300, total=1200, unit="steps", seconds=6.0)
    assert pace(event) == "300 of 1,200 steps, 50.0 steps/s, 18.0 s left"
    assert pace(event.model_copy(update={"total": 0})) == "300 steps, 50.0 steps/s"
    assert pace(event.model_copy(update={"done": 0})) == "0 of 1,200 steps"
