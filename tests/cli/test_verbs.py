import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from conftest import IDS

import mltspec as package
from mltspec.cli.main import VERBS

SCHEMA = json.loads((Path(package.__file__).parent / "report" / "schema" / "run.schema.json").read_text())


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(mltspec, verb):
    done = mltspec(verb, "--help")
    assert done.code == 0
    assert f"Usage: mltspec {verb}" in done.out


def test_help_shows_examples_and_exit_codes(mltspec):
    out = mltspec("--help").out
    assert "mltspec run specs/delay.mlt:52" in out
    assert "an expectation failed" in out


def test_version(mltspec):
    assert mltspec("--version").out == f"mltspec {package.__version__}\n"


def test_a_slip_in_a_verb(mltspec):
    done = mltspec("explian")
    assert done.code == 2
    assert "did you mean `explain`?" in done.err
    assert "verbs: run, " in mltspec("xyzzy").err


# ------------------------------------------------------------------ lint


def test_lint_is_quiet_about_sound_specs(mltspec):
    done = mltspec("lint")
    assert (done.code, done.out) == (0, "1 file, no findings\n")


def test_lint_shows_every_finding_and_ends_with_3(mltspec, here):
    (here / "specs" / "bad.mlt").write_text('edition 2026\nlet a = 1\nsuite "s" {\n  expect nonsense at all\n}\n')
    done = mltspec("lint", "--color", "always")
    assert done.code == 3
    assert "\x1b[" in done.out
    assert "specs/bad.mlt:4" in done.out
    assert "\x1b[" not in mltspec("lint", NO_COLOR="1").out


def test_lint_as_json(mltspec, here):
    (here / "specs" / "bad.mlt").write_text("edition 2026\nexpect nonsense\n")
    done = mltspec("lint", "--format", "json")
    found = json.loads(done.out)
    assert done.code == 3
    assert found["files"] == 2
    assert {each["severity"] for each in found["diagnostics"]} == {"error"}


def test_warnings_stop_only_where_asked(mltspec, here):
    file = here / "specs" / "digits.mlt"
    file.write_text(file.read_text().removeprefix("edition 2026\n"))
    assert mltspec("lint").code == 0
    assert "1 warning" in mltspec("lint").out
    assert mltspec("lint", "--strict").code == 3


@pytest.mark.parametrize("name, content", [("x.bin", b"\x7fELF\0\xff"), ("latin.mlt", "é".encode("latin-1"))])
def test_what_is_no_spec_gets_one_message(mltspec, here, name, content):
    (here / name).write_bytes(content)
    done = mltspec("lint", name)
    assert done.code == 3
    assert done.out.count("error:") == 1
    assert "is no text in UTF-8" in done.out


def test_no_spec_at_all(mltspec, here):
    (here / "empty").mkdir()
    assert mltspec("lint", "empty").code == 5
    assert mltspec("run", "empty").code == 5
    assert "there is no file" in mltspec("lint", "nowhere.mlt").out


# ------------------------------------------------------------------ list, plan, explain, doctor


def test_list(mltspec):
    done = mltspec("list")
    assert [line.split()[0] for line in done.out.splitlines()] == IDS
    assert "specs/digits.mlt:13  [commit, slow]" in done.out
    found = json.loads(mltspec("list", "--json", "--tag", "slow").out)
    assert [each["id"] for each in found] == IDS[1:2]
    assert found[0]["at"] == {"file": "specs/digits.mlt", "line": 13, "column": 3}


def test_a_reader_that_goes_away_is_no_error(here):
    command = f"{sys.executable} -m mltspec.cli.main explain | head -n 1"
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=here, env=env)
    assert done.stderr == ""


def test_a_plan_shows_defaults_and_what_is_shared(mltspec, here):
    done = mltspec("plan")
    assert done.code == 0
    assert "assumed:  over 4 batches" in done.out
    assert "for 2 expectations" in done.out
    assert "0 in the store" in done.out
    assert not (here / ".mltspec").exists()


def test_a_plan_as_json_is_the_plan(mltspec):
    from mltspec.plan.plan import Plan

    plan = Plan.from_json(mltspec("plan", "--json", "-k", "gradients").out)
    assert [each.id for each in plan.expectations] == IDS[1:2]
    assert {each.id for each in plan.requests} == set(plan.expectations[0].needs)


def test_explain_knows_every_check_and_every_finding(mltspec):
    from mltspec.checks.registry import all_checks
    from mltspec.cli.explain import explanation
    from mltspec.compile.catalogue import diagnostics

    out = mltspec("explain").out
    for name in [*(check.name for check in all_checks()), *diagnostics()]:
        assert name in out
        assert next(iter(explanation(name))).startswith(f"{name}: ")


@pytest.mark.parametrize(
    "words", ["training-reproducible", "training reproducible", "expect training reproducible across 2 runs"]
)
def test_explain_takes_names_phrases_and_lines(mltspec, words):
    done = mltspec("explain", *words.split())
    assert done.out.startswith("training-reproducible: ")
    assert "(default: across 2 runs)" in done.out


