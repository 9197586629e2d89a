"""pytest on specs, as a user calls it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mltspec.testing.modelling import origin_of

TOP = Path(__file__).parents[2]
MODULE = """
import keras
import numpy as np

def build():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "relu"), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model

def cut():
    inputs = keras.Input((3,))
    hidden = keras.layers.Dense(4, "relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Rescaling(0.0)(hidden)))
    model.compile("sgd", "mse")
    return model

def data():
    x = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
    return x, x.sum(1, keepdims=True)
"""
SPEC = """edition 2026
model m { build python "m:build" }
data d = python "m:data"
suite "s" for m on d {
  expect gradients reach every weight
  expect one batch overfits to loss <= 0.0001 within 1 steps
  expect one batch overfits to loss <= 0.0001 within 1 steps id light severity warn
  expect loss decreases skip because "not now"
}
"""


PLUGIN = ("-p", "no:mltspec", "-p", "mltspec.testing.plugin")
"""By its module: the entry point is there only where this version was installed."""


@pytest.fixture
def here(tmp_path):
    (tmp_path / "m.py").write_text(MODULE)
    (tmp_path / "a.mlt").write_text(SPEC)
    return tmp_path


def call(here, *words):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *PLUGIN, *words]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    return subprocess.run(command, cwd=here, capture_output=True, text=True, env=environment, timeout=280)


def test_expectations_are_collected_by_id(here):
    done = call(here, "a.mlt", "--collect-only", "-q")
    assert "a.mlt::s/gradients-reach" in done.stdout
    assert "4 tests collected" in done.stdout
    assert "1/4 tests collected" in call(here, "a.mlt", "--collect-only", "-q", "-k", "gradients").stdout


def test_a_wrong_spec_is_an_error_of_collection(here):
    (here / "a.mlt").write_text("edition 2026\nexpect\n")
    done = call(here, "a.mlt")
    assert done.returncode == 2
    assert "--> a.mlt:2:" in done.stdout


def test_a_skip_needs_no_run(here):
    done = call(here, "a.mlt", "-k", "loss-decreases", "-rs")
    assert "1 skipped" in done.stdout
    assert "not now" in done.stdout


@pytest.mark.tensorflow
def test_verdicts_are_outcomes_and_failures_read_as_ours(here):
    done = call(here, "a.mlt", "-rs")
    assert done.returncode == 1, done.stdout
    assert "1 failed, 1 passed, 2 skipped" in done.stdout
    assert "= again:    mltspec run a.mlt::s/one-batch-overfits" in done.stdout
    assert "Traceback" not in done.stdout
    (here / "test_it.py").write_text(
        "import pytest\nfrom mltspec.testing import SpecNotHeld, assert_spec\n\n"
        "def test_held():\n    assert [each.judgement.verdict for each in assert_spec('a.mlt', only='gradients')] == "
        "['passed']\n\n"
        "def test_not():\n    with pytest.raises(SpecNotHeld, match='expected:'):\n        assert_spec('a.mlt')\n\n"
        "def test_nothing():\n    with pytest.raises(SpecNotHeld, match='never a pass'):\n"
        "        assert_spec('a.mlt', only='no such claim')\n\n"
        "def test_models_at_hand():\n    import m\n"
        "    for model in (m.build(), m.build, 'm:build'):\n"
        "        assert assert_spec('a.mlt', only='gradients', model=model)\n"
        "    cut = m.cut()\n"
        "    with pytest.raises(SpecNotHeld, match='gradient'):\n"
        "        assert_spec('a.mlt', only='gradients', model=cut)\n"
        "    with pytest.raises(SpecNotHeld, match='gradient'):\n"
        "        assert_spec('a.mlt', only='gradients', model=m.cut)\n"
    )
    done = call(here, "test_it.py")
    assert "4 passed" in done.stdout, done.stdout


def test_a_model_that_no_child_could_have_is_refused(tmp_path):
    with pytest.raises(TypeError, match="cannot be imported"):
        origin_of(lambda: None, tmp_path)
    with pytest.raises(TypeError, match="not int"):
        origin_of(3, tmp_path)
    assert origin_of("m:build", tmp_path) == ("python", "m:build")
    assert origin_of("m.keras", tmp_path) == ("keras", str(Path("m.keras").absolute()))
