"""Every command and every spec in the README works as it is written there."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text()
BIN = Path(sys.executable).parent
COMMANDS = re.findall(r"^\s*\$ (.+?)(?:\s+#.*)?$", README, flags=re.MULTILINE)
SPECS = re.findall(r"```mlt\n(.+?)```", README, flags=re.DOTALL)

MODULE = """
import keras
import numpy as np

def build():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.02), "mse")
    return model

def rows(count, seed):
    x = np.random.default_rng(seed).normal(size=(count, 3)).astype("float32")
    return x, (x @ np.array([1, -2, 3], "float32"))[:, None]

def train_data():
    return rows(256, 0)

FIT = {"epochs": 10, "batch_size": 32}
"""


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(shlex.split(command), cwd=folder, env=environment, capture_output=True, text=True)


def test_readme_names_the_two_commands_and_no_others_are_untested():
    assert COMMANDS[:2] == ["make demo", "make test"]
    assert set(COMMANDS[2:]) == {
        "mltspec check my_model.py",
        "mltspec init my_model.py",
        "mltspec lint my_model.mlt",
        "mltspec run my_model.mlt",
    }


def test_make_knows_both_commands():
    for command in COMMANDS[:2]:
        dry = run(f"{command} --dry-run", REPOSITORY)
        assert dry.returncode == 0, dry.stderr


def test_the_spec_compiles(tmp_path: Path):
    (spec,) = SPECS
    (tmp_path / "release.mlt").write_text(spec)
    found = run("mltspec lint release.mlt", tmp_path)
    assert found.returncode == 0, found.stdout


@pytest.mark.tensorflow
@pytest.mark.timeout(600)
def test_the_failing_report_is_a_real_one(tmp_path: Path):
    shutil.copytree(REPOSITORY / "specs/examples/digits/digits", tmp_path / "digits")
    (tmp_path / "release.mlt").write_text(SPECS[0])
    found = run("mltspec run release.mlt -k by-label --color never", tmp_path)
    assert found.returncode == 1, found.stderr
    shown = re.search(r"```\n(FAILED release.+?)```", README, flags=re.DOTALL).group(1)
    seen = found.stdout.splitlines()
    missing = [line for line in shown.splitlines() if line.rstrip() not in [each.rstrip() for each in seen]]
    assert missing == []


@pytest.mark.tensorflow
@pytest.mark.timeout(900)
def test_three_steps_on_a_model_of_ones_own(tmp_path: Path):
    (tmp_path / "my_model.py").write_text(MODULE)
    for command in COMMANDS[2:]:
        found = run(command, tmp_path)
        assert found.returncode == 0, f"{command}\n{found.stdout}\n{found.stderr}"
