"""Reports: the page of a run of two hundred expectations, `mltspec diff` and `mltspec score`."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, seconds_of
from mltspec.plan.events import Judged, RunEnded, RunStarted
from mltspec.plan.picture import Curves, Line
from mltspec.plan.plan import Expectation, Marks, Place
from mltspec.plan.verdict import Judgement, Verdict
from mltspec.report.account import Account
from mltspec.report.forms import written
from mltspec.report.json_report import report

EXPECTATIONS = 200
POINTS = 300
SPEC = """edition 2026
model m { build python "m:build" }
data d = python "m:data"
suite "s" for m on d {
  expect accuracy >= BOUND
}
"""


def figures() -> Iterator[Figure]:
    """Measure the page in this process, cold; the verbs as whole processes."""
    run = report(_account())
    began = time.perf_counter()
    page = written(run, "html")
    spent = time.perf_counter() - began
    size = f"{len(page) / 1e6:.2f} MB"
    yield Figure("page of 200 expectations, each with a curve", spent, 2.0, "s", at_most=True, note=size)
    tool = [sys.executable, "-m", "mltspec.cli.main"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "old.mlt").write_text(SPEC.replace("BOUND", "0.9"))
        (folder / "new.mlt").write_text(SPEC.replace("BOUND", "0.95"))
        seconds = seconds_of([*tool, "diff", str(folder / "old.mlt"), str(folder / "new.mlt")], times=5)
        yield Figure("mltspec diff of two small specs, whole process", seconds, 0.3, "s", at_most=True)
        bare = run.model_copy(
            update={"expectations": tuple(each.model_copy(update={"pictures": ()}) for each in run.expectations)}
        )
        (folder / "run.json").write_text(written(bare, "json"))
        seconds = seconds_of([*tool, "score", str(folder / "run.json")], times=5)
        yield Figure("mltspec score of 200 expectations, whole process", seconds, 0.3, "s", at_most=True)


def _account() -> Account:
    account = Account()
    account.take(RunStarted(expectations=EXPECTATIONS, requests=1, cached=0, workers=2, profile="default"))
    steps = tuple(float(step) for step in range(POINTS))
    for number in range(EXPECTATIONS):
        line = Line(name="run 1", x=steps, y=tuple(1 / (1 + step + number) for step in steps))
        expectation = Expectation(
            id=f"s/claim-{number}", suite="s", check="loss-decreases", test=1 + number % 7, text="expect x",
            params={}, defaults=(), needs=(), at=Place(file="a.mlt", line=number + 1, column=3), marks=Marks(), seed=7,
        )  # fmt: skip
        account.take(
            Judged(
                expectation=expectation,
                judgement=Judgement(verdict=Verdict.PASSED if number % 3 else Verdict.FAILED, explanation="it fell"),
                seconds=1.0,
                reproduce="mltspec run a.mlt",
                pictures=(Curves(title="loss", x="step", y="loss", lines=(line,)),),
            )
        )
    account.take(RunEnded(seconds=9.0, interrupted=False, gathered=1, cached=0))
    return account
