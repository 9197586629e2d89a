"""A spec in Neovim, headless, with the real server: see a finding, take the fix, rename, format."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mltspec.language.formatting import format_text

REPOSITORY = Path(__file__).parents[2]
EDITORS = REPOSITORY / "grammar" / "editors"
NVIM = shutil.which("nvim")
COMPILER = shutil.which("cc") or shutil.which("gcc")
pytestmark = pytest.mark.skipif(not NVIM, reason="there is no Neovim")

SPEC = """edition 2026
model digits { # why
  build python "digits.model:build"
}
data training = python "digits.data:training"
data holdout = python "digits.data:holdout"
suite "quality" for digits on training {
  expect accuracy on hodlout >= 0.9
  expect   loss decreases within 3 epochs
}
"""
FIXED = SPEC.replace("hodlout", "holdout")
RENAMED = FIXED.replace("model digits", "model net").replace("for digits", "for net")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory) -> Path:
    """A folder that Neovim finds our files in: as `grammar/editors/vim`, with the tree-sitter grammar compiled."""
    folder = tmp_path_factory.mktemp("runtime") / "mlt"
    shutil.copytree(EDITORS / "vim", folder)
    grammar = EDITORS / "tree-sitter-mlt"
    shutil.copytree(grammar / "queries", folder / "queries" / "mlt")
    (folder / "parser").mkdir()
    source = grammar / "src"
    command = [COMPILER or "cc", "-shared", "-fPIC", "-O1", "-I", source, source / "parser.c"]
    if COMPILER:
        subprocess.run([*command, "-o", folder / "parser" / "mlt.so"], check=True)
    return folder


@pytest.fixture(scope="module")
def seen(runtime: Path, tmp_path_factory) -> dict:
    """What an author saw in one sitting."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text("")
    spec, out = folder / "digits.mlt", folder / "seen.json"
    spec.write_text(SPEC)
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "MLTSPEC": f"{sys.executable} -m mltspec.cli.main lsp",
        "SPEC": str(spec),
        "SEEN": str(out),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    script = Path(__file__).with_name("neovim.lua")
    command = [NVIM, "--headless", "--clean", "--cmd", f"set runtimepath^={runtime}", "-S", script]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert out.exists(), done.stdout + done.stderr
    found = json.loads(out.read_text())
    assert not found.get("failure"), f"{found['failure']}\n{done.stderr}"
    return found


def test_a_spec_is_known_and_coloured(seen: dict):
    assert seen["filetype"] == "mlt"
    assert seen["groups"] == {
        "suite": "mltKeyword",
        "model": "mltKind",
        "name": "mltName",
        "word": "mltWord",
        "string": "mltString",
        "number": "mltNumber",
        "unit": "mltUnit",
        "comment": "mltComment",
    }


def test_a_finding_is_seen_at_its_line(seen: dict):
    assert seen["found"] == [[8, "unknown-name", "mltspec"]]


def test_the_first_fix_offered_mends_it(seen: dict):
    assert "holdout" in seen["offered"][0]
    assert seen["fixed"] == FIXED


def test_a_model_is_renamed_wherever_it_stands(seen: dict):
    assert seen["renamed"] == RENAMED


def test_formatting_is_that_of_fmt(seen: dict):
    assert seen["formatted"] == format_text(RENAMED) != RENAMED


def test_a_line_behind_a_bracket_is_indented(seen: dict):
    assert seen["indent"] == 2


@pytest.mark.skipif(not COMPILER, reason="there is no C compiler")
def test_the_tree_sitter_grammar_is_taken(seen: dict):
    assert seen["tree"] == "spec"
    assert seen["captures"] > 10
