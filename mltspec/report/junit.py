"""JUnit XML, as CI servers read it.

A suite of a spec is a ``testsuite``, an expectation a ``testcase``: ``classname`` is the spec's path with dots
and the suite, ``name`` the id, unique in a run.

| verdict                           | element     |
|-----------------------------------|-------------|
| failed, xpass                     | ``failure`` |
| error, timed out, inconclusive    | ``error``   |
| skipped, xfail                    | ``skipped`` |
| any of these that does not decide | ``skipped`` |

A known failure is skipped, not passed, so that a green build does not hide it; a dry run or ``severity warn``
must not turn the build red. Nothing is retried, so no test case stands twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from xml.etree import ElementTree as ET

from mltspec.plan.verdict import Verdict
from mltspec.report.json_report import ExpectationReport, RunReport

ELEMENTS = {
    Verdict.FAILED: "failure",
    Verdict.XPASS: "failure",
    Verdict.ERROR: "error",
    Verdict.TIMED_OUT: "error",
    Verdict.INCONCLUSIVE: "error",
    Verdict.SKIPPED: "skipped",
    Verdict.XFAIL: "skipped",
}
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_text(run: RunReport) -> str:
    """Return a run as JUnit XML."""
    suites: dict[tuple[str, str], list[ExpectationReport]] = {}
    for each in run.expectations:
        suites.setdefault((each.at.file, each.suite), []).append(each)
    root = ET.Element("testsuites", {"name": "mltspec", "time": f"{run.seconds:.3f}"} | _counts(run.expectations))
    for (file, suite), found in suites.items():
        seconds = sum(each.seconds for each in found)
        attributes = {"name": legal(suite), "file": legal(file), "time": f"{seconds:.3f}"} | _counts(found)
        element = ET.SubElement(root, "testsuite", attributes)
        for each in found:
            _case(element, each)
    errors = [each for each in run.diagnostics if each["severity"] == "error"]
    if errors:
        _spec_errors(root, errors)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, "unicode")}\n'


def legal(text: str) -> str:
    r"""Return a text without the characters that XML cannot hold, shown as ``\x1b``."""
    return _ILLEGAL.sub(lambda found: found[0].encode("unicode_escape", "backslashreplace").decode(), text)


def _element(each: ExpectationReport) -> str | None:
    name = ELEMENTS.get(each.verdict)
    return "skipped" if name and not each.decides else name


def _counts(found: Sequence[ExpectationReport]) -> dict[str, str]:
    elements = [_element(each) for each in found]
    return {
        "tests": str(len(found)),
        "failures": str(elements.count("failure")),
        "errors": str(elements.count("error")),
        "skipped": str(elements.count("skipped")),
    }


def _spec_errors(root: ET.Element, errors: Sequence[dict[str, Any]]) -> None:
    """Nothing was run: an empty file would look like a green build."""
    count = str(len(errors))
    suite = ET.SubElement(root, "testsuite", {"name": "specs", "tests": count, "errors": count})
    for each in errors:
        place = f"{each['file']}:{each['line']}:{each['column']}"
        name = {"classname": legal(classname(each["file"], "spec")), "name": legal(f"{each['name']} at {place}")}
        case = ET.SubElement(suite, "testcase", name | {"time": "0.000"})
        message = legal(f"{place}: {each['message']}")
        ET.SubElement(case, "error", {"message": message, "type": "spec error"}).text = message


def _case(parent: ET.Element, each: ExpectationReport) -> None:
    case = ET.SubElement(
        parent,
        "testcase",
        {
            "classname": legal(classname(each.at.file, each.suite)),
            "name": legal(each.id),
            "time": f"{each.seconds:.3f}",
            "file": legal(each.at.file),
            "line": str(each.at.line),
        },
    )
    properties = ET.SubElement(case, "properties")
    for name, value in (
        ("verdict", str(each.verdict)),
        ("check", each.check),
        ("test", str(each.test)),
        ("seed", str(each.seed)),
        ("reproduce", each.reproduce),
    ):
        ET.SubElement(properties, "property", {"name": name, "value": legal(value)})
    element = _element(each)
    if element is None:
        return
    message = each.explanation
    if element == "skipped" and each.verdict is not Verdict.SKIPPED:
        message = f"{each.verdict}: {message}"
    result = ET.SubElement(case, element, {"message": legal(message), "type": str(each.verdict)})
    result.text = legal(told(each))


def classname(file: str, suite: str) -> str:
    """Return ``specs.delay.training`` for the suite ``training`` of ``specs/delay.mlt``."""
    path = PurePath(file)
    parts = [part for part in path.with_suffix("").parts if part not in (path.anchor, ".", "..")]
    return ".".join((*parts, suite))


def told(each: ExpectationReport) -> str:
    """Return an expectation in full as plain lines: place, operands, why, seed, and the command that repeats it."""
    lines = [f"{each.at.file}:{each.at.line}: {each.text}"]
    if each.bound is not None:
        lines.append(f"expected: {each.bound.text}")
    if each.measured is not None:
        lines.append(f"measured: {each.measured.text}")
    lines += [each.explanation, *each.details, f"seed: {each.seed}"]
    return "\n".join([*lines, f"again: {each.reproduce}"] if each.reproduce else lines)
