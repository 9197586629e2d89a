"""A history as a page: every expectation over the runs, drawn without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mltspec.report.history import Run, Trend
from mltspec.report.html.page import HERE, environment
from mltspec.report.trends import drift, shown

WIDTH, HEIGHT, MARGIN = 320.0, 48.0, 3.0


@dataclass(frozen=True)
class Drawn:
    """A trend with its line: points of an SVG polyline, and the height of the bound, None where it lies outside."""

    trend: Trend
    points: str
    bound: float | None
    drift: str


def to_text(runs: Sequence[Run], trends: Sequence[Trend]) -> str:
    """Return the page."""
    return (
        environment()
        .get_template("history.html")
        .render(
            runs=runs,
            trends=[_drawn(trend, len(trends)) for trend in trends],
            style=(HERE / "style.css").read_text("utf-8"),
            moment=shown,
            width=WIDTH,
            height=HEIGHT,
        )
    )


def _drawn(trend: Trend, among: int) -> Drawn:
    values = [(at, each.value) for at, each in enumerate(trend.seen) if each.value is not None]
    numbers = [value for _, value in values if abs(value) < float("inf")]
    if len(numbers) < 2:
        return Drawn(trend, "", None, "")
    limit = trend.last.limit
    reach = max(numbers) - min(numbers) or abs(numbers[0]) or 1.0
    near = limit is not None and min(numbers) - reach <= limit <= max(numbers) + reach
    ends = [*numbers, *([limit] if near and limit is not None else [])]
    low, span = min(ends), (max(ends) - min(ends)) or 1.0

    def height(value: float) -> float:
        return HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN)

    step = (WIDTH - 2 * MARGIN) / max(1, len(trend.seen) - 1)
    points = " ".join(f"{MARGIN + at * step:.1f},{height(v):.1f}" for at, v in values if abs(v) < float("inf"))
    return Drawn(trend, points, height(limit) if near and limit is not None else None, drift(trend, among))
