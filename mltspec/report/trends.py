"""A history as text: the last runs, and every expectation over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltspec.language.render import printable
from mltspec.report.history import Run, Trend
from mltspec.report.paint import counted

FEWEST = 8
"""With fewer values no drift could be told from chance."""
CHANCE = 0.01
"""How often a drift is seen in any of the expectations where there is none."""
BLOCKS = "▁▂▃▄▅▆▇█"
MARKS = {
    "passed": "·",
    "failed": "F",
    "inconclusive": "?",
    "error": "E",
    "timed out": "T",
    "skipped": "s",
    "xfail": "x",
}
WIDTH = 40


def lines(runs: Sequence[Run], trends: Sequence[Trend]) -> Iterator[str]:
    """Write a history, the newest run last."""
    if not runs:
        yield "no run is on record yet"
        return
    yield f"{counted(len(runs), 'run')} from {shown(runs[0].started)} to {shown(runs[-1].started)}"
    for run in runs[-10:]:
        yield f"  {run.id:>5}  {shown(run.started)}  {run.outcome or 'running':<12}  {printable(run.reason)}"
    for trend in trends:
        yield ""
        yield printable(trend.expectation)
        yield f"  {strip(trend)}  {trend.last.verdict} since run {trend.since()}"
        values = spark(trend)
        if values:
            bound = f" ({printable(trend.last.bound)})" if trend.last.bound else ""
            yield f"  {values}  {printable(trend.last.measured)}{bound}"
        told = drift(trend, len(trends))
        if told:
            yield f"  {told}"


def shown(moment: str) -> str:
    """Return a moment as people read it."""
    return moment.replace("T", " ").replace("+00:00", " UTC")


def strip(trend: Trend) -> str:
    """Return one character for each of the last runs."""
    return "".join(MARKS.get(each.verdict, "X") for each in trend.seen[-WIDTH:])


def spark(trend: Trend) -> str:
    """Return the measured values of the last runs as a line of blocks; empty where fewer than two are numbers."""
    values = [each.value for each in trend.seen[-WIDTH:] if each.value is not None]
    if len(values) < 2:
        return ""
    low, span = min(values), max(values) - min(values)
    if not span < float("inf"):
        return ""
    return "".join(BLOCKS[round((value - low) / span * (len(BLOCKS) - 1)) if span else 0] for value in values)


def drift(trend: Trend, among: int) -> str:
    """Say whether what was measured rises or falls over the runs, and is not likely to do so by chance.

    Kendall's tau of values against their order, for those that were measured anew; its probability is held against a
    hundredth, shared out among all expectations of the history.

    Source: Mann, "Nonparametric tests against trend", Econometrica 13(3), 1945.
    """
    fresh = [each for each in trend.seen if each.value is not None and not each.cached]
    values = [float(each.value) for each in fresh if each.value is not None]
    if len(values) < FEWEST or len(set(values)) < 2:
        return ""
    from scipy.stats import kendalltau

    found = kendalltau(range(len(values)), values)
    if not found.pvalue * max(1, among) < CHANCE:
        return ""
    way = "rises" if found.statistic > 0 else "falls"
    return f"{way} over {len(values)} measurements since run {fresh[0].run} (p = {found.pvalue:.2g}, Kendall's tau)"
