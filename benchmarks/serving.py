"""Load, rollbacks and canaries: what the generator holds, how exact a drill is, how often a canary errs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.figure import REPOSITORY, Figure
from mltspec.checks.canary.comparison import first_alarm
from mltspec.evidence.traffic import Arm, Claim, Look
from mltspec.serving.asking import wait_ready
from mltspec.serving.drill import Course
from mltspec.serving.load.load import Load
from mltspec.serving.load.record import Shot
from mltspec.serving.load.schedule import Schedule, steady
from mltspec.serving.systems.local import Local

SERVERS = str(REPOSITORY / "tests" / "serving")
SWITCHES_AFTER_S = 0.5
"""The faulty server of the tests says that it has rolled back so long before it is true."""
ROWS = [{"x": np.random.default_rng(at).normal(size=(1, 4)).astype("float32")} for at in range(8)]
CLAIMS = (Claim(what="errors", bound=0.0), Claim(what="latency", bound=1.0))
MODEL = """
import keras, sys
for version in sys.argv[2:]:
    model = keras.Sequential([keras.Input((4,), name="x"), keras.layers.Dense(1)])
    model.export(f"{sys.argv[1]}/{version}", verbose=False)
"""


def figures() -> Iterator[Figure]:
    """Measure everything."""
    yield from _of_load()
    yield from _of_drills()
    yield from _of_canaries()


def _of_load() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as text:
        work = Path(text)
        subprocess.run([sys.executable, "-c", MODEL, str(work / "m"), "1"], check=True, capture_output=True)
        with closing(Local("m", work / "m", work)) as server:
            server.start()
            wait_ready(server, 60)
            call = server.call({"x": ROWS[0]["x"]})
            at = steady(2000, 10, 1)
            with Load([call], Schedule(at, np.zeros(len(at), np.uint32)), work) as load:
                shots = load.finish()
            late = np.quantile([shot.sent - shot.due for shot in shots], 0.99) * 1e3
            ended = max(shot.ended for shot in shots) - min(shot.due for shot in shots)
            held = sum(shot.status == 200 for shot in shots) / ended
            note = f"corrected p99 {_p99(shots, due=True):.1f} ms, sent late at p99 by {late:.1f} ms"
            yield Figure("requests answered under 2,000/s, open loop", held, 1950, "/s", note=note)
            yield from _beside_wrk(server, call.request, work)


def _beside_wrk(server: Local, request: bytes, work: Path) -> Iterator[Figure]:
    """Compare p99 in a closed loop of the same connections, in turns."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return
    body = request.partition(b"\r\n\r\n")[2].decode()
    script = work / "post.lua"
    script.write_text(f"wrk.method = 'POST'\nwrk.body = '{body}'\nwrk.headers['Content-Type'] = 'application/json'\n")
    url = f"http://{server.address}/v2/models/m/infer"
    ours, theirs = [], []
    for _ in range(3):
        run = subprocess.run(
            [wrk, "-t1", "-c4", "-d4", "--latency", "-s", str(script), url], capture_output=True, text=True, check=True
        )
        line = next(line for line in run.stdout.splitlines() if line.strip().startswith("99%"))
        theirs.append(_milliseconds(line.split()[1]))
        count = int(float(run.stdout.split("Requests/sec:")[1].split()[0]) * 4)
        nothing = np.zeros(count)
        call = server.call({"x": ROWS[0]["x"]})
        with Load([call], Schedule(nothing, nothing.astype(np.uint32)), work, connections=4, closed=True) as load:
            ours.append(_p99(load.finish(), due=False))
    ratio = float(np.median(ours) / np.median(theirs))
    note = f"ours {np.median(ours):.2f} ms, wrk {np.median(theirs):.2f} ms, closed loop, 4 connections"
    yield Figure("p99 beside wrk on the same server, off by", abs(ratio - 1), 0.2, "", at_most=True, note=note)


