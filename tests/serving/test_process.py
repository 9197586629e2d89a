"""Servers that are started here end with whoever started them, however that one ends."""

import os
import subprocess
import sys
import time

import psutil

from mltspec.serving.process import Process

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
STARTS = f"""
import os, sys, time
from pathlib import Path
from mltspec.serving.process import Process
process = Process([sys.executable, "-c", {STUBBORN!r}], Path(sys.argv[1]), os.environ, guarded=True)
process.start()
print(process.pid, flush=True)
time.sleep(60)
"""


def gone(pids, limit_s=12):
    ends = time.monotonic() + limit_s
    while time.monotonic() < ends:
        alive = [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]
        if not alive:
            return True
        time.sleep(0.1)
    return False


def test_a_server_that_knows_nothing_of_us_ends_when_its_starter_is_killed(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", STARTS, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as starter:
        guard = int(starter.stdout.readline())
        while not (tmp_path / "log").read_text():
            time.sleep(0.05)
        pids = [guard, *(each.pid for each in psutil.Process(guard).children(recursive=True))]
        assert len(pids) == 2
        starter.kill()
    assert gone(pids)


def test_a_killed_server_leaves_no_child(tmp_path):
    process = Process([sys.executable, "-c", STUBBORN], tmp_path / "log", os.environ, guarded=True)
    process.start()
    while not (tmp_path / "log").read_text():
        time.sleep(0.05)
    pids = [process.pid, *(each.pid for each in psutil.Process(process.pid).children(recursive=True))]
    assert (process.memory_bytes() or 0) > 1_000_000
    process.kill()
    assert gone(pids, 2)
    assert process.memory_bytes() is None


def test_a_log_tells_nothing_of_our_own_looking(tmp_path):
    log = tmp_path / "log"
    lines = ["the worker broke", *['INFO: 127.0.0.1 - "GET /v2/health/ready HTTP/1.1" 400 Bad Request'] * 50]
    log.write_text("\n".join(lines))
    assert Process(["true"], log, {}).log() == "the worker broke"
