"""The ML Test Score of the infrastructure section, from runs on record and from what is attested.

A test earns its point when an expectation of that kind passed in a run that is young enough, and half of it when a
spec attests that somebody did it by hand. One that is skipped, known to fail, a dry run or of severity ``warn`` earns
nothing, and neither does a run that nobody kept.

Reports are read as plain JSON: of their records only a few fields are wanted, and pydantic alone would take most of
the time that the verb may take.

Source: Breck et al., "What's your ML Test Score? A rubric for ML production systems", NIPS 2016: seven tests to a
section, and the score of the whole is that of its weakest section of four.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mltspec.compile.names import Attested

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

TOPICS: Mapping[int, str] = MappingProxyType(
    dict(enumerate(["reproducibility", "model_code", "integration", "quality", "debugging", "canary", "rollback"], 1))
)
SECTIONS = ("data_tests", "model_tests", "monitoring_tests")
"""What can be attested, as ``compile.attesting`` names it; a test holds them equal."""

PASSED = "passed"
HARMLESS = (PASSED, "skipped", "xfail")
"""Verdicts, as reports write them, that hold nothing against a test."""

REMARK = "this is one of the paper's four sections (infrastructure); its final score is the lowest of the four"
BY_HAND = 0.5
MANUAL_DAYS = 183
"""How long something done by hand counts: half a year, which is as often as anybody repeats it."""


@dataclass(frozen=True)
class Held:
    """An expectation of a run, as far as a score wants it: see ``json_report.ExpectationReport``."""

    id: str
    test: int
    verdict: str
    decides: bool
    file: str


@dataclass(frozen=True)
class Record:
    """A run on record, and when it was written (UTC; None where it does not say)."""

    written: datetime | None
    expectations: tuple[Held, ...]


@dataclass(frozen=True)
class Point:
    """One test. ``earned_by`` is the youngest record of a pass; ``failing`` are what the youngest runs hold against it.

    ``earns`` is a line of spec that would earn the point, empty where it is earned; ``attested`` who did it by hand.
    """

    test: int
    title: str
    points: float
    earned_by: str = ""
    on: str = ""
    failing: tuple[str, ...] = ()
    earns: str = ""
    attested: str = ""


@dataclass(frozen=True)
class Score:
    """The seven tests, their sum, and how old a record may be.

    ``sections`` are the other three as attested, None where they are not; ``final`` is the lowest of all four, None
    where one is not known. ``refused`` says which attestations do not count, and why.
    """

    points: float
    of: int
    tests: tuple[Point, ...]
    oldest_days: float
    ignored: int
    sections: Mapping[str, float | None] = field(default_factory=dict)
    final: float | None = None
    refused: tuple[str, ...] = ()
    remark: str = REMARK


def recorded(text: str | bytes) -> Record:
    """Read what a score wants of a JSON report.

    Raises:
        ValueError: it is no report of a run.
    """
    try:
        found = json.loads(text)
        expectations = tuple(map(_held, found["expectations"]))
        return Record(_written(found.get("written", "")), expectations)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise ValueError("not a JSON report of `mltspec run --json`") from problem


def _held(found: Mapping[str, Any]) -> Held:
    test = found["test"]
    if test not in TESTS or not isinstance(found["decides"], bool):
        raise ValueError("no expectation of a report")
    return Held(str(found["id"]), int(test), str(found["verdict"]), found["decides"], str(found["at"]["file"]))


def _written(text: str) -> datetime | None:
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return None
    return written if written.tzinfo else None


def score(
    runs: Sequence[Record],
    oldest: timedelta,
    now: datetime | None = None,
    attested: Sequence[Attested] = (),
) -> Score:
    """Return the score of runs on record; those older than ``oldest``, of the future or without a time are ignored."""
    today = now or datetime.now(UTC)
    standing, refused = _standing(attested, today.date())
    dated = [(run.written, run) for run in runs if run.written is not None]
    young = [(written, run) for written, run in dated if timedelta(0) <= today - written <= oldest]
    last: dict[tuple[str, str], Held] = {}
    passed: dict[int, tuple[datetime, Held]] = {}
    for written, run in sorted(young, key=lambda each: each[0]):
        for each in run.expectations:
            if not each.decides:
                continue
            last[each.file, each.id] = each
            if each.verdict == PASSED:
                passed[each.test] = (written, each)
    points = tuple(_point(test, passed.get(test), list(last.values()), standing.get(TOPICS[test])) for test in TESTS)
    total = sum(each.points for each in points)
    sections = {name: standing[name].points if name in standing else None for name in SECTIONS}
    known = [each for each in sections.values() if each is not None]
    return Score(
        points=total,
        of=len(TESTS),
        tests=points,
        oldest_days=oldest / timedelta(days=1),
        ignored=len(runs) - len(young),
        sections=sections,
        final=min(total, *known) if len(known) == len(SECTIONS) else None,
        refused=refused,
    )


def _standing(attested: Sequence[Attested], today: date) -> tuple[dict[str, Attested], tuple[str, ...]]:
    """Return the youngest attestation of each topic that counts, and why others do not."""
    counting: dict[str, Attested] = {}
    refused = []
    for each in sorted(attested, key=lambda one: one.on):
        age = (today - date.fromisoformat(each.on)).days
        if age < 0:
            refused.append(f"{each.topic}: {each.on} is still to come")
        elif age > MANUAL_DAYS:
            refused.append(f"{each.topic}: done on {each.on}, more than {MANUAL_DAYS} days ago; do it again")
        elif each.missing:
            refused.append(f"{each.topic}: there is no record `{each.record}` beside the spec")
        else:
            counting[each.topic] = each
    return counting, tuple(refused)


def _point(test: int, earned: tuple[datetime, Held] | None, last: Sequence[Held], by_hand: Attested | None) -> Point:
    title, line = TESTS[test]
    failing = tuple(f"{each.id} {each.verdict}" for each in last if each.test == test and each.verdict not in HARMLESS)
    if earned is not None:
        written, each = earned
        return Point(test=test, title=title, points=1.0, earned_by=each.id, on=f"{written:%Y-%m-%d}", failing=failing)
    if by_hand is not None:
        told = f"by {by_hand.by} on {by_hand.on}: {by_hand.record}"
        return Point(test=test, title=title, points=BY_HAND, failing=failing, earns=line, attested=told)
    return Point(test=test, title=title, points=0.0, failing=failing, earns=line)


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
