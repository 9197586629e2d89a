"""`mltspec trace` as it is typed."""

import json

import click
import pytest

from mltspec.cli.trace import rows_of
from mltspec.compile.tracing import Wanted, trace_plan
from mltspec.evidence.trace import TraceAsk, TraceEvidence
from mltspec.language.diagnostic import Diagnostic

SUBJECT = """
import keras
import numpy as np
from keras import layers, ops

def data():
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, (40, 4)).astype("float32")
    x[5, 2] = 0
    return x, x[:, :1]

def build(body=layers.ReLU):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2), body(), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model

def faulty():
    inputs = keras.Input((4,))
    model = keras.Model(inputs, layers.Dense(1)(ops.log(inputs)))
    model.compile("sgd", "mse")
    return model
"""
SPEC = """edition 2026
model sound  { build python "s:build" fit 1 epochs trains on rows_a }
model broken { build python "s:faulty" trains on rows_a }
data rows_a = python "s:data"
data rows_b = python "s:data"
server staging = local
profile other { seed 9 }
suite "s" for sound { expect trace finite of 4 rows }
"""


@pytest.fixture
def spec(here):
    (here / "s.py").write_text(SUBJECT)
    (here / "s.mlt").write_text(SPEC)
    return here / "s.mlt"


def ask(plan):
    return next(TraceAsk.model_validate(each.ask) for each in plan.requests if each.kind == "trace")


@pytest.mark.parametrize(
    ("typed", "rows"), [("0..3", (0, 1, 2, 3)), ("7", (7,)), ("3, 5,9", (3, 5, 9)), ("2..3,0,3", (2, 3, 0))]
)
def test_rows_are_read_by_number(typed, rows):
    assert rows_of(None, None, typed) == rows


@pytest.mark.parametrize("typed", ["", "a", "3..", "-1", "5..2", "0..99999999999", "1;2"])
def test_what_names_no_rows_is_refused(typed):
    with pytest.raises(click.BadParameter):
        rows_of(None, None, typed)


def test_a_plan_follows_what_was_asked_for(spec):
    seen = ask(trace_plan(spec, Wanted(model="sound", data="rows_b", rows=(3,), steps=2), "other", None))
    assert (seen.run.model.name, seen.run.data.name, seen.data.name) == ("sound", "rows_a", "rows_b")
    assert (seen.rows, seen.steps, seen.run.seed) == ((3,), 2, 9)
    plan = trace_plan(spec, Wanted(model="broken", untrained=True), None, 4)
    assert [each.kind for each in plan.requests] == ["trace"]
    assert ask(plan).run.seed == 4


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Wanted(), "several models are declared"),
        (Wanted(model="sond"), "there is no model called `sond`"),
        (Wanted(model="sound", data="rows"), "there is no data called `rows`"),
    ],
)
def test_names_that_say_nothing_are_told(spec, wanted, says):
    found = trace_plan(spec, wanted, None, None)
    assert isinstance(found, Diagnostic)
    assert says in found.message


def test_usage_is_refused_before_anything_is_trained(spec, mltspec):
    for typed, says in (
        (["s.mlt", "--rows", "x"], "names no rows"),
        (["s.mlt", "--model", "sond"], "did you mean `sound`?"),
        (["s.mlt", "--replay", "abcd"], "keeps no counterexample"),
        (["s.mlt", "--html", "no/such/folder/t.html"], "there is no folder"),
        (["s.mlt"], "say which: `--model sound` or `--model broken`"),
    ):
        ended = mltspec("trace", *typed)
        assert ended.code == 2, ended
        assert says in ended.err


@pytest.mark.tensorflow
def test_a_batch_is_followed_and_reported(spec, mltspec):
    ended = mltspec("trace", "s.mlt", "--model", "sound", "--json", "t.json", "--html", "t.html", "--rows", "0..2")
    assert ended.code == 0, ended
    assert "3 rows of rows_a through sound, after 2 training steps" in ended.out
    assert "no trouble" in ended.out
    assert "train sound" in ended.err
    seen = TraceEvidence.from_json((spec.parent / "t.json").read_text())
    assert [each.where for each in seen.compared] == ["predict", "exported", "served"]
    assert json.loads((spec.parent / "t.json").read_text())["rows"] == 3
    assert "<svg" in (spec.parent / "t.html").read_text()
    broken = mltspec("trace", "s.mlt", "--model", "broken", "--untrained", "--rows", "5", "--no-export")
    assert broken.code == 1, broken
    assert "`log`: its output is not finite" in broken.out
    missing = mltspec("trace", "s.mlt", "--model", "broken", "--untrained", "--rows", "40")
    assert missing.code == 4
    assert "has no row 40" in missing.err
