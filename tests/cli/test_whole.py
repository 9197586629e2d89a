"""From the command to the exit code, with a real model."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from junitparser import JUnitXml

import mltspec as package

TOP = Path(__file__).parents[2]
SCHEMA = json.loads((Path(package.__file__).parent / "report" / "schema" / "run.schema.json").read_text())

pytestmark = pytest.mark.tensorflow


@pytest.fixture
def digits(tmp_path, monkeypatch):
    shutil.copytree(TOP / "specs" / "examples" / "digits", tmp_path / "digits")
    monkeypatch.chdir(tmp_path / "digits")
    return tmp_path / "digits"


def begin(*args):
    return subprocess.Popen(
        [sys.executable, "-m", "mltspec.cli.main", "run", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TOP)},
    )


def run(*args):
    child = begin(*args)
    out, err = child.communicate(timeout=280)
    return child.returncode, out, err


def test_a_run_is_judged_reported_and_remembered(digits):
    asked = ["digits.mlt:18", "--json", "run.json", "--junit", "run.xml"]
    code, out, err = run(*asked)
    assert (code, err) == (0, ""), out
    assert "passed" in out
    report = json.loads((digits / "run.json").read_text())
    jsonschema.validate(report, SCHEMA)
    assert [each["verdict"] for each in report["expectations"]] == ["passed"]
    assert [each["cached"] for each in report["evidence"]] == [False]
    assert JUnitXml.fromfile("run.xml").tests == 1

    code, out, _ = run(*asked)
    assert code == 0
    assert "cached" in out
    assert "evidence: 0 gathered, 1 from the store" in out

    model = digits / "digits" / "model.py"
    model.write_text(model.read_text() + '\n\ndef build():\n    raise ValueError("no such layer")\n')
    code, out, _ = run(*asked)
    assert code == 4
    assert "could not judge" in out
    assert out.count("no such layer") == 2
    assert JUnitXml.fromfile("run.xml").errors == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_writes_what_it_has(digits, number):
    child = begin("--json", "run.json", "--junit", "run.xml")
    assert "expectations" in child.stdout.readline()
    time.sleep(1.0)
    child.send_signal(number)
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "INTERRUPTED" in out
    report = json.loads((digits / "run.json").read_text())
    jsonschema.validate(report, SCHEMA)
    assert report["verdict"] == "interrupted"
    assert report["unreached"] + len(report["expectations"]) == 12
    assert JUnitXml.fromfile("run.xml").tests == len(report["expectations"])
