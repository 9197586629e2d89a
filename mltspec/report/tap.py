"""TAP version 14: one line an expectation, and why it does not hold below it.

What does not decide is `# TODO`, as TAP has it for failures that are known; a skipped one is `# SKIP`.

Source: Test Anything Protocol 14, testanything.org.
"""

from __future__ import annotations

import json

from mltspec.language.render import printable
from mltspec.plan.verdict import Verdict
from mltspec.report.json_report import ExpectationReport, RunReport

HELD = frozenset({Verdict.PASSED, Verdict.SKIPPED})


def to_text(run: RunReport) -> str:
    """Return a run as TAP."""
    lines = ["TAP version 14", f"1..{len(run.expectations)}"]
    for number, each in enumerate(run.expectations, 1):
        lines += _lines(number, each)
    errors = [each for each in run.diagnostics if each["severity"] == "error"]
    if errors:
        first = errors[0]
        lines.append(f"Bail out! {printable(first['file'])}:{first['line']}: {printable(first['message'])}")
    elif run.unreached:
        lines.append(f"Bail out! {run.unreached} expectations were not reached")
    return "\n".join(lines) + "\n"


def _lines(number: int, each: ExpectationReport) -> list[str]:
    word = "ok" if each.verdict in HELD else "not ok"
    line = f"{word} {number} - {_escaped(each.id)}{_directive(each)}"
    if each.verdict is Verdict.PASSED:
        return [line]
    facts = {
        "verdict": str(each.verdict),
        "message": each.explanation,
        "at": f"{each.at.file}:{each.at.line}",
        "expected": each.bound.text if each.bound else None,
        "measured": each.measured.text if each.measured else None,
        "seed": each.seed,
        "again": each.reproduce or None,
    }
    # JSON scalars are YAML scalars, and json escapes what must not reach a terminal.
    block = [f"  {name}: {json.dumps(value)}" for name, value in facts.items() if value is not None]
    return [line, "  ---", *block, "  ..."]


def _directive(each: ExpectationReport) -> str:
    if each.verdict is Verdict.SKIPPED:
        return f" # SKIP {_escaped(each.explanation)}"
    if each.verdict is Verdict.XFAIL:
        return " # TODO known to fail"
    return "" if each.decides or each.verdict is Verdict.PASSED else " # TODO does not decide"


def _escaped(text: str) -> str:
    return printable(" ".join(text.split())).replace("\\", "\\\\").replace("#", "\\#")
