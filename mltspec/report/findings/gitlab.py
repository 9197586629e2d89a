"""GitLab's code quality report.

Source: GitLab Docs, "Code Quality", section "Code Quality report format".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from mltspec.language.diagnostic import Severity
from mltspec.report.findings.finding import Finding, counting, fingerprints, portable

SEVERITIES: Mapping[Severity, str] = MappingProxyType(
    {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}
)


def to_text(findings: Iterable[Finding]) -> str:
    """Return the report; what was waived is left out."""
    kept = counting(findings)
    issues = [_issue(each, fingerprint) for each, fingerprint in zip(kept, fingerprints(kept), strict=True)]
    return json.dumps(issues, indent=2) + "\n"


def _issue(finding: Finding, fingerprint: str) -> dict[str, Any]:
    begin, end = (finding.region.line, finding.region.end_line) if finding.region else (1, 1)
    return {
        "description": finding.text,
        "check_name": finding.name,
        "fingerprint": fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": {"path": portable(finding.file), "lines": {"begin": begin, "end": end}},
    }
