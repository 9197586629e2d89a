"""Modules that misbehave: an error with its reason, within the limit, nothing left running, the others judged."""

import json
import os
import subprocess
import sys
import time

import psutil
import pytest

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(900)]

COMMON = """
import keras
import numpy as np

X = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
Y = np.arange(64) % 3

def build():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(3, "softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model

def rows(): return X, Y
def fit(epochs=4):
    model = build()
    model.fit(X, Y, epochs=epochs, batch_size=16, verbose=0)
    return model
"""
TRAINED = {
    "good": "return fit()",
    "forever": "return fit(10**9)",
    "memory": "np.zeros(1 << 50, 'u1'); return fit()",
    "leaves": "import sys; sys.exit(7)",
    "children": (
        "import subprocess, sys\n    for _ in range(3):\n"
        "        subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(987)'], start_new_session=True)\n"
        "    return fit()"
    ),
    "prints": "print('x' * 8_000_000); raise RuntimeError('after much talk')",
    "moves": "import os; os.chdir('/'); return fit()",
    "deletes": "import shutil; model = fit(); shutil.rmtree(workdir); return model",
    "gpu": "import tensorflow as tf\n    tf.config.set_soft_device_placement(False)\n"
    "    with tf.device('/GPU:0'):\n        return fit()",
}
SAYS = {
    "good": ("passed", ""),
    "forever": ("timed out", "took longer than"),
    "memory": ("error", "MemoryError"),
    "leaves": ("error", "sys.exit(7)"),
    "children": ("passed", ""),
    "prints": ("error", "after much talk"),
    "moves": ("passed", ""),
    "deletes": ("passed", ""),
    "gpu": ("error", "GPU"),
    "imports": ("error", "the licence has expired"),
}
LIMIT_S = 30


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    folder = tmp_path_factory.mktemp("modules")
    (folder / "shared.py").write_text(COMMON)
    for name, body in TRAINED.items():
        (folder / f"{name}.py").write_text(f"from shared import *\n\ndef train(workdir):\n    {body}\n")
    (folder / "imports.py").write_text(
        "from shared import *\nraise RuntimeError('the licence has expired')\ndef train(workdir): ...\n"
    )
    lines = ["edition 2026", 'data rows = python "shared:rows"']
    for name in SAYS:
        lines.append(f'model {name} {{ build python "shared:build"\n train python "{name}:train" }}')
        lines.append(f'suite "{name}" for {name} on rows {{ expect loss decreases }}')
    (folder / "bad.mlt").write_text("\n".join(lines) + "\n")
    command = [sys.executable, "-m", "mltspec.cli.main", "run", "bad.mlt", "-n", "2", "--json", "out.json"]
    began = time.monotonic()
    environment = {**os.environ, "NO_COLOR": "1", "CUDA_VISIBLE_DEVICES": ""}
    run = subprocess.run(
        [*command, "--timeout", f"{LIMIT_S}s"], cwd=folder, capture_output=True, text=True, env=environment
    )
    report = json.loads((folder / "out.json").read_text())
    return run, {each["suite"]: each for each in report["expectations"]}, time.monotonic() - began


@pytest.mark.parametrize("name", SAYS)
def test_verdict_and_reason(ended, name):
    _, found, _ = ended
    verdict, words = SAYS[name]
    assert (found[name]["verdict"], words in found[name]["explanation"]) == (verdict, True), found[name]["explanation"]


def test_the_run_ends_in_time_and_says_that_not_all_was_judged(ended):
    run, _, seconds = ended
    assert run.returncode == 4, run.stderr
    assert seconds < 6 * LIMIT_S


def test_nothing_is_left_running(ended):
    left = [p.info["cmdline"] for p in psutil.process_iter(["cmdline"]) if "time.sleep(987)" in str(p.info["cmdline"])]
    assert not left


def test_much_output_swells_no_report(ended):
    run, found, _ = ended
    assert len(json.dumps(found["prints"])) < 40_000
    assert len(run.stdout) < 100_000
