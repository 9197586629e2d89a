"""Rules of the house that no linter knows."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mltspec
from mltspec.checks.registry import all_checks
from mltspec.plan.wire import Wire

PACKAGE = Path(mltspec.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 320, 60
TIRED_NAMES = {"utils", "helpers", "common", "misc", "base", "manager", "handler", "processor"}


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_a_file_and_its_functions_fit_the_eye(file: Path):
    text = file.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE
    assert file.stem not in TIRED_NAMES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name


all_checks()  # records come with their checks: all of them are held to the rule


def subclasses(of: type) -> set[type]:
    return {of}.union(*(subclasses(each) for each in of.__subclasses__()))


@pytest.mark.parametrize("record", sorted(subclasses(Wire), key=lambda r: r.__qualname__), ids=lambda r: r.__qualname__)
def test_every_record_is_frozen_closed_and_safe_for_nan(record: type[Wire]):
    assert record.model_config["frozen"]
    assert record.model_config["extra"] == "forbid"
    assert record.model_config["ser_json_inf_nan"] == "strings"
    assert record.__doc__


def test_nan_survives_the_wire():
    from mltspec.plan.verdict import Figure, Judgement, Verdict

    judgement = Judgement(verdict=Verdict.FAILED, explanation="", measured=Figure(text="NaN", value=float("nan")))
    text = judgement.to_json()
    assert '"NaN"' in text
    back = Judgement.from_json(text)
    assert back.measured.value != back.measured.value


def loaded_by(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


HEAVY = {"tensorflow", "keras", "numpy", "scipy", "hypothesis", "rich", "pandas"}
QUICK = [
    "mltspec.language.parse",
    "mltspec.compile.specs",
    "mltspec.checks.registry",
    "mltspec.engine.run",
    "mltspec.report.plain",
]


@pytest.mark.parametrize("module", QUICK)
def test_what_editors_and_plans_load_is_light(module: str):
    assert not loaded_by(f"import {module}") & HEAVY


def test_that_the_test_of_lightness_can_fail():
    assert "numpy" in loaded_by("import mltspec.statistics.bootstrap") & HEAVY


def test_every_check_stands_in_a_folder_named_for_its_test():
    folders = {
        1: "reproducibility",
        2: "model_spec",
        3: "pipeline",
        4: "quality",
        5: "debugging",
        6: "canary",
        7: "rollback",
    }
    for check in all_checks():
        assert folders[check.test] in check.examples.__module__


def test_no_two_test_files_share_a_name():
    """Test folders are no packages: pytest collects nothing at all where two files have the same name."""
    names = [file.name for file in Path(__file__).parents[1].rglob("test_*.py")]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
