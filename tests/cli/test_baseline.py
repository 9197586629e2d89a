"""Baselines from a run and from files, saved and compared with by the command line as users call it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.tensorflow

MODULE = """
import os
import keras
import numpy as np

def rows(count, seed):
    x = np.random.default_rng(seed).normal(size=(count, 4)).astype("float32")
    return x, (x @ np.array([1, -1, 2, 0.5]) + np.random.default_rng(seed + 1).normal(size=count) > 0).astype("float32")

def training():
    return rows(400, 1)

def holdout():
    x, y = rows(600, int(os.environ.get("HOLDOUT", "5")))
    town = np.array(["Bath", "York"])[np.arange(600) % 2]
    return x, y

def build(rate=0.05):
    model = keras.Sequential([keras.Input((4,), name="x"), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
    return model

def worse():
    return build(1e-5)
"""
SPEC = """edition 2026
model m {{ build python "subject:{build}" fit 6 epochs in batches of 32 rows }}
data training = python "subject:training"
data holdout = python "subject:holdout"
baseline prod = store "m"
suite "s" for m on training {{
  expect accuracy on holdout >= prod - 3pp
  expect auc on holdout >= prod - 3pp
  expect loss on holdout <= prod + 0.3x
}}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("baseline")
    (folder / "subject.py").write_text(MODULE)
    for build in ("build", "worse"):
        (folder / f"{build}.mlt").write_text(SPEC.format(build=build))
    return folder


@pytest.fixture(scope="module")
def mltspec(place):
    def call(*args, **env):
        top = str(Path(__file__).parents[2])
        return subprocess.run(
            [sys.executable, "-m", "mltspec.cli.main", *args], cwd=place, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": top, **env},
        )  # fmt: skip

    return call


def verdicts(place, done, name):
    found = json.loads((place / name).read_text())["expectations"]
    assert len(found) == 3, done.stderr
    return {each["verdict"] for each in found}, found


@pytest.fixture(scope="module")
def saved(place, mltspec):
    """A first run without a baseline, and what it measured saved as one."""
    first = mltspec("run", "build.mlt", "--json", "first.json")
    found, expectations = verdicts(place, first, "first.json")
    assert found == {"inconclusive"}
    assert first.returncode == 4
    assert "mltspec baseline save m --from" in expectations[0]["explanation"]
    assert not (place / "baselines").exists(), "a run writes no baseline"
    early = mltspec("baseline", "save", "m", "--from", "worse.mlt")
    assert early.returncode == 2
    assert "run it first: mltspec run worse.mlt" in early.stderr
    done = mltspec("baseline", "save", "m", "--from", "build.mlt", "--note", "the first")
    assert done.returncode == 0, done.stderr
    assert "saved baseline m version 1" in done.stdout
    return done


def test_the_same_model_holds_against_itself(place, mltspec, saved):
    done = mltspec("run", "build.mlt", "--json", "again.json")
    found, expectations = verdicts(place, done, "again.json")
    assert found == {"passed"}
    assert any("version 1" in line for each in expectations for line in each["details"])


def test_a_worse_model_fails_on_the_same_rows(place, mltspec, saved):
    done = mltspec("run", "worse.mlt", "--json", "worse.json")
    assert verdicts(place, done, "worse.json")[0] == {"failed"}
    assert done.returncode == 1


def test_other_rows_are_not_compared(place, mltspec, saved):
    done = mltspec("run", "build.mlt", "--json", "other.json", HOLDOUT="6")
    found, expectations = verdicts(place, done, "other.json")
    assert found == {"inconclusive"}
    assert "not measured on the same rows" in expectations[0]["explanation"]


def test_a_damaged_baseline_is_an_error_and_says_which_file(place, mltspec, saved):
    scores = json.loads((place / "baselines/m/1.json").read_text())["holdings"][0]["scores"]["digest"]
    file = place / "baselines/objects" / scores[:2] / scores
    content = file.read_bytes()
    file.write_bytes(b"other")
    try:
        done = mltspec("run", "build.mlt", "-k", "accuracy")
        assert done.returncode == 4
        assert "was changed" in done.stdout
        assert mltspec("baseline", "show", "m").returncode == 1
    finally:
        file.write_bytes(content)
    assert mltspec("run", "build.mlt", "-k", "accuracy").returncode == 0


def test_list_show_and_diff(place, mltspec, saved):
    assert "m@1" in mltspec("baseline", "list").stdout
    assert "the first" in mltspec("baseline", "list").stdout
    shown = mltspec("baseline", "show", "m", "--json")
    record = json.loads(shown.stdout)
    assert {each["metric"] for each in record["holdings"]} == {"accuracy", "auc", "loss"}
    assert record["environment"]["python"]
    assert "did you mean `m`" in mltspec("baseline", "show", "mm").stderr
    same = json.loads(mltspec("baseline", "diff", "m", "m@1", "--json").stdout)
    assert same["same_model"]
    assert all(each["same_rows"] for each in same["metrics"])


def test_a_first_run_may_be_declared(place, mltspec):
    text = SPEC.format(build="build").replace('store "m"', 'store "none" may be missing')
    (place / "first.mlt").write_text(text)
    done = mltspec("run", "first.mlt", "--json", "declared.json")
    assert verdicts(place, done, "declared.json")[0] == {"skipped"}
    assert "skipped" in done.stdout


EXPORT = """
import sys
from pathlib import Path
import subject
sys.path.insert(0, "{top}")
model = subject.build()
model.fit(*subject.training(), epochs=6, verbose=0)
model.save("kept.keras")
model.export("served/1")
model.export("served/2")
"""


def test_models_in_files_are_measured_and_compared_with(place, mltspec):
    """A `.keras` file and a folder of versions as TensorFlow Serving has it: saved, and named in the spec itself."""
    script = EXPORT.format(top=place)
    subprocess.run([sys.executable, "-c", script], cwd=place, check=True, capture_output=True)
    (place / "served" / "3.tmp").mkdir()
    for name, source, told in (("file", "kept.keras", "kept.keras"), ("folder", "served", "served version 2")):
        done = mltspec("baseline", "save", name, "--from", source, "--spec", "build.mlt")
        assert done.returncode == 0, done.stderr
        assert f"version 1, from {told}" in done.stdout
    files, folders = (
        json.loads(mltspec("baseline", "show", name, "--json").stdout)["holdings"] for name in ("file", "folder")
    )
    for one, other in zip(files, folders, strict=True):
        assert one["rows_digest"] == other["rows_digest"]
        assert one["settings"] == other["settings"]
        assert one["value"] == pytest.approx(other["value"], abs=1e-5)
    sources = ('store "file"', 'store "folder"', 'keras "kept.keras"', 'savedmodel "served" version 1')
    text = SPEC.format(build="build").partition("baseline")[0]
    text += "".join(f"baseline b{at} = {source}\n" for at, source in enumerate(sources))
    text += 'suite "s" for m on training {\n'
    text += "".join(f"  expect accuracy on holdout >= b{at} - 3pp\n" for at in range(len(sources))) + "}\n"
    (place / "against.mlt").write_text(text)
    done = mltspec("run", "against.mlt", "--json", "against.json")
    found = {each["id"]: each["verdict"] for each in json.loads((place / "against.json").read_text())["expectations"]}
    assert set(found.values()) == {"passed"}, done.stdout
    assert len(found) == len(sources)


def test_removing(place, mltspec, saved):
    (place / "copy").mkdir()
    kept = mltspec("baseline", "save", "gone", "--from", "build.mlt")
    assert kept.returncode == 0, kept.stderr
    assert mltspec("baseline", "rm", "gone@1").returncode == 130, "it asks, and nobody answers"
    assert "removed gone version 1" in mltspec("baseline", "rm", "gone@1", "--yes").stdout
    assert mltspec("baseline", "rm", "gone", "--yes").returncode == 2
    assert "m@1" in mltspec("baseline", "list").stdout


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("save", "../x", "--from", "build.mlt"), "is no name"),
        (("save", "m", "--from", "nowhere"), "there is no `nowhere`"),
        (("save", "m", "--from", "build.mlt", "--model", "other"), "measures nothing of `other`"),
        (("save", "m", "--from", "build.mlt", "--spec", "x.mlt"), "are for a MODEL"),
    ],
)
def test_wrong_usage_says_what_is_right(mltspec, args, says):
    done = mltspec("baseline", *args)
    assert done.returncode == 2
    assert says in done.stderr
