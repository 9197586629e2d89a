"""Colours and lengths of time, as all reports show them."""

from __future__ import annotations

from dataclasses import dataclass

DIM = "2"
BOLD = "1"
FRAME = "34"


@dataclass(frozen=True)
class Paint:
    """Puts text in colour, or leaves it alone."""

    color: bool = False

    def __call__(self, text: str, tone: str) -> str:
        """Return a text in a tone (SGR parameters)."""
        return f"\x1b[{tone}m{text}\x1b[0m" if self.color and text and tone else text


def duration(seconds: float) -> str:
    """Return ``0.4 s``, ``12.5 s``, ``2 min 05 s`` or ``3 h 20 min``."""
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def counted(count: int, noun: str) -> str:
    """Return ``1 expectation`` or ``1,200 expectations``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
