"""A drill that is interrupted leaves the server on the version it had before, at once or at the next start."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from mltspec.cli.drills import put_right
from mltspec.plan.subject import Server
from mltspec.serving.asking import predict
from mltspec.serving.journal import Journal
from mltspec.serving.open import open_system
from mltspec.serving.system import Trouble

CONTROL = """
import json, sys, urllib.request
port, verb, version = sys.argv[1:]
url = f"http://127.0.0.1:{port}"
if verb == "live":
    print(json.load(urllib.request.urlopen(url + "/v2/models/half"))["parameters"]["live_version"])
else:
    body = json.dumps({"parameters": {"version": version}}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{url}/v2/repository/models/half/load", body, method="POST"))
    urllib.request.urlopen(urllib.request.Request(f"{url}/control/models/half/promote", body, method="POST"))
"""
DRILL = """
import sys, time
from pathlib import Path
from mltspec.plan.subject import Server
from mltspec.serving.journal import Journal
from mltspec.serving.open import open_system
server, folder = Server.from_json(sys.argv[1]), Path(sys.argv[2])
system = open_system(server, "half", folder, folder)
with Journal(folder / "drills").drilling(server, "half", "1", folder, system):
    system.promote("2")
    print("promoted", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def stack(linear, tmp_path):
    """A server that runs by itself, and the declaration of it as a stack behind commands."""
    running = linear(versions=("1", "2"))
    running.load("1")
    running.promote("1")
    script = tmp_path / "control.py"
    script.write_text(CONTROL)
    port = running.address.port
    command = f"{sys.executable} {script} {port}"
    server = Server(
        name="ours", system="command", address=f"127.0.0.1:{port}", drill=True, promote=f"{command} to {{version}}",
        rollback=f"{command} to {{version}}", live=f"{command} live -", predicts="/v2/models/half/infer",
    )  # fmt: skip
    return running, server, tmp_path


def drill(server, folder):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(
        [sys.executable, "-c", DRILL, server.to_json(), str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    assert child.stdout.readline() == b"promoted\n"
    return child


def test_a_stack_behind_commands_is_promoted_rolled_back_and_asked(stack):
    running, server, folder = stack
    system = open_system(server, "half", folder, folder)
    assert (system.live_version(), system.ready()) == ("1", True)
    system.promote("2")
    assert running.live_version() == "2"
    assert predict(system, {"x": np.array([[1, 2, 3, 4]], "float32")}).outputs["y"].tolist() == [[8.0]]
    system.rollback("1")
    assert running.live_version() == "1"


def test_an_interrupted_drill_puts_the_server_right_itself(stack):
    running, server, folder = stack
    child = drill(server, folder)
    assert running.live_version() == "2"
    child.send_signal(signal.SIGINT)
    child.wait(30)
    child.stdout.close()
    assert running.live_version() == "1"
    assert list((folder / "drills").glob("*.json")) == []


def test_a_killed_drill_is_put_right_at_the_next_start(stack):
    running, server, folder = stack
    child = drill(server, folder)
    child.kill()
    child.wait()
    child.stdout.close()
    assert running.live_version() == "2"
    said = []
    put_right(folder, said.append)
    assert running.live_version() == "1"
    assert said == ["a drill was killed on server `ours`; it is rolled back to version 1"]
    put_right(folder, said.append)
    assert len(said) == 1


def test_a_dead_drill_that_nobody_has_buried_is_dead(stack):
    running, server, folder = stack
    child = drill(server, folder)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it stays on as a zombie
    put_right(folder, lambda said: None)
    assert running.live_version() == "1"
    child.wait()
    child.stdout.close()


def test_a_drill_under_way_is_left_alone_and_bars_another(stack):
    running, server, folder = stack
    child = drill(server, folder)
    try:
        said = []
        put_right(folder, said.append)
        assert (said, running.live_version()) == ([], "2")
        system = open_system(server, "half", folder, folder)
        with (
            pytest.raises(Trouble, match="another drill holds server `ours`"),
            Journal(folder / "drills").drilling(server, "half", "1", folder, system),
        ):
            pass
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(30)
        child.stdout.close()


def test_a_server_that_cannot_be_reached_stays_on_record(stack):
    running, server, folder = stack
    child = drill(server, folder)
    child.kill()
    child.wait()
    child.stdout.close()
    running.kill()
    said = []
    put_right(folder, said.append)
    assert "must be rolled back to version 1, and could not be" in said[0]
    assert len(list((folder / "drills").glob("*.json"))) == 1


def test_the_record_names_no_secret(stack, monkeypatch):
    _, server, folder = stack
    monkeypatch.setenv("STAGING_KEY", "s3cret-value")
    server = server.model_copy(update={"token_from": "STAGING_KEY"})
    system = open_system(server, "half", folder, folder)
    with Journal(folder / "drills").drilling(server, "half", "1", folder, system):
        (file,) = (folder / "drills").glob("*.json")
        assert "s3cret" not in file.read_text()
