"""Faults in a real subject: the advice of each catches it, a weak spec lets it by, and no trace is left."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mltspec.evidence.faults import FAULTS

SUBJECT = """
import keras
import numpy as np

def rows(seed):
    x = np.random.default_rng(seed).normal(size=(128, 4)).astype("float32")
    return x, (x[:, 0] + x[:, 1] > 0).astype("float32")

def build():
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1, "sigmoid")]
    )
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
    return model

FIT = {"epochs": 8, "batch_size": 16}
def train_data(): return rows(0)
def holdout_data(): return rows(1)
def raw_examples(): return {"a": np.linspace(-1.0, 1.0, 20), "b": np.linspace(2.0, 3.0, 20)}
def features(raw): return np.stack([raw["a"], raw["b"], raw["a"], raw["b"]], axis=1).astype("float32")
def serving_features(raw): return features(raw)

def elsewhere(workdir):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "mse")
    model.fit(*rows(0), verbose=0)
    return model
"""
HEAD = """edition 2026
model net {
  build python "subject:build"
  fit as python "subject:FIT"
  raw python "subject:raw_examples"
  features python "subject:features"
  serving python "subject:serving_features"
}
data training = python "subject:train_data"
data holdout = python "subject:holdout_data"
"""


@pytest.fixture
def mutate(tmp_path):
    (tmp_path / "subject.py").write_text(SUBJECT)

    def call(claims, *words, head=HEAD):
        (tmp_path / "net.mlt").write_text(f'{head}suite "s" for net on training {{\n{claims}\n}}\n')
        top = str(Path(__file__).parents[2])
        command = [sys.executable, "-m", "mltspec.cli.main", "mutate", "net.mlt", "-n", "2", "--json", "out.json"]
        environment = {**os.environ, "PYTHONPATH": top, "NO_COLOR": "1"}
        done = subprocess.run([*command, *words], capture_output=True, text=True, cwd=tmp_path, env=environment)
        file = tmp_path / "out.json"
        rows = json.loads(file.read_text())["mutants"] if file.exists() else []
        return done, {row["name"]: row for row in rows}

    return call


@pytest.mark.tensorflow
def test_faults_are_caught_and_leave_no_trace(mutate, tmp_path):
    expected = ("gradients reach every weight", "exported model agrees", "serving matches training features")
    claims = "\n".join(f"  expect {each}" for each in expected)
    names = ("layer-frozen", "wrong-version-exported", "feature-skewed")
    done, rows = mutate(claims, *(word for name in names for word in ("-m", name)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert {name: [each["id"] for each in row["caught_by"]] for name, row in rows.items()} == {
        "layer-frozen": ["s/gradients-reach"],
        "wrong-version-exported": ["s/exported-model-agrees"],
        "feature-skewed": ["s/serving-matches-training"],
    }
    assert "ALL CAUGHT: 3 mutants" in done.stdout
    verdicts = json.loads((tmp_path / ".mltspec" / "last.json").read_text())
    assert set(verdicts.values()) == {"passed"}, "what is judged with a fault is no verdict on the subject"


@pytest.mark.tensorflow
def test_what_nothing_notices_survives_and_what_never_got_in_proves_nothing(mutate):
    job = HEAD.replace(
        'build python "subject:build"', 'build python "subject:build"\n  train python "subject:elsewhere"'
    )
    done, rows = mutate("  expect training stays finite", "-m", "weight-nan", "-m", "seed-not-set", head=job)
    assert done.returncode == 1, done.stdout + done.stderr
    assert {name: row["fate"] for name, row in rows.items()} == {
        "weight-nan": "not injected",
        "seed-not-set": "survived",
    }
    assert "never uses `subject:build`" in rows["weight-nan"]["reason"]
    assert "add  expect training reproducible" in done.stdout


def test_a_fault_that_is_none_is_told_with_what_was_meant(mutate):
    done, _ = mutate("  expect loss decreases", "-m", "learning-rate-zer")
    assert done.returncode == 2
    assert "did you mean `learning-rate-zero`?" in done.stderr


def test_the_faults_are_listed(mutate):
    done, _ = mutate("", "--list")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == [fault.name for fault in FAULTS]
