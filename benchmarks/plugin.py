"""The pytest plugin beside `mltspec run`: the same spec of a real model, gathered anew by both.

Processor time is compared, of the process and all that it started: it hardly depends on what else the machine does.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure

TOP = Path(__file__).parents[1]
ROUNDS = 3
MODULE = """
import keras
import numpy as np

def build():
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return model

def data():
    x = np.random.default_rng(0).normal(size=(2000, 8)).astype("float32")
    return x, x.sum(1, keepdims=True)
"""
SPEC = """edition 2026
model m {
  build python "subject:build"
  fit 10 epochs
}
data d = python "subject:data"
suite "s" for m on d {
  expect loss decreases
  expect gradients reach every weight
  expect one batch overfits
  expect training reproducible
  for any batch of 1..32 rows {
    expect outputs finite
    expect rows independent
  }
}
"""
TOOL = (sys.executable, "-m", "mltspec.cli.main", "run", "a.mlt", "--store")
PYTEST = (
    sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:mltspec", "-p", "mltspec.testing.plugin",
    "a.mlt", "--mlt-store",
)  # fmt: skip


def figures() -> Iterator[Figure]:
    """Take turns, each with a store of its own, and compare the best of each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "subject.py").write_text(MODULE)
        (folder / "a.mlt").write_text(SPEC)
        spent: dict[tuple[str, ...], list[float]] = {TOOL: [], PYTEST: []}
        for turn in range(ROUNDS):
            for at, (command, seconds) in enumerate(spent.items()):
                seconds.append(_processor_s([*command, f"store-{turn}-{at}"], folder))
    ratio = min(spent[PYTEST]) / min(spent[TOOL])
    note = f"{min(spent[PYTEST]):.1f} s against {min(spent[TOOL]):.1f} s of processor time"
    yield Figure("pytest plugin over mltspec run", ratio, 1.10, "x", at_most=True, note=note)


def _processor_s(command: list[str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(TOP)}, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
