"""What did not hold in a run, as findings at the lines of its specs: for SARIF, annotations and code quality."""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.diagnostic import Severity
from mltspec.plan.verdict import Verdict
from mltspec.report.findings import github, gitlab, sarif
from mltspec.report.findings.finding import Finding, Kind, Region
from mltspec.report.json_report import ExpectationReport, RunReport

SHOWN = frozenset({Verdict.FAILED, Verdict.XPASS, Verdict.ERROR, Verdict.TIMED_OUT, Verdict.INCONCLUSIVE})
SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


def findings(run: RunReport) -> list[Finding]:
    """Return a finding for each expectation that did not hold, and those about the specs themselves."""
    return [*map(_of_spec, run.diagnostics), *_of_run(run)]


def to_sarif(run: RunReport) -> str:
    """Return what did not hold as SARIF 2.1.0."""
    return sarif.to_text(findings(run), _kinds(run))


def to_gitlab(run: RunReport) -> str:
    """Return what did not hold as GitLab's code quality."""
    return gitlab.to_text(findings(run))


def to_github(run: RunReport) -> str:
    """Return what did not hold as annotations of a GitHub Actions log."""
    return github.to_text(findings(run))


def _of_run(run: RunReport) -> Iterator[Finding]:
    for each in run.expectations:
        if each.verdict in SHOWN:
            yield _of_expectation(each)


def _of_expectation(each: ExpectationReport) -> Finding:
    at = each.at
    width = max(1, len(each.text))
    sides = [f"expected {each.bound.text}"] if each.bound else []
    sides += [f"measured {each.measured.text}"] if each.measured else []
    told = f" ({', '.join(sides)})" if sides else ""
    return Finding(
        name=each.check,
        severity=Severity.ERROR if each.decides else Severity.WARNING,
        message=f"{each.id} {each.verdict}: {each.explanation}{told}",
        file=at.file,
        region=Region(at.line, at.column, at.line, at.column + width),
        identity=f"run {each.id}",
        help=f"again: {each.reproduce}" if each.reproduce else "",
    )


def _of_spec(found: dict[str, object]) -> Finding:
    line, column = int(str(found.get("line", 1))), int(str(found.get("column", 1)))
    return Finding(
        name=str(found.get("name", "spec-error")),
        severity=SEVERITIES.get(str(found.get("severity")), Severity.ERROR),
        message=str(found.get("message", "")),
        file=str(found.get("file", "")),
        region=Region(line, column, line, column + 1),
        identity=str(found.get("message", "")),
        help=str(found.get("help") or ""),
    )


def _kinds(run: RunReport) -> dict[str, Kind]:
    from mltspec.checks.registry import BY_NAME

    names = {each.check for each in run.expectations if each.verdict in SHOWN}
    return {
        name: Kind(
            name=name,
            what=BY_NAME[name].summary,
            why="The model, its data or its training is not as the spec expects.",
            severity=Severity.ERROR,
            group=f"infrastructure test {BY_NAME[name].test}",
        )
        for name in sorted(names)
        if name in BY_NAME
    }
