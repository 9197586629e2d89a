"""What a tracker is given of a run: values and curves by name, with whole numbers for steps."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from mltspec.plan.picture import Curves, Line
from mltspec.plan.verdict import Verdict
from mltspec.report.json_report import ExpectationReport, RunReport


@dataclass(frozen=True)
class Series:
    """Values over steps, under a name of its own; a single value stands at step 0."""

    name: str
    points: tuple[tuple[int, float], ...]


def series(run: RunReport) -> Iterator[Series]:
    """Return, of every expectation, whether it held (1 or 0), what was measured, and the lines of its curves.

    What could not be judged has no verdict here: it neither held nor failed. Values that are not finite are left out of
    what is measured, and kept in curves, where trackers show them.
    """
    for each in run.expectations:
        held = {Verdict.PASSED: 1.0, Verdict.FAILED: 0.0}.get(each.verdict)
        if held is not None:
            yield Series(f"held/{each.id}", ((0, held),))
        if each.measured is not None and each.measured.value is not None and math.isfinite(each.measured.value):
            yield Series(f"measured/{each.id}", ((0, each.measured.value),))
        yield from _curves(each)


def _curves(expectation: ExpectationReport) -> Iterator[Series]:
    taken: set[str] = set()
    for picture in expectation.pictures:
        if isinstance(picture, Curves):
            for line in picture.lines:
                name = f"curves/{expectation.id}/{picture.title}/{line.name}"
                while name in taken:
                    name += "'"
                taken.add(name)
                yield Series(name, tuple(zip(_steps(line), line.y, strict=True)))


def _steps(line: Line) -> list[int]:
    """Return a line's places as steps: as they are where they are whole numbers, else counted."""
    whole = all(float(x).is_integer() for x in line.x)
    return [int(x) for x in line.x] if whole else list(range(len(line.x)))
