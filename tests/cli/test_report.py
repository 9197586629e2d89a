import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from junitparser import JUnitXml

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
from story import ended, judged, started, told

from mltspec.plan.verdict import Verdict
from mltspec.report.json_report import report, to_text

CHROMIUM = shutil.which("chromium")


@pytest.fixture
def shards(here):
    for number, verdict in enumerate((Verdict.PASSED, Verdict.FAILED), 1):
        run = report(told(started(1), judged(verdict, f"training/claim-{number}"), ended()))
        (here / f"shard-{number}.json").write_text(to_text(run))
    return ["shard-1.json", "shard-2.json"]


def test_a_report_is_converted(mltspec, here, shards):
    done = mltspec("report", "convert", shards[1], "--html", "run.html", "--junit", "run.xml")
    assert done.code == 0, done.err
    assert "training/claim-2" in (here / "run.html").read_text()
    assert JUnitXml.fromfile(str(here / "run.xml")).failures == 1


def test_shards_are_merged_and_decide_together(mltspec, here, shards):
    done = mltspec("report", "merge", *shards, "--json", "run.json")
    assert (done.code, done.out) == (1, "FAILED: 1 failed, 1 passed, from 2 reports\n")
    assert len(json.loads((here / "run.json").read_text())["expectations"]) == 2
    assert mltspec("report", "merge", shards[0]).code == 0


def test_what_is_no_report_is_refused(mltspec, here):
    (here / "other.json").write_text("{}")
    done = mltspec("report", "convert", "other.json", "--html", "x.html")
    assert done.code == 2
    assert "not a JSON report" in done.err


def test_a_job_of_github_actions_is_annotated_without_being_asked(mltspec, here, shards):
    told = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(here / "summary.md")}
    done = mltspec("report", "merge", *shards, **told)
    assert "::error file=tests/report/delay.mlt,line=6" in done.out
    assert "mltspec: failed" in (here / "summary.md").read_text()
    assert "::error" not in mltspec("report", "merge", *shards).out


@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
@pytest.mark.parametrize("width", [420, 820, 1280])
def test_a_browser_draws_the_page_without_complaint(here, width):
    from test_run_forms import hostile

    from mltspec.report.forms import written

    page = here / "run.html"
    page.write_text(written(hostile(), "html"), errors="replace")
    shot = here / "page.png"
    seen = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},1800", "--dump-dom",
         f"--user-data-dir={here / 'profile'}", "--virtual-time-budget=5000", "--enable-logging=stderr", page.as_uri()],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "CONSOLE" not in seen.stderr, seen.stderr
    assert seen.stdout.count("<svg") >= 2
    subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},1800",
         f"--user-data-dir={here / 'profile'}", "--virtual-time-budget=5000", f"--screenshot={shot}", page.as_uri()],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    assert shot.stat().st_size > 20_000
