"""Bounds calibrated by a small model that is really trained, by the command line as users call it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mltspec.statistics.prediction import Spread

pytestmark = pytest.mark.tensorflow

MODULE = """
import keras
import numpy as np

def rows(count, seed):
    x = np.random.default_rng(seed).normal(size=(count, 4)).astype("float32")
    return x, (x @ np.array([1, -1, 2, 0.5]) + np.random.default_rng(seed + 1).normal(size=count) > 0).astype("float32")

def training():
    return rows(400, 1)

def holdout():
    x, y = rows(600, 5)
    return {"x": x, "town": np.array([0.0, 1.0], "float32")[np.arange(600) % 2]}, y

def build(initial="glorot_uniform"):
    x, town = keras.Input((4,), name="x"), keras.Input((), name="town")
    y = keras.layers.Dense(1, activation="sigmoid", kernel_initializer=initial)(x)
    model = keras.Model({"x": x, "town": town}, y)
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
    return model

def training_by_name():
    x, y = rows(400, 1)
    return {"x": x, "town": np.zeros(400, "float32")}, y

def fixed():
    return build("ones")
"""
SPEC = """edition 2026
model m { build python "subject:build" fit 12 epochs in batches of 32 rows shuffle no }
data training = python "subject:training_by_name"
data holdout = python "subject:holdout"
let least = 0.4

suite "s" for m on training {
  expect loss decreases
  expect accuracy on holdout >= 99 %  # too much
  expect loss on holdout <= 5
  expect accuracy on holdout by town >= 0.2 where rows >= 100
  expect auc on holdout >= least
  expect calibration_error on holdout <= 80%
}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibrate")
    (folder / "subject.py").write_text(MODULE)
    (folder / "m.mlt").write_text(SPEC)
    return folder


@pytest.fixture(scope="module")
def mltspec(place):
    def call(*args):
        return subprocess.run(
            [sys.executable, "-m", "mltspec.cli.main", *args], cwd=place, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip

    return call


@pytest.fixture(scope="module")
def shown(place, mltspec):
    done = mltspec("calibrate", "m.mlt", "--seeds", "4", "--false-alarms", "5%", "--json", "found.json")
    assert done.returncode == 0, done.stderr
    return done


def bounds(place):
    return {each["id"].removeprefix("s/"): each for each in json.loads((place / "found.json").read_text())["bounds"]}


def test_every_bound_is_proposed_from_what_the_seeds_showed(place, shown):
    found = bounds(place)
    assert len(found) == 5
    for name, each in found.items():
        assert len(set(each["values"])) > 1, name
        more = "<=" not in each["id"] and "loss" not in name and "calibration" not in name
        limit = Spread.of(each["values"]).bound(0.05, more)
        factor = 0.01 if "%" in each["proposed"] else 1.0
        proposed = float(re.match(r"[\d.]+", each["proposed"])[0]) * factor
        reach = Spread.of(each["values"]).reach
        assert 0 <= (limit - proposed if more else proposed - limit) <= reach / 5 + 1e-12, name
    assert found["accuracy-on-holdout"]["missed"] > 0.9
    assert found["loss-on-holdout"]["missed"] < 0.001


def test_what_is_shown_says_how_todays_bounds_do_and_writes_nothing(place, shown):
    assert (place / "m.mlt").read_text() == SPEC
    assert "accuracy over 4 seeds:" in shown.stdout
    assert "accuracy of the worst town over 4 seeds:" in shown.stdout
    assert "-  expect accuracy on holdout >= 99 %  # too much" in shown.stdout
    assert re.search(r"\+  expect accuracy on holdout >= [\d.]+ %  # too much", shown.stdout)
    assert "`--write` makes these edits" in shown.stdout
    assert "1 other expectation left alone" in shown.stdout
    assert "its bound `0.4` is written elsewhere" in shown.stderr


def test_write_makes_the_edits_and_then_the_bounds_hold(place, mltspec, shown):
    text = (place / "m.mlt").read_text()
    try:
        done = mltspec("calibrate", "m.mlt", "--seeds", "4", "--false-alarms", "5%", "--write")
        assert done.returncode == 0, done.stderr
        assert "gathering" not in done.stderr, "the store has it all"
        after = (place / "m.mlt").read_text()
        changed = [old for old, new in zip(text.splitlines(), after.splitlines(), strict=True) if old != new]
        assert len(changed) == 4
        held = mltspec("run", "m.mlt", "-k", "holdout")
        assert held.returncode == 0, held.stdout
        again = mltspec("calibrate", "m.mlt", "--seeds", "4", "--false-alarms", "5%", "-k", "loss-on")
        assert "that is what a false-alarm rate of 5.0% asks for already" in again.stdout
    finally:
        (place / "m.mlt").write_text(text)


def test_other_rows_ask_for_a_wider_bound(place, mltspec, shown):
    before = bounds(place)["accuracy-on-holdout"]["proposed"]
    done = mltspec(
        "calibrate", "m.mlt", "--seeds", "4", "--false-alarms", "5%", "--new-rows", "-k", "accuracy-on-holdout",
        "--json", "rows.json",
    )  # fmt: skip
    assert "other rows move it by a standard error of" in done.stdout
    wider = json.loads((place / "rows.json").read_text())["bounds"][0]["proposed"]
    assert float(wider.removesuffix(" %")) < float(before.removesuffix(" %"))


STEADY_AND_WILD = """edition 2026
model steady { build python "subject:fixed" fit 2 epochs in batches of 32 rows shuffle no }
model wild   { build python "subject:build" fit 1 epochs in batches of 400 rows }
data training = python "subject:training_by_name"
data holdout = python "subject:holdout"
suite "steady" for steady on training { expect loss on holdout <= 5 }
suite "wild" for wild on training { expect accuracy on holdout >= 0.1 }
"""


def test_where_runs_do_not_differ_or_differ_too_much_nothing_is_proposed(place, mltspec):
    (place / "two.mlt").write_text(STEADY_AND_WILD)
    done = mltspec("calibrate", "two.mlt", "--seeds", "3", "--false-alarms", "0.1%")
    assert done.returncode == 0, done.stderr
    assert "all seeds give the same value" in done.stdout
    assert "runs scatter so far" in done.stdout
    assert "+++" not in done.stdout


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("-k", "decreases"), 5, "nothing to calibrate"),
        (("--false-alarms", "70%"), 2, "one below a half"),
        (("--json", "no/where.json"), 2, "there is no folder"),
        (("--seeds", "2"), 2, "--seeds"),
    ],
)
def test_wrong_usage_says_what_is_right(mltspec, args, code, says):
    done = mltspec("calibrate", "m.mlt", *args)
    assert done.returncode == code
    assert says in done.stderr
