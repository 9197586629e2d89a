"""The store survives what happens to folders and runs."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from engine_fakes import HERE, FakeAsk, claim

from mltspec.engine.store import StoreError
from mltspec.plan.verdict import Verdict


def entries(project):
    return sorted((project.root / ".mltspec/evidence").rglob("*.json"))


@pytest.mark.parametrize("damage", [b"", b"{", b'{"kind": "fake"}', b"\xff\xfe\x00"])
def test_a_broken_entry_is_gathered_again(forked, damage):
    forked.run(claim(FakeAsk()))
    (entry,) = entries(forked)
    entry.write_bytes(damage)
    assert forked.run(claim(FakeAsk())).gathered == 1
    assert forked.run(claim(FakeAsk())).cached == 1


@pytest.mark.parametrize("damage", ["remove", "truncate"])
def test_a_broken_object_is_gathered_again(forked, damage):
    ask = FakeAsk(does="blob")
    forked.run(claim(ask))
    (object_,) = [file for file in (forked.root / ".mltspec/objects").rglob("*") if file.is_file()]
    object_.unlink()
    if damage == "truncate":
        object_.write_bytes(b"we")
    assert forked.run(claim(ask)).gathered == 1


def test_a_broken_ledger_is_no_loss(forked):
    forked.run(claim(FakeAsk()))
    (forked.root / ".mltspec/ledger.json").write_text('{"files": 1}')
    (forked.root / ".mltspec/last.json").write_text("[")
    assert forked.run(claim(FakeAsk())).cached == 1


def test_a_store_that_is_a_file_is_explained(forked):
    (forked.root / ".mltspec").write_text("")
    with pytest.raises(StoreError, match=r"cannot create the store `.*/\.mltspec`.*`--store`"):
        forked.run(claim(FakeAsk()))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_without_permission_is_explained(forked):
    forked.root.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="permission denied"):
            forked.run(claim(FakeAsk()))
    finally:
        forked.root.chmod(0o700)


def test_a_full_disk_is_explained_and_nothing_half_is_left(forked, monkeypatch):
    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="no space left on device"):
        forked.run(claim(FakeAsk()))
    assert not [file for file in (forked.root / ".mltspec/evidence").rglob("*") if file.is_file()]


def test_a_read_only_store_answers_and_is_left_as_it_was(forked):
    forked.run(claim(FakeAsk(does="blob")))
    before = {file: file.stat().st_mtime_ns for file in (forked.root / ".mltspec").rglob("*")}
    outcome = forked.run(claim(FakeAsk(does="blob")), claim(FakeAsk(seed=2)), read_only=True)
    assert (outcome.cached, outcome.gathered) == (1, 1)
    assert {file: file.stat().st_mtime_ns for file in (forked.root / ".mltspec").rglob("*")} == before


def test_a_store_ignores_itself_in_git(forked):
    forked.run(claim(FakeAsk()))
    assert (forked.root / ".mltspec/.gitignore").read_text() == "*\n"


RUN = """
import sys
sys.path.insert(0, {here!r})
import engine_fakes as fakes
from pathlib import Path
from mltspec.engine import inputs
from mltspec.engine.run import run
from mltspec.engine.settings import Settings
inputs.observer_digest = lambda digests: "unchanged"
root = Path({root!r})
claims = [fakes.claim(fakes.FakeAsk(does="nap", seed=seed)) for seed in range({count})]
settings = Settings(workers={workers}, store=root / ".mltspec", isolation="fork", preload=(), today=fakes.TODAY)
outcome = run(fakes.plan_of(*claims, root=root), settings, fakes.CHECKS, fakes.KINDS, lambda e: None)
print(outcome.gathered, outcome.cached, outcome.interrupted, len(outcome.judgements))
"""


def start(project, count, workers=1):
    """Run ``count`` naps in a process of its own, in which children appear one after another."""
    code = RUN.format(here=HERE, root=str(project.root), count=count, workers=workers)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def until_kept(project, count):
    end = time.monotonic() + 20
    while len(entries(project)) < count:
        assert time.monotonic() < end
        time.sleep(0.02)


def descendants(pid: int) -> set[int]:
    found = {pid}
    for _ in range(5):
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent in found:
                found.add(int(stat.parent.name))
    return found - {pid}


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def all_gone(pids) -> bool:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if not any(map(is_alive, pids)):
            return True
        time.sleep(0.02)
    return False


def test_a_killed_run_loses_nothing_that_was_finished_and_leaves_no_process(forked):
    run = start(forked, 6)
    until_kept(forked, 2)
    children = descendants(run.pid)
    assert children
    run.kill()
    run.communicate()
    assert all_gone(children)
    finished = len(entries(forked))
    outcome = forked.run(*[claim(FakeAsk(does="nap", seed=seed)) for seed in range(6)], workers=1)
    assert (outcome.cached, outcome.gathered) == (finished, 6 - finished)


def test_an_interrupted_run_tells_so_and_leaves_no_process(forked):
    run = start(forked, 6)
    until_kept(forked, 1)
    children = descendants(run.pid)
    run.send_signal(signal.SIGINT)
    said, _ = run.communicate(timeout=10)
    gathered, _, interrupted, judged = said.split()
    assert interrupted == "True"
    assert 1 <= int(gathered) == int(judged) < 6
    assert all_gone(children)


def test_two_runs_on_one_store(forked):
    with ThreadPoolExecutor(2) as pool:
        runs = [start(forked, 4, workers=2) for _ in range(2)]
        said = list(pool.map(lambda run: run.communicate(timeout=60)[0].split(), runs))
    assert [words[3] for words in said] == ["4", "4"]
    outcome = forked.run(*[claim(FakeAsk(does="nap", seed=seed)) for seed in range(4)], workers=1)
    assert outcome.judgements["e0"].verdict is Verdict.PASSED
    assert all(json.loads(file.read_text()) for file in entries(forked))


def test_scratch_is_removed(forked, tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    forked.run(claim(FakeAsk(does="blob")), claim(FakeAsk(does="raise")))
    assert not list(tmp_path.glob("mltspec-*"))