def _of_drills() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as text:
        late = _drilled(Path(text) / "late", "late", 5)
        off = max(abs(each.last_other - each.acknowledged - SWITCHES_AFTER_S) for each in late) * 1e3
        yield Figure("rollback time, off from the known truth", off, 10, "ms", at_most=True)
        drills = _drilled_for_real(Path(text) / "real", 100)
        bad = sum(each.failed + each.wrong for each in drills)
        asked = sum(each.requests for each in drills)
        worst = max(each.last_other for each in drills) * 1e3
        note = f"{asked:,} requests, slowest rollback {worst:.0f} ms"
        yield Figure("failed and wrong answers in 100 rollbacks of a SavedModel", bad, 0, "", at_most=True, note=note)


def _drilled_for_real(work: Path, drills: int) -> list:
    """Drill two SavedModels on the rehearsal server, as an expectation does."""
    command = [sys.executable, "-c", MODEL, str(work / "exported"), "1", "2"]
    subprocess.run(command, check=True, capture_output=True)
    shutil.copytree(work / "exported" / "1", work / "m" / "1")
    with closing(Local("m", work / "m", work)) as server:
        server.start()
        wait_ready(server, 60)
        server.load("2", work / "exported" / "2")
        course = Course(server, "1", "2", ROWS, 200.0, drills, False, work, seed=1)
        return course.hold(course.expected())


def _drilled(work: Path, fault: str, drills: int) -> list:
    (work / "half" / "1").mkdir(parents=True)
    sys.path.insert(0, SERVERS)
    os.environ["FAULT"] = fault
    with closing(Local("half", work / "half", work, "linear_server")) as server:
        server.start()
        wait_ready(server, 30)
        (work / "half" / "2").mkdir()
        server.load("2")
        course = Course(server, "1", "2", ROWS, 200.0, drills, False, work, seed=1, give_up_s=20.0)
        return course.hold(course.expected())


def _of_canaries() -> Iterator[Figure]:
    generator = np.random.default_rng(11)
    false = np.mean([_stopped(generator) for _ in range(200)]) * 100
    yield Figure("false alarms in 200 canaries of an equal candidate", false, 5, "%", at_most=True)
    errors = np.mean([_stopped(generator, errors=0.012) for _ in range(100)]) * 100
    yield Figure("caught: 1 pp more errors, 5,000 requests an arm", errors, 90, "%")
    slower = np.mean([_stopped(generator, slower=1.2) for _ in range(100)]) * 100
    yield Figure("caught: 20% more latency at p99, 5,000 an arm", slower, 90, "%")


def _stopped(generator: np.random.Generator, errors: float = 0.002, slower: float = 1.0) -> bool:
    """Simulate one canary whose latencies come in bursts that hit both arms."""
    looks, each = [], 500
    for _ in range(10):
        times = np.repeat(generator.lognormal(0.0, 0.4, each // 20), 40) * generator.lognormal(0, 0.3, 2 * each)
        ours = generator.random(2 * each) < 0.5
        canary, baseline = times[ours] * slower, times[~ours]
        failed = [int(generator.binomial(len(arm), rate)) for arm, rate in ((canary, errors), (baseline, 0.002))]
        arms = [
            Arm(requests=len(arm), failed=count, latencies_s=tuple(arm))
            for arm, count in zip((canary, baseline), failed, strict=True)
        ]
        looks.append(Look(share=0.05, canary=arms[0], baseline=arms[1]))
    return first_alarm(CLAIMS, looks, 10, 0.05) is not None


def _p99(shots: list[Shot], due: bool) -> float:
    return float(np.quantile([shot.ended - (shot.due if due else shot.sent) for shot in shots], 0.99)) * 1e3


def _milliseconds(text: str) -> float:
    for unit, scale in (("us", 1e-3), ("ms", 1.0), ("s", 1e3)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * scale
    raise ValueError(text)
