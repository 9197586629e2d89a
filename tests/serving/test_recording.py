"""Recorded requests are read as callers sent them, and replayed whole, in order, and as a shadow."""

import json

import numpy as np
import pytest

from mltspec.serving.canary import Stream
from mltspec.serving.recording import ONLY, read
from mltspec.serving.system import Trouble

LINES = [
    {"inputs": {"x": [[1, 2, 3, 4]], "town": [["Bath"]]}, "label": 1},
    {"instances": [{"x": [1, 2, 3, 4], "town": "Bath"}, {"x": [5, 6, 7, 8], "town": "York"}]},
    {"instances": [[1.5, 2], [3, 4]]},
    {"inputs": [{"name": "x", "shape": [2, 2], "datatype": "FP32", "data": [1, 2, 3, 4]}]},
]


def written(folder, *lines):
    file = folder / "calls.jsonl"
    file.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines))
    return file


def test_every_form_of_a_request_is_read(tmp_path):
    one, two, three, four = read(written(tmp_path, *LINES))
    assert (one.rows, one.label, sorted(one.inputs)) == (1, 1.0, ["town", "x"])
    assert (two.rows, two.label, two.inputs["town"].tolist()) == (2, None, ["Bath", "York"])
    assert three.inputs[ONLY].dtype == np.float32
    assert four.inputs["x"].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "calls.jsonl, line 2 is no request"),
        ("[1]", "it is no object"),
        ({"rows": 3}, "it has neither `inputs` nor `instances`"),
        ({"inputs": {"x": [1, 2], "y": [1]}}, "line 2: the inputs are not as many rows each"),
        ({"instances": [[1, 2], [3]]}, "line 2"),
    ],
)
def test_what_is_no_request_is_told_with_its_line(tmp_path, line, says):
    with pytest.raises(Trouble) as told:
        read(written(tmp_path, LINES[0], line))
    assert says in str(told.value)


def test_an_empty_recording_and_none_at_all(tmp_path):
    with pytest.raises(Trouble, match="holds no request"):
        read(written(tmp_path, ""))
    with pytest.raises(Trouble, match="cannot be read"):
        read(tmp_path / "gone.jsonl")


def stream(server, tmp_path, **how):
    rows = [{"x": np.full((1 + at, 4), at, "float32")} for at in range(5)]
    return Stream(server, "1", "2", rows, [None] * 5, (0.4,), 2.0, 100.0, 3, tmp_path, **how)


def test_a_recording_is_replayed_in_its_order(linear, tmp_path):
    which = stream(linear(), tmp_path, in_order=True)._schedule().which
    assert (which % 5).tolist() == [at % 5 for at in range(len(which))]


def test_a_shadow_gets_copies_of_what_the_baseline_is_asked(linear, tmp_path):
    server = linear()
    (server.folder / "2").mkdir()
    server.load("2")
    shadow = stream(server, tmp_path, shadow=True)
    schedule = shadow._schedule()
    arm, row = schedule.which // 5, schedule.which % 5
    twice = {kind: [(at, r) for at, r, a in zip(schedule.at_s, row, arm, strict=True) if a == kind] for kind in (0, 1)}
    assert twice[0] == twice[1]
    assert len(twice[0]) > 50
    # Who goes first is drawn by lot.
    first = arm[:-1][(arm[:-1] < 2) & (schedule.at_s[1:] == schedule.at_s[:-1])]
    assert 0.3 < first.mean() < 0.7
    looks = shadow.run((), 0.05)
    assert sum(look.canary.requests for look in looks) == sum(look.baseline.requests for look in looks) > 50
