"""GitHub's workflow commands: printed to a job's log, they become annotations of the changed files.

Source: GitHub Docs, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mltspec.language.diagnostic import Severity
from mltspec.language.render import printable
from mltspec.report.findings.finding import Finding, counting, portable

COMMANDS: Mapping[Severity, str] = MappingProxyType(
    {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
)


def to_text(findings: Iterable[Finding]) -> str:
    """Return one command a line; what was waived is left out."""
    return "".join(f"{_command(each)}\n" for each in counting(findings))


def _command(finding: Finding) -> str:
    place = {"file": portable(finding.file)}
    region = finding.region
    if region is not None:
        place |= {"line": str(region.line), "endLine": str(region.end_line), "col": str(region.column)}
        if region.end_line == region.line and region.end_column > region.column:
            place["endColumn"] = str(region.end_column - 1)  # GitHub counts the last column in
    place["title"] = finding.name
    where = ",".join(f"{name}={_property(value)}" for name, value in place.items())
    return f"::{COMMANDS[finding.severity]} {where}::{escaped(finding.text)}"


def escaped(text: str) -> str:
    """Return a text that cannot end its command, nor begin another one; its line ends stay line ends."""
    lines = (printable(line).replace("%", "%25") for line in text.splitlines())
    return "%0A".join(lines)


def _property(text: str) -> str:
    return escaped(text).replace(":", "%3A").replace(",", "%2C")
