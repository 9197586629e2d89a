"""A watch as it is used: real processes, that are told to end and that are killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

psutil = pytest.importorskip("psutil")
pytest.importorskip("tensorflow")

SPEC = """edition 2026
pipeline copy {
  stage source python "stages:source"
}
suite "nightly" {
  expect pipeline completes
}
"""
STAGES = """import time
from pathlib import Path

def source(output: Path):
    folder = Path(__file__).parent
    (folder / "begun").touch()
    while (folder / "wait").exists():
        time.sleep(0.05)
    (output / "rows.csv").write_text("a,b\\\\n1,2\\\\n")
"""


@pytest.fixture
def place(tmp_path):
    (tmp_path / "nightly.mlt").write_text(SPEC)
    (tmp_path / "stages.py").write_text(STAGES.replace("\\\\n", "\\n"))
    return tmp_path


@pytest.fixture
def watch(place):
    started = []

    def go(*arguments):
        command = [sys.executable, "-m", "mltspec.cli.main", "watch", "nightly.mlt", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        process = subprocess.Popen(
            command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment
        )
        started.append(process)
        return process

    yield go
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stderr.close()


def until(condition, limit_s=200):
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def outcomes(place):
    base = sqlite3.connect(place / ".mltspec" / "history.sqlite")
    try:
        return base.execute("SELECT outcome, reason FROM runs ORDER BY id").fetchall()
    finally:
        base.close()


def test_a_watch_is_killed_begins_again_runs_on_a_new_version_and_ends_when_told_to(place, watch):
    (place / "wait").touch()
    killed = watch("--every", "1h")
    until((place / "begun").exists)
    run = psutil.Process(killed.pid).children()[0]
    killed.kill()
    killed.wait()
    until(lambda: not run.is_running() or run.status() == psutil.STATUS_ZOMBIE)
    assert outcomes(place) == [(None, "start")]

    (place / "wait").unlink()
    (place / "models").mkdir()
    again = watch("--on", "models", "--fresh")
    until(lambda: outcomes(place) == [("unfinished", "start"), ("passed", "start")])

    (place / "wait").touch()
    (place / "begun").unlink()
    (place / "models" / "3").mkdir()
    (place / "models" / "3" / "saved_model.pb").write_text("three")
    until((place / "begun").exists)
    again.send_signal(signal.SIGTERM)
    assert again.wait(120) == 0
    assert outcomes(place)[2:] == [("interrupted", "version 3 in `models`")]
    told = again.stderr.read()
    assert "note: run 1 of" in told
    assert "when a version appears in `models`" in told
    assert "told to end: the watch is over" in told
