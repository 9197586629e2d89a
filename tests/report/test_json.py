import json
import os
from pathlib import Path

import jsonschema
import pytest
from story import HOSTILE, ended, everything, judged, started, told

import mltspec.report
from mltspec.plan.verdict import Verdict
from mltspec.report.account import Account
from mltspec.report.json_report import report, schema, to_text

SCHEMA = Path(mltspec.report.__file__).parent / "schema" / "run.schema.json"


def read(account):
    def refuse(name):
        raise AssertionError(f"a bare {name}")

    return json.loads(to_text(report(account)), parse_constant=refuse)


def valid(value):
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(value)


def test_the_shipped_schema_is_that_of_the_records():
    text = json.dumps(schema(), indent=2) + "\n"
    if os.environ.get("BLESS"):
        SCHEMA.write_text(text)
    assert SCHEMA.read_text() == text
    jsonschema.Draft202012Validator.check_schema(schema())


RUNS = {
    "everything": everything(),
    "nothing": [],
    "interrupted": [started(4), judged(Verdict.PASSED), ended(interrupted=True)],
    "hostile": [started(1), judged(Verdict.FAILED, HOSTILE, HOSTILE, details=(HOSTILE,)), ended()],
}


@pytest.mark.parametrize("name", RUNS)
def test_reports_keep_to_the_schema(name):
    valid(read(told(*RUNS[name])))


def test_the_schema_refuses_what_is_no_report():
    found = read(told(*everything()))
    del found["expectations"][0]["seed"]
    with pytest.raises(jsonschema.ValidationError):
        valid(found)


def test_the_contract_holds():
    found = read(told(*everything()))
    assert {"version", "verdict", "seconds", "evidence", "expectations"} <= set(found)
    assert found["verdict"] == "failed"
    assert found["evidence"][0] | {"kind": "training run", "key": "0" * 64, "cached": True} == found["evidence"][0]
    failed = next(each for each in found["expectations"] if each["id"] == "training/loss")
    assert failed["measured"] == {"text": "4.1%", "value": 0.041}
    assert failed["at"] == {"file": "tests/report/delay.mlt", "line": 6, "column": 3}
    assert (failed["check"], failed["test"], failed["seed"], failed["verdict"]) == ("loss-decreases", 2, 7, "failed")
    assert failed["reproduce"].startswith("mltspec run ")
    assert found["counts"] == {
        "failed": 3, "xpass": 1, "passed": 1, "error": 2, "timed out": 1, "inconclusive": 1, "skipped": 1, "xfail": 1
    }  # fmt: skip


def test_nan_is_a_string():
    values = [each["measured"]["value"] for each in read(told(*everything()))["expectations"] if each["measured"]]
    assert "NaN" in values


def test_findings_in_specs_are_reported():
    found = read(Account(diagnostics=[{"name": "unknown-name", "severity": "error"}]))
    assert found["verdict"] == "spec error"
    valid(found)
