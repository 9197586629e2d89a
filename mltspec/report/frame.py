"""The line of a spec that an expectation stands on, with its place and a mark below it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from mltspec.language.render import printable, shown, width
from mltspec.plan.plan import Expectation
from mltspec.report.paint import FRAME, Paint


def frame(expectation: Expectation, paint: Paint, tone: str) -> list[str]:
    """Return the lines of a frame like a diagnostic's.

    The spec is read again; where it is gone or has changed, the expectation's own text is shown instead.
    """
    at = expectation.at
    line, start = source_line(at.file, at.line), at.column - 1
    if not line[start:].startswith("expect"):
        line, start = f"  {expectation.text}", 2
    claim = line[start:].split(" #")[0].rstrip().removesuffix("{").rstrip()
    margin = len(str(at.line))
    bar = paint(f"{' ' * margin} |", FRAME)
    under = " " * width(shown(line[:start])) + paint("^" * max(1, width(shown(claim))), tone)
    return [
        f"{' ' * margin}{paint('-->', FRAME)} {printable(at.file)}:{at.line}:{at.column}",
        bar,
        f"{paint(f'{at.line} |', FRAME)} {shown(line.rstrip())}",
        f"{bar} {under}",
    ]


def source_line(file: str, number: int) -> str:
    """Return a line of a spec, 1-based; empty where it cannot be read."""
    lines = _lines(file)
    return lines[number - 1] if 0 < number <= len(lines) else ""


@lru_cache(maxsize=32)
def _lines(file: str) -> tuple[str, ...]:
    try:
        return tuple(Path(file).read_text("utf-8", errors="replace").split("\n"))
    except (OSError, ValueError):
        return ()
