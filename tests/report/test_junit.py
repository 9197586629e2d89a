import pytest
from junitparser import Error, Failure, JUnitXml, Properties, Skipped
from story import HOSTILE, ended, everything, judged, started, told

from mltspec.plan.verdict import Verdict
from mltspec.report.account import Account
from mltspec.report.json_report import report
from mltspec.report.junit import classname
from mltspec.report.junit import to_text as written


def to_text(account):
    return written(report(account))


def cases(account):
    root = JUnitXml.fromstring(to_text(account).encode())
    return {case.name: case for suite in root for case in suite}


def test_each_verdict_has_its_element():
    found = cases(told(*everything()))
    kinds = {name: [type(each) for each in case.result] for name, case in found.items()}
    assert kinds["quality/auc"] == []
    assert kinds["training/loss"] == kinds["quality/mended"] == [Failure]
    assert kinds["training/gradients"] == kinds["training/slow"] == kinds["quality/slices"] == [Error]
    assert kinds["release/rollback"] == kinds["quality/fairness"] == [Skipped]
    assert kinds["quality/hint"] == kinds["quality/trial"] == [Skipped]
    assert found["training/slow"].result[0].type == "timed out"
    assert found["quality/hint"].result[0].message == "failed: auc is NaN"


def test_a_failure_says_all_that_is_needed():
    case = cases(told(*everything()))["training/loss"]
    assert case.classname == "tests.report.delay.training"
    assert case.time == 12.25
    properties = {(each.name, each.value) for found in case.iterchildren(Properties) for each in found}
    assert properties >= {("seed", "7"), ("check", "loss-decreases"), ("test", "2")}
    text = case.result[0].text
    for part in ("expected: >= 20%", "measured: 4.1%", "epoch 2: 0.68", "again: mltspec run"):
        assert part in text


def test_counts_add_up():
    root = JUnitXml.fromstring(to_text(told(*everything())).encode())
    suites = list(root)
    assert sum(suite.tests for suite in suites) == 11
    assert sum(suite.failures for suite in suites) == 2
    assert sum(suite.errors for suite in suites) == 4
    assert sum(suite.skipped for suite in suites) == 4
    root.update_statistics()
    assert (root.tests, root.failures, root.errors, root.skipped) == (11, 2, 4, 4)


def test_names_are_unique():
    found = [(case.classname, case.name) for case in cases(told(*everything())).values()]
    assert len(found) == len(set(found)) == 11


def test_what_xml_cannot_hold_is_escaped():
    account = told(started(1), judged(Verdict.FAILED, f"s/{HOSTILE}", HOSTILE, details=(HOSTILE,)), ended())
    (name,) = cases(account)
    assert r"\x1b[31m" in name
    assert r"\x00" in name
    assert r"\ud800" in name
    assert "<&\"'>" in name
    assert "漢" in name


@pytest.mark.parametrize(
    "file, name",
    [
        ("specs/delay.mlt", "specs.delay.s"),
        ("./a/../b.mlt", "a.b.s"),
        ("/abs/x.mlt", "abs.x.s"),
        ("delay.mlt", "delay.s"),
    ],
)
def test_class_names(file, name):
    assert classname(file, "s") == name


def test_a_wrong_spec_is_an_error_and_no_empty_file():
    finding = {"name": "unknown-name", "severity": "error", "message": "m", "file": "a.mlt", "line": 3, "column": 1}
    (case,) = cases(Account(diagnostics=[finding])).values()
    assert isinstance(case.result[0], Error)
    assert case.result[0].message == "a.mlt:3:1: m"
