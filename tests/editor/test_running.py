"""Running from a lens: a real child, its verdict at the line, and what cancelling leaves behind."""

import os
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.tensorflow

MODEL = """
import keras, numpy, os, pathlib, time

HERE = pathlib.Path(__file__).parent

def data():
    if (HERE / "slow").exists():
        (HERE / "pid").write_text(str(os.getpid()))
        time.sleep(600)
    return numpy.ones((8, 2), "float32"), numpy.ones((8, 1), "float32")

def build():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])
    return model
"""
SPEC = """edition 2026
model small { build python "small:build" fit 1 epoch }
data rows = python "small:data"
suite "small" for small on rows {
  expect accuracy >= 0.0 id holds
  expect accuracy > 1.0 id never
}
"""
SHOWS = {
    "window": {"workDoneProgress": True},
    "workspace": {"codeLens": {"refreshSupport": True}, "inlayHint": {"refreshSupport": True}},
}
PATIENCE_S = 120


@pytest.fixture
def client(start, home):
    (home / "small.py").write_text(MODEL)
    (home / "small.mlt").write_text(SPEC)
    client = start()
    client.initialize(SHOWS)
    client.spec = client.open("small.mlt", SPEC)
    client.diagnostics(client.spec)
    return client


def run(client, target):
    return client.ask("workspace/executeCommand", {"command": "mltspec.run", "arguments": [client.spec, target]})


def test_a_run_shows_its_verdicts_at_their_lines(client):
    lenses = client.request("textDocument/codeLens", {"textDocument": {"uri": client.spec}})
    (suite,) = [each["command"] for each in lenses if each["command"]["title"] == "▶ run suite"]
    client.notes.clear()
    asked = client.ask("workspace/executeCommand", {"command": suite["command"], "arguments": suite["arguments"]})
    result = client.answer(asked, PATIENCE_S)["result"]
    assert {each["id"]: each["verdict"] for each in result["expectations"]} == {
        "small/holds": "passed",
        "small/never": "failed",
    }
    failed = None
    while failed is None:  # what the linter found on opening may come first
        failed = next((each for each in client.diagnostics(client.spec) if each["source"] == "mltspec run"), None)
    assert failed["range"]["start"]["line"] == 5
    assert failed["message"].startswith("failed: ")
    titles = [
        each["command"]["title"]
        for each in client.request("textDocument/codeLens", {"textDocument": {"uri": client.spec}})
    ]
    assert titles == ["▶ run suite   ✗ failed", "▶ run   ✓ passed", "▶ run   ✗ failed"]
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    hints = client.request("textDocument/inlayHint", {"textDocument": {"uri": client.spec}, "range": everything})
    assert [(each["position"]["line"], each["label"]) for each in hints] == [(4, "✓ passed"), (5, "✗ failed")]
    assert any(each["method"] == "workspace/codeLens/refresh" for each in client.questions)
    kinds = [n["params"]["value"]["kind"] for n in client.notes if n["method"] == "$/progress"]
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    client.edit(client.spec, 2, (5, 20, 5, 23, "0.9"))  # another claim: what was run says nothing of it
    while any(each["source"] == "mltspec run" for each in client.diagnostics(client.spec)):
        pass


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    "how", ["request", *(pytest.param(how, marks=pytest.mark.slow) for how in ("progress", "command", "exit"))]
)
def test_cancelling_kills_the_child_and_all_that_it_started(client, home, how):
    (home / "slow").touch()
    asked = run(client, "small/holds")
    wait_for((home / "pid").exists)
    wait_for(lambda: (home / "pid").read_text())
    pid = int((home / "pid").read_text())
    assert alive(pid)
    if how == "request":
        client.tell("$/cancelRequest", {"id": asked})
        assert client.answer(asked)["error"]["code"] == -32800
    elif how == "progress":
        client.request("textDocument/hover", client.at(client.spec, 0, 0))
        token = next(n["params"]["token"] for n in client.notes if n["method"] == "$/progress")
        client.tell("window/workDoneProgress/cancel", {"token": token})
        assert client.answer(asked)["result"] is None
    elif how == "command":
        client.request("workspace/executeCommand", {"command": "mltspec.cancel", "arguments": []})
        assert client.answer(asked)["result"] is None
    else:
        client.close()
    wait_for(lambda: not alive(pid))
    if how != "exit":
        assert client.request("textDocument/hover", client.at(client.spec, 0, 0))


def test_what_is_not_saved_is_not_run(client):
    client.edit(client.spec, 2, (5, 20, 5, 23, "0.9"))
    assert client.answer(run(client, "small/holds"))["result"] is None
    (told,) = [each for each in client.notes if each["method"] == "window/showMessage"]
    assert "save small.mlt first" in told["params"]["message"]


def test_a_run_that_cannot_begin_says_why(client):
    result = client.answer(run(client, "small/nonesuch"), PATIENCE_S)["result"]
    assert "there is no expectation `small/nonesuch`" in result["trouble"]
    assert any(each["method"] == "window/showMessage" for each in client.notes)