def test_explain_offers_near_names(mltspec):
    done = mltspec("explain", "unknwon-name")
    assert done.code == 2
    assert "did you mean `unknown-name`?" in done.err


def test_doctor(mltspec, here):
    found = {each["name"]: each for each in json.loads(mltspec("doctor", "--json").out)}
    assert found["mltspec"]["text"] == package.__version__
    assert found["store"]["state"] == "ok"
    assert {each["state"] for each in found.values()} <= {"ok", "warn", "fail"}
    (here / "file").write_text("")
    done = mltspec("doctor", "--store", "file")
    assert done.code == 4
    assert "FAIL  store" in done.out
    assert "-> " in done.out


# ------------------------------------------------------------------ run


def test_a_wrong_spec_stops_a_run_before_it_starts(mltspec, here):
    (here / "specs" / "bad.mlt").write_text("edition 2026\nexpect nonsense\n")
    done = mltspec("run", "--json", "run.json", "--junit", "run.xml")
    assert done.code == 3
    assert "specs/bad.mlt:2" in done.err
    found = json.loads((here / "run.json").read_text())
    jsonschema.validate(found, SCHEMA)
    assert found["verdict"] == "spec error"
    assert found["diagnostics"][0]["file"] == "specs/bad.mlt"
    assert "<error" in (here / "run.xml").read_text()
    assert not (here / ".mltspec").exists()


def test_nothing_selected_is_5_and_says_of_how_many(mltspec, here):
    done = mltspec("run", "-k", "nowhere", "--json", "run.json")
    assert done.code == 5
    assert "none of 5 expectations is selected" in done.err
    assert json.loads((here / "run.json").read_text())["verdict"] == "nothing ran"


@pytest.mark.parametrize(
    "args, says",
    [
        (["--json", "nowhere/x.json"], "there is no folder `nowhere`"),
        (["--junit", "specs"], "`specs` is a folder"),
        (["--tag", "comit"], "did you mean `commit`?"),
        (["--tag", "a ("], "expected `and` or `or`"),
        (["--shard", "3/2"], "write I/N"),
        (["--timeout", "90"], "write a number with its unit"),
        (["--profile", "quik"], "did you mean `quick`?"),
        (["--today", "tomorrow"], "write it as 2027-01-31"),
        (["-n", "0"], "0 is not in the range"),
        (["specs/digits.mlt::trainin"], "did you mean `training`?"),
        (["specs/digits.mlt:999"], "no expectation on line 999"),
        (["--nonsense"], "No such option"),
    ],
    ids=str,
)
def test_wrong_usage_is_2_and_says_what_is_right(mltspec, here, args, says):
    done = mltspec("run", *args)
    assert done.code == 2
    assert says in done.err
    assert not (here / ".mltspec").exists()


def test_a_missing_framework_is_said_with_the_way_out(mltspec, monkeypatch, here):
    import io
    from contextlib import redirect_stderr

    from click.testing import CliRunner

    import mltspec.cli.framework as framework
    from mltspec.cli.main import mltspec as command

    monkeypatch.setattr(framework, "NEEDED", ("no_such_framework",))
    with redirect_stderr(io.StringIO()):
        done = CliRunner().invoke(command, ["run", "-k", "gradients"])
    assert done.exit_code == 4
    assert "pip install 'mltspec[tensorflow]'" in done.output


def test_a_command_that_reproduces(here):
    from dataclasses import fields

    from mltspec.cli.run import Options, reproducer
    from mltspec.cli.specs import compiled
    from mltspec.cli.targets import files_of, read_targets

    targets = tuple(read_targets(()))
    typed = dict.fromkeys((field.name for field in fields(Options)), None)
    options = Options(**{**typed, "workers": 2, "profile": "quick", "store": Path("my store")})
    expectation = compiled(files_of(targets), "quick").plan.expectations[0]
    command = reproducer(options, targets)(expectation)
    assert command == (
        "mltspec run specs/digits.mlt::training/loss-decreases --seed 3 --profile quick -n 2 --store 'my store'"
    )


def test_a_fault_of_ours_does_not_look_like_a_failed_model(monkeypatch, capsys):
    from mltspec.cli import main as entry

    def broken(**_):
        raise RuntimeError("a bug")

    monkeypatch.setattr(entry.mltspec, "main", broken)
    assert entry._call() == 4
    assert "nothing is said about your model" in capsys.readouterr().err


@pytest.mark.parametrize("error, code", [(KeyboardInterrupt, 130), (BrokenPipeError, 0)])
def test_ends_that_are_nobodys_fault(monkeypatch, error, code):
    from mltspec.cli import main as entry

    def stopped(**_):
        raise error

    monkeypatch.setattr(entry.mltspec, "main", stopped)
    monkeypatch.setattr(entry, "_close_stdout", lambda: None)
    assert entry._call() == code


def test_a_terminal_of_few_characters_is_no_reason_to_break(mltspec, here):
    (here / "specs" / "bad.mlt").write_text("edition 2026\nexpect naïve ☃\n")
    done = mltspec("lint", PYTHONIOENCODING="ascii")
    assert done.code == 3
    assert "Traceback" not in done.err
