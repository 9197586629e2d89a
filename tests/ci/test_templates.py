"""The steps of the action and of the GitLab template, run as a CI server runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).parents[2]
HEAD = 'edition 2026\nmodel m { build python "m:build" }\ndata d = python "m:data"\n'
SKIPPED = HEAD + 'suite "s" for m on d {\n  expect loss decreases skip because "no time"\n}\n'


@pytest.fixture
def job(tmp_path):
    """A folder with a spec, in which a script is run with `mltspec` on its path."""
    (tmp_path / "bin").mkdir()
    tool = tmp_path / "bin" / "mltspec"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m mltspec.cli.main "$@"\n')
    tool.chmod(0o755)
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.mlt").write_text(SKIPPED)

    def run(script, shell, **variables):
        path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(TOP), **variables}
        return subprocess.run([*shell, script], cwd=tmp_path, env=environment, capture_output=True, text=True)

    return run


def step():
    action = yaml.safe_load((TOP / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    assert all(each["shell"] == "bash" for each in action["runs"]["steps"])
    assert not [each for each in action["runs"]["steps"] if "${{" in each["run"]]
    return next(each for each in action["runs"]["steps"] if each["name"] == "Run")


def actions(job, tmp_path, **more):
    files = {"GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    given = {"SPECS": "specs", "ARGUMENTS": "", "REPORTS": "reports", "GITHUB_ACTIONS": "true"}
    return job(step()["run"], ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"], **files, **given | more)


def test_the_action_writes_its_reports_and_ends_as_the_run_did(job, tmp_path):
    done = actions(job, tmp_path, ARGUMENTS="-n 1 --seed 3")
    assert done.returncode == 5, done.stderr
    outputs = dict(line.split("=") for line in (tmp_path / "output").read_text().splitlines())
    assert set(outputs) == {"html", "sarif", "json"}
    assert all((tmp_path / file).exists() for file in outputs.values())
    assert json.loads((tmp_path / outputs["json"]).read_text())["expectations"][0]["seed"] == 3
    assert "## mltspec: nothing ran" in (tmp_path / "summary.md").read_text()


def test_the_action_annotates_a_wrong_spec(job, tmp_path):
    (tmp_path / "specs" / "a.mlt").write_text("edition 2026\nexpect\n")
    done = actions(job, tmp_path)
    assert done.returncode == 3
    assert "::error file=specs/a.mlt,line=2" in done.stdout


def test_what_is_typed_into_the_action_is_no_script(job, tmp_path):
    actions(job, tmp_path, SPECS="$(touch owned) specs; touch owned")
    assert not (tmp_path / "owned").exists()


def test_the_gitlab_template_keeps_what_it_promises(job, tmp_path):
    template = yaml.safe_load((TOP / "ci" / "gitlab.yml").read_text())[".mltspec"]
    done = job("\n".join(template["script"]), ["bash", "-eo", "pipefail", "-c"], MLTSPEC_SPECS="specs")
    assert done.returncode == 5, done.stderr
    assert all((tmp_path / file).exists() for file in template["artifacts"]["reports"].values())
