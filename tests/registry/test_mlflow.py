"""Baselines from MLflow's registry: a real one in a database file, made by the test; `make test-registry` runs it."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from mltspec.cli.registered import fetched

pytestmark = [
    pytest.mark.skipif(find_spec("mlflow") is None, reason="MLflow is not installed here: `make test-registry`"),
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore"),
]

MODULE = """
import keras
import numpy as np

def rows(count, seed):
    x = np.random.default_rng(seed).normal(size=(count, 4)).astype("float32")
    return x, (x @ np.array([1, -1, 2, 0.5]) > 0).astype("float32")

def training():
    return rows(400, 1)

def holdout():
    return rows(600, 5)

def build():
    model = keras.Sequential([keras.Input((4,), name="x"), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy", metrics=["accuracy"])
    return model

if __name__ == "__main__":
    model = build()
    model.fit(*training(), epochs=6, verbose=0)
    model.save("model.keras")
"""
SPEC = """edition 2026
model m { build python "subject:build" fit 6 epochs in batches of 32 rows }
data training = python "subject:training"
data holdout = python "subject:holdout"
baseline prod = store "m"
suite "s" for m on training {
  expect accuracy on holdout >= prod - 3pp
}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    (folder / "subject.py").write_text(MODULE)
    (folder / "m.mlt").write_text(SPEC)
    subprocess.run([sys.executable, "subject.py"], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def tracking(place):
    """A registry of two models: version 2 of one is `prod`; the other is no Keras model."""
    import mlflow

    uri = f"sqlite:///{place / 'registry.db'}"
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(uri)
    client = mlflow.MlflowClient()
    experiment = client.create_experiment("delay", artifact_location=(place / "artifacts").as_uri())
    (place / "notes.txt").write_text("no model")
    for name, files in {"delay": ["notes.txt", "model.keras"], "other": ["notes.txt"]}.items():
        client.create_registered_model(name)
        for file in files:
            with mlflow.start_run(experiment_id=experiment) as run:
                mlflow.log_artifact(str(place / file), "model")
                client.create_model_version(name, mlflow.get_artifact_uri("model"), run.info.run_id)
    client.set_registered_model_alias("delay", "prod", "2")
    yield uri
    mlflow.set_tracking_uri(before)


@pytest.mark.parametrize(
    ("uri", "told"), [("models:/delay/2", "models:/delay/2"), ("models:/delay@prod", "models:/delay/2, then @prod")]
)
def test_a_model_is_fetched_as_it_lies_there(place, tracking, tmp_path, uri, told):
    file, called = fetched(uri, tracking, tmp_path)
    assert file.read_bytes() == (place / "model.keras").read_bytes()
    assert called == told


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("models:/delay/7", "MLflow has no `models:/delay/7` in sqlite:"),
        ("models:/nobody/1", "MLflow has no `models:/nobody/1`"),
        ("models:/delay@canary", "MLflow has no `models:/delay@canary`"),
        ("models:/other/1", "neither a `.keras` file nor a SavedModel: it holds notes.txt"),
    ],
)
def test_what_cannot_be_had_is_told(tracking, tmp_path, uri, says):
    with pytest.raises(click.ClickException, match=r"MLflow|holds") as told:
        fetched(uri, tracking, tmp_path)
    assert says in told.value.message


def test_a_registered_model_becomes_a_baseline_that_a_run_is_held_against(place, tracking):
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])

    def mltspec(*args):
        return subprocess.run(
            [sys.executable, "-m", "mltspec.cli.main", *args], cwd=place, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip

    saved = mltspec("baseline", "save", "m", "--from", "models:/delay@prod", "--tracking", tracking, "--spec", "m.mlt")
    assert saved.returncode == 0, saved.stderr
    assert "saved baseline m version 1, from models:/delay/2, then @prod" in saved.stdout
    held = mltspec("run", "m.mlt", "--json", "held.json")
    assert held.returncode == 0, held.stdout
    (found,) = json.loads((place / "held.json").read_text())["expectations"]
    assert found["verdict"] == "passed"
    assert any("from models:/delay/2" in line for line in found["details"])
