"""What a reader sees of the evidence: data to draw, without a word on how it is drawn.

Pictures travel with a verdict, so that a report can be written from a run's record alone, on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from mltspec.plan.wire import Wire

MOST_POINTS = 300
"""Points that a line of a picture needs; more would make reports large and no picture clearer."""


class Bound(Wire):
    """The value that was asked for, drawn across a picture."""

    value: float
    text: str


class Line(Wire):
    """One line of a picture: ``x`` and ``y`` are as long as each other."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


class Moment(Wire):
    """Something that happened at one place of the horizontal axis."""

    at: float
    text: str


class Phase(Wire):
    """A stretch of the horizontal axis: an epoch, a canary at some share of traffic, a rollback."""

    start: float
    end: float
    text: str


class Curves(Wire):
    """Values over steps or time. ``x`` and ``y`` name the axes, with units; ``log`` draws ``y`` by its logarithm."""

    kind: Literal["curves"] = "curves"
    title: str
    x: str
    y: str
    lines: tuple[Line, ...]
    moments: tuple[Moment, ...] = ()
    phases: tuple[Phase, ...] = ()
    bound: Bound | None = None
    log: bool = False


class Bar(Wire):
    """A named value; ``low`` and ``high`` are the ends of its interval; ``held`` is None where it was not judged."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    note: str = ""
    held: bool | None = None


class Bars(Wire):
    """Named values beside each other: a metric by slice, gradients by variable. ``value`` names the axis."""

    kind: Literal["bars"] = "bars"
    title: str
    value: str
    bars: tuple[Bar, ...]
    bound: Bound | None = None
    log: bool = False


class Table(Wire):
    """Rows of text. ``marked`` are cells, as (row, column), that a reader should look at first."""

    kind: Literal["table"] = "table"
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: tuple[tuple[int, int], ...] = ()


Picture = Annotated[Curves | Bars | Table, Field(discriminator="kind")]


def thinned(name: str, x: Sequence[float], y: Sequence[float], keep: Sequence[float] = ()) -> Line:
    """Return a line of at most ``MOST_POINTS`` points or so: evenly spaced, both ends, and those at ``keep``."""
    stride = max(1, -(-len(x) // MOST_POINTS))
    wanted = {*range(0, len(x), stride), len(x) - 1} if len(x) else set()
    kept = set(keep)
    wanted |= {at for at, place in enumerate(x) if place in kept} if kept else set()
    order = sorted(wanted)
    return Line(name=name, x=tuple(float(x[at]) for at in order), y=tuple(float(y[at]) for at in order))
