"""The picture of a rollback: answers by version over time, about the order to roll back."""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.evidence.drill import Drill, Point, RollbackEvidence
from mltspec.plan.picture import Curves, Line, Moment, Phase

_BINS = 80
_AROUND_S = 0.25
"""Shown before the order and after the last other answer, at the least."""
_NAMES = {"old": "version {target}", "new": "version {candidate}", "failed": "failed", "wrong": "wrong"}


def answers_over_time(seen: RollbackEvidence) -> list[Curves]:
    """Return how many answers a second came from each version in the worst drill."""
    if not seen.points or not seen.drills:
        return []
    worst = max(seen.drills, key=lambda drill: drill.last_other)
    start, end = _window(seen.points, worst)
    width = (end - start) / _BINS
    middles = tuple(round(start + (at + 0.5) * width, 4) for at in range(_BINS))
    lines = []
    for kind, name in _NAMES.items():
        ended = [point.ended for point in seen.points if point.version == kind]
        rates = _rates(ended, start, width)
        if any(rates) or kind in ("old", "new"):
            text = name.format(target=seen.target, candidate=seen.candidate)
            lines.append(Line(name=text, x=middles, y=rates))
    return [
        Curves(
            title=f"answers by version, about the slowest of {len(seen.drills):,} rollbacks",
            x="seconds since the rollback was ordered",
            y="answers a second",
            lines=tuple(lines),
            moments=_moments(worst, end),
            phases=(Phase(start=0.0, end=min(worst.last_other, end), text="rolling back"),),
        )
    ]


def _window(points: Sequence[Point], worst: Drill) -> tuple[float, float]:
    first, last = min(point.ended for point in points), max(point.ended for point in points)
    around = max(_AROUND_S, 2 * min(worst.last_other, last))
    return max(first, -around), max(min(last, worst.last_other + around), _AROUND_S)


def _rates(ended: Sequence[float], start: float, width: float) -> tuple[float, ...]:
    counts = [0] * _BINS
    for each in ended:
        at = int((each - start) / width)
        if 0 <= at < _BINS:
            counts[at] += 1
    return tuple(round(count / width, 2) for count in counts)


def _moments(worst: Drill, end: float) -> tuple[Moment, ...]:
    """Return the order, and what followed, unless it is too near to be told apart."""
    found = [Moment(at=0.0, text="ordered")]
    if worst.acknowledged > 0.02 * end:
        found.append(Moment(at=round(worst.acknowledged, 4), text="command returned"))
    if worst.last_other < end:
        found.append(Moment(at=round(worst.last_other, 4), text="last other answer"))
    return tuple(found)
