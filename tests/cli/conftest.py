import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

SPEC = """edition 2026
model digits { build python "digits.model:build" }
data training = python "digits.data:training"

profile quick {
  seed 3
  runs tags [commit]
}

suite "training" for digits on training tags [commit] {
  expect loss decreases

  expect gradients reach every weight tags [slow]
}

suite "quality" for digits on training {
  expect training reproducible {
    predictions within 1e-6
  }
  for each m in [mae, loss] {
    expect m <= 0.5
  }
}
"""
IDS = [
    "training/loss-decreases",
    "training/gradients-reach",
    "quality/training-reproducible",
    "quality/mae[m=mae]",
    "quality/loss[m=loss]",
]


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with one spec in `specs` and the modules that it names, which is the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "digits.mlt").write_text(SPEC)
    (tmp_path / "specs" / "digits").mkdir()
    (tmp_path / "specs" / "digits" / "model.py").write_text("def build():\n    return None\n")
    (tmp_path / "specs" / "digits" / "data.py").write_text("def training():\n    return None\n")
    return tmp_path


@pytest.fixture
def mltspec(here):
    """Call the command line as a user does."""

    def call(*args, **env) -> Ended:
        top = str(Path(__file__).parents[2])
        done = subprocess.run(
            [sys.executable, "-m", "mltspec.cli.main", *args],
            capture_output=True,
            text=True,
            cwd=here,
            env={**os.environ, "PYTHONPATH": top, **env},
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return call
