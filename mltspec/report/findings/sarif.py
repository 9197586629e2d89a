"""SARIF 2.1.0, which code hosts and editors show as alerts.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", 2020. Columns are code points and
never 0; paths are relative to the folder that the tool was started in; a fingerprint stays when lines move, so that
an alert is not closed and opened again by an edit above it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from mltspec import __version__
from mltspec.language.diagnostic import Severity
from mltspec.report.findings.finding import Finding, Kind, Region, Remark, Repair, fingerprints, portable

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "mltspec/v1"
ROOT = "%SRCROOT%"
LEVELS: Mapping[Severity, str] = MappingProxyType(
    {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
)


def to_text(findings: Sequence[Finding], kinds: Mapping[str, Kind]) -> str:
    """Return a log of one run; ``kinds`` describe the names of findings, those that occur are listed in it."""
    names = sorted({each.name for each in findings})
    index = {name: position for position, name in enumerate(names)}
    results = [
        _result(each, index[each.name], fingerprint)
        for each, fingerprint in zip(findings, fingerprints(findings), strict=True)
    ]
    driver = {
        "name": "mltspec",
        "semanticVersion": __version__,
        "rules": [_rule(name, kinds.get(name)) for name in names],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "the folder that mltspec was started in"}}},
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(name: str, kind: Kind | None) -> dict[str, Any]:
    if kind is None:
        return {"id": name}
    rule = {
        "id": name,
        "shortDescription": {"text": kind.what},
        "fullDescription": {"text": kind.why},
        "help": {"text": f"{kind.what}\n\n{kind.why}\n\nmltspec explain {name}"},
        "defaultConfiguration": {"level": LEVELS[kind.severity]},
    }
    return rule | {"properties": {"tags": [kind.group]}} if kind.group else rule


def _result(finding: Finding, index: int, fingerprint: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.name,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.text},
        "locations": [{"physicalLocation": _place(finding.file, finding.region)}],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [_related(finding.file, remark) for remark in finding.related]
    if finding.repairs:
        result["fixes"] = [_fix(finding.file, repair) for repair in finding.repairs]
    if finding.waived is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.waived}]
    return result


def _related(file: str, remark: Remark) -> dict[str, Any]:
    return {"physicalLocation": _place(file, remark.region), "message": {"text": remark.text}}


def _fix(file: str, repair: Repair) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _span(change.region), "insertedContent": {"text": change.text}} for change in repair.changes
    ]
    return {
        "description": {"text": repair.title},
        "artifactChanges": [{"artifactLocation": _file(file), "replacements": replacements}],
    }


def _place(file: str, region: Region | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _file(file)}
    return place if region is None else place | {"region": _span(region)}


def _span(region: Region) -> dict[str, int]:
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _file(file: str) -> dict[str, str]:
    path = portable(file)
    if PurePath(path).is_absolute():
        return {"uri": f"file://{quote(path, errors='replace')}"}
    return {"uri": quote(path, errors="replace"), "uriBaseId": ROOT}
