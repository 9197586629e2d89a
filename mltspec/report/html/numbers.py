"""The numbers behind a picture as a table: for a screen reader, for print, and for a browser without scripts."""

from __future__ import annotations

from mltspec.checks.wording import number
from mltspec.plan.picture import Bars, Curves, Picture, Table

MOST_ROWS = 25


def table_of(picture: Picture) -> Table:
    """Return a picture's numbers; of long curves every so many points."""
    match picture:
        case Curves():
            return _of_curves(picture)
        case Bars():
            return _of_bars(picture)
        case Table():
            return picture


def _of_curves(picture: Curves) -> Table:
    places = sorted({x for line in picture.lines for x in line.x})
    stride = max(1, -(-len(places) // MOST_ROWS))
    kept = {*places[::stride], *places[-1:], *(moment.at for moment in picture.moments)}
    values = [dict(zip(line.x, line.y, strict=False)) for line in picture.lines]
    rows = tuple(
        (number(x), *(number(line[x]) if x in line else "-" for line in values)) for x in sorted(kept & set(places))
    )
    return Table(title=picture.title, head=(picture.x, *(line.name for line in picture.lines)), rows=rows)


def _of_bars(picture: Bars) -> Table:
    judged = {True: "held", False: "did not hold", None: ""}
    rows = tuple(
        (
            bar.name,
            number(bar.value),
            "" if bar.low is None or bar.high is None else f"{number(bar.low)} to {number(bar.high)}",
            bar.note,
            judged[bar.held],
        )
        for bar in picture.bars
    )
    return Table(title=picture.title, head=("", picture.value, "interval", "", ""), rows=rows)
