"""Writes the page: every word of a run through a template that escapes, pictures as data that a script draws.

The page forbids itself every script but its own two, by their digests, so that nothing a user typed could run even if
it were not escaped.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mltspec.language.render import printable
from mltspec.plan.picture import Table
from mltspec.plan.verdict import Verdict
from mltspec.report.html.numbers import table_of
from mltspec.report.json_report import ExpectationReport, RunReport, finite
from mltspec.report.outcome import VERDICTS, Overall
from mltspec.report.paint import counted, duration

HERE = Path(__file__).parent
TESTS = {
    1: "Training is reproducible",
    2: "Model code is unit tested",
    3: "The pipeline is integration tested",
    4: "Quality is validated before serving",
    5: "A single batch can be followed",
    6: "Models are canaried",
    7: "Rollback is quick and safe",
}
"""The infrastructure tests of the ML Test Score (Breck et al., 2016) by number."""

WRONG = frozenset({Verdict.FAILED, Verdict.XPASS, Verdict.ERROR, Verdict.TIMED_OUT, Verdict.INCONCLUSIVE})

HEADLINES = {
    Overall.PASSED: "All held",
    Overall.FAILED: "Not ready: an expectation failed",
    Overall.NOT_JUDGED: "Not decided: some could not be judged",
    Overall.NOTHING_RAN: "Nothing ran",
    Overall.SPEC_ERROR: "Nothing ran: a spec is wrong",
    Overall.INTERRUPTED: "Interrupted before all was judged",
}


@dataclass(frozen=True)
class Group:
    """The expectations of one test of the score, and how many ended how."""

    number: int
    title: str
    count: int
    counts: tuple[tuple[Verdict, int], ...]


@dataclass(frozen=True)
class Suite:
    """A suite of a spec with its expectations."""

    name: str
    file: str
    expectations: tuple[ExpectationReport, ...]


def to_text(run: RunReport) -> str:
    """Return the page."""
    pictures: list[dict[str, Any]] = []

    def draw(picture: Any) -> int:
        pictures.append(_printable(finite(picture.model_dump(mode="json"))))
        return len(pictures) - 1

    return (
        environment()
        .get_template("report.html")
        .render(
            run=run,
            headline=HEADLINES[run.verdict],
            groups=_groups(run.expectations),
            suites=_suites(run.expectations),
            wrong=[each for each in run.expectations if each.verdict in WRONG and each.decides],
            unchecked=[each for each in run.expectations if each.verdict is Verdict.SKIPPED or not each.decides],
            style=(HERE / "style.css").read_text("utf-8"),
            policy=_policy(),
            draw=draw,
            embedded=lambda: _embedded(pictures),
            plot=_plot_packed(),
            script=_script(),
        )
    )


@cache
def environment() -> Environment:
    """Return what fills in templates: it escapes, and what is missing in one is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"safe_text": _text, "duration": duration, "counted": counted, "slug": _slug}
    made.globals |= {
        "words": {verdict: look.word.lower() for verdict, look in VERDICTS.items()},
        "tests": TESTS,
        "is_table": lambda picture: isinstance(picture, Table),
        "table_of": table_of,
    }
    return made


def _text(text: str) -> str:
    """Return text with control characters and reversed writing shown as escapes, lines kept."""
    return "\n".join(map(printable, text.split("\n")))


def _printable(value: Any) -> Any:
    """Return JSON with every string of it as a page may show it."""
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_printable(item) for item in value]
    return _text(value) if isinstance(value, str) else value


def _slug(each: ExpectationReport) -> str:
    digest = hashlib.sha256(f"{each.at.file}\0{each.id}".encode("utf-8", "backslashreplace")).hexdigest()
    return f"e-{digest[:12]}"


def _groups(expectations: Sequence[ExpectationReport]) -> list[Group]:
    groups = []
    for number, title in TESTS.items():
        counts = Counter(each.verdict for each in expectations if each.test == number)
        ordered = tuple((verdict, counts[verdict]) for verdict in VERDICTS if counts[verdict])
        groups.append(Group(number, title, sum(counts.values()), ordered))
    return groups


def _suites(expectations: Sequence[ExpectationReport]) -> list[Suite]:
    found: dict[tuple[str, str], list[ExpectationReport]] = {}
    for each in expectations:
        found.setdefault((each.at.file, each.suite), []).append(each)
    return [Suite(name, file, tuple(those)) for (file, name), those in found.items()]


def _embedded(pictures: Sequence[dict[str, Any]]) -> str:
    """Return data that may stand in a script element: no text in it can end that element."""
    text = json.dumps(pictures, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@cache
def _script() -> str:
    return (HERE / "report.js").read_text("utf-8")


@cache
def _plot() -> bytes:
    return gzip.decompress((HERE / "vendor" / "plot.js.gz").read_bytes())


@cache
def _plot_packed() -> str:
    return base64.b64encode((HERE / "vendor" / "plot.js.gz").read_bytes()).decode()


@cache
def _policy() -> str:
    allowed = " ".join(_digest(text) for text in (_script().encode(), _plot()))
    return (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
