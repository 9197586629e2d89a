"""Stores that cannot be written, specs that are none, and Ctrl-C: told clearly, with nothing broken behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

MODULE = """
import time
def build(): ...
def rows(): time.sleep(60)
"""
SPEC = 'edition 2026\nmodel net { build python "net:build" }\ndata rows = python "net:rows"\nexpect loss decreases\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "net.py").write_text(MODULE)
    (tmp_path / "a.mlt").write_text(SPEC)
    return tmp_path


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "mltspec.cli.main", *words]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), cwd=folder, capture_output=True, text=True, timeout=120)


def test_a_store_that_cannot_be_made(folder):
    (folder / "file").write_text("")
    found = run(folder, "run", "a.mlt", "--store", "file/store")
    assert found.returncode == 4
    assert "file/store" in found.stderr
    assert "--store" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_without_permission(folder):
    (folder / "locked").mkdir(mode=0o500)
    found = run(folder, "run", "a.mlt", "--store", "locked/store")
    assert found.returncode == 4
    assert "--store" in found.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk(folder):
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip("cannot mount here")
    try:
        (disk / "filler").write_bytes(b"x" * 12_288)
        found = run(folder, "run", "a.mlt", "--store", str(disk / "store"), "--timeout", "5s")
        assert found.returncode == 4
        assert "space" in found.stderr + found.stdout
        assert "Traceback" not in found.stderr
    finally:
        subprocess.run(["umount", disk], check=True)


def test_reports_that_cannot_be_written_are_refused_before_the_run(folder):
    found = run(folder, "run", "a.mlt", "--json", "nowhere/out.json")
    assert found.returncode == 2
    assert "nowhere" in found.stderr


@pytest.mark.parametrize("name", ["folder.mlt", "binary.mlt", "gone.mlt"])
def test_what_is_no_spec(folder, name):
    (folder / "folder.mlt").mkdir()
    (folder / "folder.mlt" / "inside.mlt").mkdir()
    (folder / "binary.mlt").write_bytes(b"\x7fELF\0\1\2")
    found = run(folder, "lint", name)
    assert found.returncode in (2, 3, 5)
    assert name in found.stderr + found.stdout
    assert "Traceback" not in found.stderr


@pytest.mark.tensorflow
def test_ctrl_c_writes_what_it_has_and_leaves_nothing_running(folder):
    started = subprocess.Popen(
        command("run", "a.mlt", "--json", "out.json"),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    process = psutil.Process(started.pid)
    deadline = time.monotonic() + 60
    while len(process.children(recursive=True)) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    children = process.children(recursive=True)
    assert len(children) >= 2
    started.send_signal(signal.SIGINT)
    output, _ = started.communicate(timeout=30)
    assert started.returncode == 130, output
    assert (folder / "out.json").exists()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
