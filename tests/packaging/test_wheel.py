"""The wheel, in an environment of its own: small, whole, and useful without a framework."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
pytestmark = [pytest.mark.packaging, pytest.mark.timeout(600)]

SPEC = """edition 2026
use "std/training"
model net { build python "net:build" }
data rows = python "net:rows"
suite "s" for net on rows { expect loss decreases }
"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run([*map(str, command)], cwd=cwd, env=clean, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, REPOSITORY, cwd=folder)
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of commands of an environment that holds the wheel and what it needs, and no more."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    commands = folder / "bin"
    installed = run(commands / "python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return commands


def test_grammar_packs_and_tables_are_in_the_wheel(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    packs = {f"mltspec/compile/std/{file.name}" for file in (REPOSITORY / "specs/std").glob("*.mlt")}
    assert packs
    assert packs <= names
    assert {"mltspec/language/mltspec.lark", "mltspec/language/tables.json", "mltspec/py.typed"} <= names
    assert "mltspec/compile/diagnostics.toml" in names
    assert wheel.stat().st_size < 1_500_000


def test_the_language_tools_work_without_a_framework(clean: Path, tmp_path: Path):
    (tmp_path / "a.mlt").write_text(SPEC)
    (tmp_path / "net.py").write_text("def build(): ...\ndef rows(): ...\n")
    found = run(clean / "mltspec", "lint", "a.mlt", cwd=tmp_path)
    assert (found.returncode, found.stdout.strip()) == (0, "1 file, no findings"), found.stderr
    assert "training/loss-decreases" in run(clean / "mltspec", "list", "a.mlt", cwd=tmp_path).stdout
    assert run(clean / "python", "-c", "import numpy", cwd=tmp_path).returncode != 0


def test_a_stale_or_missing_table_is_made_from_the_grammar(clean: Path, tmp_path: Path):
    code = (
        "from mltspec.language.tables import build; from importlib.resources import files; "
        "build((files('mltspec.language') / 'mltspec.lark').read_text())"
    )
    made = run(clean / "python", "-c", code, cwd=tmp_path)
    assert made.returncode == 0, made.stderr


def test_running_without_the_framework_says_what_to_type(clean: Path, tmp_path: Path):
    (tmp_path / "a.mlt").write_text(SPEC)
    (tmp_path / "net.py").write_text("def build(): ...\ndef rows(): ...\n")
    found = run(clean / "mltspec", "run", "a.mlt", cwd=tmp_path)
    assert found.returncode == 4
    assert "pip install 'mltspec[tensorflow]'" in found.stderr
