"""Markdown, for a pull request's comment or a job's summary: the sum, then what did not hold, then the rest folded."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from mltspec.language.render import printable
from mltspec.plan.verdict import Verdict
from mltspec.report.json_report import ExpectationReport, RunReport
from mltspec.report.outcome import VERDICTS
from mltspec.report.paint import counted, duration

SIGNS = {
    Verdict.PASSED: "✅",
    Verdict.FAILED: "❌",
    Verdict.XPASS: "❌",
    Verdict.ERROR: "💥",
    Verdict.TIMED_OUT: "⏱️",
    Verdict.INCONCLUSIVE: "❔",
    Verdict.SKIPPED: "⏭️",
    Verdict.XFAIL: "🔶",
}
MOST_DETAILS = 12
MOST_TEXT = 900_000
"""A job's summary may have a megabyte; what is longer is refused whole."""

_STEERS = re.compile(r"([\\`*_{}\[\]()#+!|~@-])")


def to_text(run: RunReport) -> str:
    """Return a run as Markdown (GitHub's and GitLab's)."""
    wrong = [each for each in run.expectations if each.verdict not in (Verdict.PASSED, Verdict.SKIPPED, Verdict.XFAIL)]
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in run.counts.items()) or "no expectation judged"
    lines = [f"## mltspec: {run.verdict}", "", f"{counts} in {duration(run.seconds)}."]
    if run.unreached:
        lines[-1] += f" {counted(run.unreached, 'expectation')} not reached."
    for found in run.diagnostics:
        if found["severity"] == "error":
            lines += ["", f"- **{escaped(found['name'])}** at {_place(found['file'], found['line'])}: "]
            lines[-1] += escaped(found["message"])
    for each in wrong:
        lines += ["", *_in_full(each)]
    lines += ["", *_folded("All expectations", _table(run.expectations))]
    about = ", ".join(f"{name} {value}" for name, value in run.environment.items())
    lines += ["", f"<sub>mltspec {escaped(run.version)}; {escaped(about)}</sub>", ""]
    text = "\n".join(lines)
    if len(text.encode()) > MOST_TEXT:
        text = text.encode()[:MOST_TEXT].decode("utf-8", "ignore") + "\n\n… cut here: see the HTML or JSON report.\n"
    return text


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is: no link, no mention, no HTML, on one line."""
    plain = printable(" ".join(text.split()))
    return _STEERS.sub(r"\\\1", html.escape(plain, quote=False))


def _in_full(each: ExpectationReport) -> Iterable[str]:
    weight = "" if each.decides else " (does not decide)"
    yield f"### {SIGNS[each.verdict]} {escaped(each.id)}: {VERDICTS[each.verdict].word.lower()}{weight}"
    yield ""
    yield f"{_place(each.at.file, each.at.line)}: {_code(each.text)}"
    yield ""
    if each.bound is not None:
        yield f"- expected: {escaped(each.bound.text)}"
    if each.measured is not None:
        yield f"- measured: {escaped(each.measured.text)}"
    yield f"- because: {escaped(each.explanation)}"
    yield f"- seed: {each.seed}"
    if each.details:
        kept = [printable(line) for line in each.details[:MOST_DETAILS]]
        kept += [f"… {len(each.details) - MOST_DETAILS:,} more lines"] if len(each.details) > MOST_DETAILS else []
        yield ""
        yield from _fenced(kept)
    if each.reproduce:
        yield ""
        yield from _fenced([printable(each.reproduce)])


def _table(expectations: Sequence[ExpectationReport]) -> Iterable[str]:
    yield "| | expectation | measured | expected | time |"
    yield "|---|---|---|---|---|"
    for each in expectations:
        measured = escaped(each.measured.text) if each.measured else ""
        bound = escaped(each.bound.text) if each.bound else ""
        spent = "cached" if each.cached else duration(each.seconds)
        sign = f"{SIGNS[each.verdict]} {each.verdict}"
        yield f"| {sign} | {escaped(each.id)} | {measured} | {bound} | {spent} |"


def _folded(title: str, lines: Iterable[str]) -> Iterable[str]:
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"


def _place(file: str, line: int) -> str:
    return f"{_code(file)} line {line}"


def _code(text: str) -> str:
    plain = printable(" ".join(text.split()))
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", plain)), default=0))
    return f"{fence} {plain} {fence}" if "`" in plain else f"`{plain}`"


def _fenced(lines: Sequence[str]) -> Iterable[str]:
    fence = "`" * max(3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0))
    yield f"{fence}text"
    yield from lines
    yield fence
