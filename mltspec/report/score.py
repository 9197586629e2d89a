"""The ML Test Score of the infrastructure section, from runs on record.

A test earns its point when an expectation of that kind passed in a run that is young enough. One that is skipped,
known to fail, a dry run or of severity ``warn`` earns nothing, and neither does a run that nobody kept.

Source: Breck et al., "What's your ML Test Score? A rubric for ML production systems", NIPS 2016: seven tests to a
section, and the score of the whole is that of its weakest section of four.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from xml.sax.saxutils import escape

from mltspec.plan.verdict import Verdict
from mltspec.plan.wire import Wire
from mltspec.report.json_report import ExpectationReport, RunReport

TESTS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        1: ("training is reproducible", "expect training reproducible"),
        2: ("model code is unit tested", "expect loss decreases"),
        3: ("the pipeline is integration tested", "expect serving matches training features"),
        4: ("quality is validated before serving", "expect accuracy on holdout >= 0.9"),
        5: ("a single batch can be followed", "for any batch of 1..64 rows { expect outputs finite }"),
        6: ("models are canaried", "expect exported model agrees"),
        7: ("rollback is quick and safe", "expect rollback < 5 seconds"),
    }
)
"""The seven tests by number, and a line of spec that would earn the point."""

REMARK = (
    "this is one of the paper's four sections (infrastructure); its final score is the lowest of the four, and of "
    "data, model and monitoring nothing is said here"
)


class Point(Wire):
    """One test. ``earned_by`` is the youngest record of a pass; ``failing`` are what the youngest runs hold against it.

    ``earns`` is a line of spec that would earn the point, empty where it is earned.
    """

    test: int
    title: str
    points: float
    earned_by: str = ""
    on: str = ""
    failing: tuple[str, ...] = ()
    earns: str = ""


class Score(Wire):
    """The seven tests, their sum, and how old a record may be."""

    points: float
    of: int
    tests: tuple[Point, ...]
    oldest_days: float
    ignored: int
    remark: str = REMARK


def score(runs: Sequence[RunReport], oldest: timedelta, now: datetime | None = None) -> Score:
    """Return the score of runs on record; those older than ``oldest``, of the future or without a time are ignored."""
    today = now or datetime.now(UTC)
    dated = [(written, run) for run in runs if (written := _written(run)) is not None]
    young = [(written, run) for written, run in dated if timedelta(0) <= today - written <= oldest]
    last: dict[tuple[str, str], tuple[datetime, ExpectationReport]] = {}
    passed: dict[int, tuple[datetime, ExpectationReport]] = {}
    for written, run in sorted(young, key=lambda each: each[0]):
        for each in run.expectations:
            if not each.decides:
                continue
            last[each.at.file, each.id] = (written, each)
            if each.verdict is Verdict.PASSED:
                passed[each.test] = (written, each)
    points = tuple(_point(test, passed.get(test), [each for _, each in last.values()]) for test in TESTS)
    return Score(
        points=sum(each.points for each in points),
        of=len(TESTS),
        tests=points,
        oldest_days=oldest / timedelta(days=1),
        ignored=len(runs) - len(young),
    )


def _written(run: RunReport) -> datetime | None:
    try:
        written = datetime.fromisoformat(run.written)
    except ValueError:
        return None
    return written if written.tzinfo else None


def _point(test: int, earned: tuple[datetime, ExpectationReport] | None, last: Sequence[ExpectationReport]) -> Point:
    title, line = TESTS[test]
    harmless = (Verdict.PASSED, Verdict.SKIPPED, Verdict.XFAIL)
    failing = tuple(f"{each.id} {each.verdict}" for each in last if each.test == test and each.verdict not in harmless)
    if earned is None:
        return Point(test=test, title=title, points=0.0, failing=failing, earns=line)
    written, each = earned
    return Point(test=test, title=title, points=1.0, earned_by=each.id, on=f"{written:%Y-%m-%d}", failing=failing)


def badge(found: Score) -> str:
    """Return the score as an SVG badge."""
    text = f"{found.points:g}/{found.of}"
    color = "#1a7f45" if found.points >= 6 else "#8a5a00" if found.points >= 3 else "#c0271d"
    label, left, right = "ML Test Score: infrastructure", 190, 14 + 9 * len(text)
    width = left + right
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" '
        f'aria-label="{escape(label)} {escape(text)}"><title>{escape(label)} {escape(text)}</title>'
        f'<rect width="{width}" height="20" rx="3" fill="#3b4248"/>'
        f'<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right - 3}z" fill="{color}"/>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="14">{escape(label)}</text>'
        f'<text x="{left + right / 2:g}" y="14" font-weight="bold">{escape(text)}</text></g></svg>\n'
    )
