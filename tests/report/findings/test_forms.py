"""Findings in each form, held against the form's own definition."""

import json
import re

import pytest
from fluidattacks_core.sarif import SarifLog as Sarif
from pydantic import ValidationError

from mltspec.language.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from mltspec.language.source import Source, Span
from mltspec.report.findings import github, gitlab, listing, sarif
from mltspec.report.findings.finding import Kind, fingerprints, of_diagnostic

TEXT = 'edition 2026\nsuite "é" {\n  expect auc >= 80\n}\n'
HOSTILE = "100% wrong, <b>really</b>: \x1b[31m\n::error::forged"


def found(name="never-passes", text=TEXT, at="80", severity=Severity.ERROR, waived=None, path="a spec/dé.mlt"):
    source = Source(path, text)
    start = text.index(at)
    span = Span(start, start + len(at))
    return of_diagnostic(
        Diagnostic(
            name,
            HOSTILE,
            source,
            Label(span, "here"),
            (Label(Span(0, 7), "the file begins here"),),
            severity,
            "write 80%",
            (Fix("write `80%`", (Edit(span, "80%"),)),),
        ),
        waived,
    )


KINDS = {"never-passes": Kind("never-passes", "It never passes.", "No model could.", Severity.ERROR, "suspicious")}


def sarif_of(*findings):
    return json.loads(sarif.to_text(findings, KINDS))


def test_sarif_is_what_the_standard_says():
    log = sarif_of(found(), found("other", severity=Severity.INFO, waived="we know"))
    Sarif.model_validate(log)
    (run,) = log["runs"]
    first, second = run["results"]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "never-passes"
    assert (first["level"], second["level"]) == ("error", "note")
    assert "suppressions" not in first
    assert second["suppressions"] == [{"kind": "inSource", "justification": "we know"}]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20spec/d%C3%A9.mlt"
    assert place["region"] == {"startLine": 3, "startColumn": 17, "endLine": 3, "endColumn": 19}
    assert run["columnKind"] == "unicodeCodePoints"
    (change,) = first["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"]["text"] == "80%"


def test_a_finding_about_a_whole_file_has_no_region():
    nowhere = of_diagnostic(Diagnostic("no-such-file", "gone", Source("a.mlt", ""), Label(Span(0, 0), "")))
    log = sarif_of(nowhere)
    Sarif.model_validate(log)
    assert "region" not in log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert json.loads(gitlab.to_text([nowhere]))[0]["location"]["lines"]["begin"] == 1
    assert github.to_text([nowhere]) == "::error file=a.mlt,title=no-such-file::gone\n"


def test_that_the_test_of_sarif_can_fail():
    log = sarif_of(found())
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] = 0
    with pytest.raises(ValidationError):
        Sarif.model_validate(log)


def test_a_path_below_the_current_folder_is_relative_and_another_is_a_file_address(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    inside, outside = found(path=str(tmp_path / "x.mlt")), found(path="/elsewhere/x.mlt")
    uris = [
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for r in sarif_of(inside, outside)["runs"][0]["results"]
    ]
    assert uris == ["x.mlt", "file:///elsewhere/x.mlt"]


def test_fingerprints_stay_when_lines_move_and_tell_findings_apart():
    moved = found(text=TEXT.replace('suite "é"', '\n# new\nsuite  "é"'))
    indented = found(text=TEXT.replace("  expect", "    expect"))
    assert fingerprints([found()]) == fingerprints([moved]) == fingerprints([indented])
    others = [found(), found("other"), found(at="auc"), found(path="b.mlt"), found()]
    assert len(set(fingerprints(others))) == len(others)


def test_github_takes_no_command_from_a_spec():
    out = github.to_text([found(), found(severity=Severity.WARNING), found(waived="known")])
    lines = out.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning"]
    assert re.search(r"file=a spec/dé\.mlt,line=3,endLine=3,col=17,endColumn=18,title=never-passes::", lines[0])
    assert "100%25 wrong" in lines[0]
    assert "\x1b" not in out
    assert "%0A::error::forged%0Awrite 80%25" in lines[0]
    hostile = found(path="a,b:c%.mlt")
    assert github.to_text([hostile]).startswith("::error file=a%2Cb%3Ac%25.mlt,line=")


def test_gitlab_has_what_it_requires():
    (issue,) = json.loads(gitlab.to_text([found(severity=Severity.WARNING), found(waived="known")]))
    assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
    assert issue["severity"] == "minor"
    assert issue["location"] == {"path": "a spec/dé.mlt", "lines": {"begin": 3, "end": 3}}
    assert re.fullmatch("[0-9a-f]{32}", issue["fingerprint"])


def test_the_listing_says_all():
    report = json.loads(listing.to_text([found(), found(waived="known")], 7))
    assert report["files"] == 7
    first, second = report["diagnostics"]
    assert (first["line"], first["column"], first["end_column"]) == (3, 17, 19)
    assert (first["waived"], second["waived"]) == (None, "known")
    assert first["fixes"][0]["edits"][0]["text"] == "80%"
    assert first["related"][0]["label"] == "the file begins here"
