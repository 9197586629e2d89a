"""Unfit models and data: one clear message each, the right verdict, and the others still judged."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(900)]

MODULE = """
import keras
import numpy as np

def net(units=3, loss="sparse_categorical_crossentropy", rate=0.01, compiled=True):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(units, "softmax")])
    if compiled:
        model.compile(keras.optimizers.SGD(rate), loss)
    return model

def good(): return net()
def raises(): raise RuntimeError("the warehouse is closed")
def no_model(): return 42
def uncompiled(): return net(compiled=False)
def diverges():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1e9), "mse")
    return model
def leaves(): raise SystemExit(3)
def hangs():
    import time
    time.sleep(600)

X = np.random.default_rng(0).normal(size=(96, 4)).astype("float32")
Y = np.arange(96) % 3

def rows(): return X, Y
def wide(): return X[:, :3], Y
def texts(): return X.astype("U8").astype(object), Y
def empty(): return X[:0], Y[:0]
def uneven(): return X, Y[:50]
def many_labels(): return X, np.arange(96) % 13
def holes():
    x = X.copy()
    x[5, 2] = np.nan
    return x, Y
def nothing(): return None
"""

MODELS = ("good", "raises", "no_model", "uncompiled", "diverges", "leaves", "hangs", "gone")
DATA = ("rows", "wide", "texts", "empty", "uneven", "many_labels", "holes", "nothing", "absent")
CASES = {
    ("good", "rows"): ("passed", "the loss falls"),
    ("raises", "rows"): ("error", "RuntimeError: the warehouse is closed"),
    ("no_model", "rows"): ("error", "returned a builtins.int, not a keras.Model"),
    ("uncompiled", "rows"): ("error", "not compiled"),
    ("diverges", "rows"): ("failed", "not finite"),
    ("leaves", "rows"): ("error", "sys.exit(3)"),
    ("hangs", "rows"): ("timed out", "25"),
    ("gone", "rows"): ("error", "`subject` has no `gone`"),
    ("good", "wide"): ("error", "(rows, 3)"),
    ("good", "texts"): ("error", "text"),
    ("good", "empty"): ("error", "it has no rows"),
    ("good", "uneven"): ("error", "50"),
    ("good", "many_labels"): ("error", "labels run from 0 to 12"),
    ("good", "holes"): ("failed", "the cause is in the data"),
    ("good", "nothing"): ("error", "None"),
    ("good", "absent"): ("error", "`subject` has no `absent`"),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "subject.py").write_text(MODULE)
    lines = ["edition 2026"]
    lines += [
        f'model {name} {{ build python "subject:{name}"\n fit 6 epochs in batches of 16 rows }}' for name in MODELS
    ]
    lines += [f'data {name} = python "subject:{name}"' for name in DATA]
    lines += [f'suite "{m} {d}" for {m} on {d} {{ expect loss decreases }}' for m, d in CASES]
    lines += [
        'model lost { build python "missing.module:build" }',
        'suite "lost" for lost on rows { expect loss decreases }',
    ]
    (folder / "bad.mlt").write_text("\n".join(lines) + "\n")
    command = [
        sys.executable,
        "-m",
        "mltspec.cli.main",
        "run",
        "bad.mlt",
        "--timeout",
        "25s",
        "--json",
        "out.json",
        "-n",
        "2",
    ]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"})
    assert run.returncode == 1, run.stderr
    report = json.loads((folder / "out.json").read_text())
    return {each["suite"]: each for each in report["expectations"]}


@pytest.mark.parametrize("case", CASES, ids=" on ".join)
def test_case(results, case):
    verdict, words = CASES[case]
    found = results[" ".join(case)]
    assert (found["verdict"], words in found["explanation"]) == (verdict, True), found["explanation"]


def test_missing_module(results):
    assert results["lost"]["verdict"] == "error"
    assert "no module `missing`" in results["lost"]["explanation"]
