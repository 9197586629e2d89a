"""A history outlives whoever writes it, and its trends are told as text and as a page."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from mltspec.report.history import FILE, History, HistoryError
from mltspec.report.html.history import to_text
from mltspec.report.json_report import RunReport
from mltspec.report.trends import drift, lines

BLANK = {
    "version": "0", "verdict": "passed", "seconds": 1.0, "evidence": [], "expectations": [], "counts": {},
    "profile": "default", "interrupted": False, "unreached": 0, "untracked": [], "diagnostics": [],
}  # fmt: skip


def report(value, verdict="passed", id="quality/auc", cached=False) -> RunReport:
    expectation = {
        "id": id, "suite": "quality", "check": "metric-holds", "test": 4, "verdict": verdict,
        "measured": {"text": f"{value}", "value": value}, "bound": {"text": ">= 0.5", "value": 0.5}, "explanation": "",
        "at": {"file": "a.mlt", "line": 1, "column": 1}, "seed": 7, "seconds": 1.0, "reproduce": "", "text": "",
        "defaults": [], "details": [], "marks": {}, "decides": True, "cached": cached,
    }  # fmt: skip
    return RunReport.from_json(json.dumps({**BLANK, "verdict": verdict, "expectations": [expectation]}))


def keep(history, *reports):
    for each in reports:
        history.finish(history.begin("a.mlt", "start"), str(each.verdict), each)


@pytest.fixture
def history(tmp_path):
    made = History(tmp_path)
    yield made
    made.close()


def test_runs_are_written_down_when_they_begin_and_when_they_end(history):
    number = history.begin("a.mlt", "every 60 s")
    (run,) = history.runs()
    assert (run.id, run.outcome, run.ended) == (number, "", "")
    assert history.settle() == []  # this process lives: the run goes on
    history.finish(number, "passed", report(0.9))
    (run,) = history.runs()
    assert run.outcome == "passed"
    (trend,) = history.trends([run])
    assert (trend.last.value, trend.last.limit, trend.since()) == (0.9, 0.5, 1)


def test_a_run_whose_process_was_killed_is_marked_as_unfinished(tmp_path):
    code = "import sys, time; from pathlib import Path; from mltspec.report.history import History\n"
    code += "History(Path(sys.argv[1])).begin('a.mlt', 'start'); print('begun', flush=True); time.sleep(60)"
    top = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": top}
    )
    assert process.stdout.readline() == b"begun\n"
    history = History(tmp_path)
    assert history.settle() == []
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert [run.id for run in history.settle()] == [1]
    assert [run.outcome for run in history.runs()] == ["unfinished"]
    assert history.settle() == []
    history.close()


def test_a_file_that_is_no_history_is_told_with_the_way_out(tmp_path):
    (tmp_path / FILE).write_text("this is no database, and long enough to be sure of it " * 20)
    with pytest.raises(HistoryError, match="cannot be used: file is not a database; move the file away"):
        History(tmp_path)


def test_a_later_version_is_not_touched(tmp_path):
    History(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(HistoryError, match="written by a later mltspec"):
        History(tmp_path)


def test_no_history_yet(tmp_path):
    with pytest.raises(HistoryError, match="there is no history"):
        History(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_a_drift_is_told_and_noise_is_not(history):
    keep(history, *(report(0.9 - at / 100) for at in range(10)))
    (falling,) = history.trends(history.runs())
    assert "falls over 10 measurements since run 1" in drift(falling, 1)
    assert drift(falling, 100_000) == ""
    keep(history, *(report(0.9 + (-1) ** at / 100, id="quality/noise") for at in range(10)))
    noise = next(each for each in history.trends(history.runs()) if each.expectation == "quality/noise")
    assert drift(noise, 1) == ""


def test_what_was_not_measured_anew_is_no_drift(history):
    keep(history, *(report(0.9 - at / 100, cached=at > 0) for at in range(10)))
    (trend,) = history.trends(history.runs())
    assert drift(trend, 1) == ""


def test_the_text(history):
    keep(history, report(0.9), report(0.8), report(0.4, "failed"), report(0.3, "failed"))
    runs = history.runs()
    text = "\n".join(lines(runs, history.trends(runs)))
    assert "4 runs from" in text
    assert "··FF  failed since run 3" in text
    assert "█▇▂▁  0.3 (>= 0.5)" in text
    assert list(lines([], [])) == ["no run is on record yet"]


def test_the_page_escapes_what_a_user_typed(history):
    bad = "<script>alert(1)</script>"
    number = history.begin(bad, bad)
    history.finish(number, "passed", report(0.9, id=bad))
    keep(history, report(0.8, id=bad), report(float("inf"), id=bad))
    runs = history.runs()
    page = to_text(runs, history.trends(runs))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 3
    assert "<polyline" in page


def test_the_verb_shows_it_and_writes_the_page(tmp_path):
    history = History(tmp_path / "store")
    keep(history, report(0.9), report(0.4, "failed"))
    history.close()

    def call(*arguments):
        command = [sys.executable, "-m", "mltspec.cli.main", "report", *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    shown = call("--history", "--store", "store", "--html", "history.html")
    assert shown.returncode == 0, shown.stderr
    assert "failed since run 2" in shown.stdout
    assert "failed since run 2" in (tmp_path / "history.html").read_text()
    missing = call("history", "--store", "nowhere")
    assert missing.returncode == 2
    assert "there is no history in `nowhere` yet; `mltspec watch` keeps one" in missing.stderr
