"""A change of a spec as a unified diff: to be read in a terminal, or to be applied with `patch`."""

from __future__ import annotations

from difflib import unified_diff
from typing import TextIO

from mltspec.language.render import printable
from mltspec.report.paint import BOLD, FRAME, Paint

TONES = {"-": "31", "+": "32", "@": FRAME}


def show_diff(name: str, before: str, after: str, stream: TextIO, color: bool) -> None:
    """Print the difference of two texts that lie, or would lie, under a name.

    In a terminal, control characters are shown as escapes: a spec must not be able to steer it.
    """
    paint = Paint(color)
    to_read = stream.isatty()
    for ended in unified_diff(_lines(before), _lines(after), name, name):
        line = ended.removesuffix("\n")
        tone = BOLD if line.startswith(("--- ", "+++ ")) else TONES.get(line[0], "")
        print(paint(printable(line.removesuffix("\r")) if to_read else line, tone), file=stream)
        if line is ended:
            print("\\ No newline at end of file", file=stream)


def _lines(text: str) -> list[str]:
    """Cut a text at the line ends of the language, and at no other character."""
    *whole, rest = text.split("\n")
    return [f"{line}\n" for line in whole] + [rest][: bool(rest)]
