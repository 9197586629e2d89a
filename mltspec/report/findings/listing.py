"""Findings as JSON of our own: all that is known of each. Fields are only ever added."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mltspec import __version__
from mltspec.report.findings.finding import Finding, Region, fingerprints


def to_text(findings: Sequence[Finding], files: int) -> str:
    """Return every finding, also those waived; ``files`` is how many were looked at."""
    listed = [_entry(each, fingerprint) for each, fingerprint in zip(findings, fingerprints(findings), strict=True)]
    return json.dumps({"version": __version__, "files": files, "diagnostics": listed}, indent=2) + "\n"


def _entry(finding: Finding, fingerprint: str) -> dict[str, Any]:
    return {
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": finding.file,
        **_place(finding.region or Region(1, 1, 1, 1)),
        "label": finding.label,
        "related": [{**_place(remark.region), "label": remark.text} for remark in finding.related],
        "help": finding.help,
        "fixes": [
            {
                "title": repair.title,
                "safe": repair.safe,
                "edits": [{**_place(change.region), "text": change.text} for change in repair.changes],
            }
            for repair in finding.repairs
        ],
        "fingerprint": fingerprint,
        "waived": finding.waived,
    }


def _place(region: Region) -> dict[str, int]:
    return asdict(region)
