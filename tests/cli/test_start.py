"""A command that does not run a model must not pay for one."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"tensorflow", "keras", "numpy", "scipy", "hypothesis", "rich", "pandas", "lark"}
TOP = Path(__file__).parents[2]
SCRIPT = """
import atexit, sys
atexit.register(lambda: print("LOADED", *sys.modules, file=sys.stderr))
sys.argv = ["mltspec", *sys.argv[1:]]
from mltspec.cli.main import main
main()
"""


def loaded(here, *args):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *args], capture_output=True, text=True, cwd=here, env={"PYTHONPATH": str(TOP)}
    )
    return done.returncode, set(done.stderr.partition("LOADED")[2].split())


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["--version"],
        ["lint"],
        ["fmt", "--check"],
        ["list"],
        ["plan"],
        ["explain"],
        ["explain", "training-reproducible"],
        ["run", "--help"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_verbs_start_light(here, args):
    code, modules = loaded(here, *args)
    assert code == 0
    assert "mltspec.cli.main" in modules
    assert not modules & HEAVY


def test_help_does_not_load_even_our_own_rooms(here):
    _, modules = loaded(here, "--help")
    assert not {"pydantic", "mltspec.compile", "mltspec.engine", "mltspec.checks"} & modules


def test_that_the_test_of_lightness_can_fail(here):
    script = SCRIPT.replace("import atexit, sys", "import atexit, sys, numpy")
    done = subprocess.run(
        [sys.executable, "-c", script, "--help"], capture_output=True, text=True, cwd=here, env={"PYTHONPATH": str(TOP)}
    )
    assert "numpy" in done.stderr.partition("LOADED")[2].split()


def test_the_quick_start_is_undone_before_anything_is_run(monkeypatch):
    import gc
    import os

    from mltspec.cli.start import PLUGINS, hasten, settle

    monkeypatch.delenv(PLUGINS, raising=False)
    hasten()
    assert not gc.isenabled()
    settle()
    assert gc.isenabled()
    gc.unfreeze()
    assert PLUGINS not in os.environ
    monkeypatch.setenv(PLUGINS, "theirs")
    hasten()
    settle()
    gc.unfreeze()
    assert os.environ[PLUGINS] == "theirs"
