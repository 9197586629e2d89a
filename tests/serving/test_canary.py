"""Canaries under traffic against a server of arithmetic versions: harm is seen, and its kind is named."""

import numpy as np
import pytest

from mltspec.checks.canary import under_traffic as check
from mltspec.checks.canary.depicted import stages
from mltspec.compile.expectations import understand
from mltspec.compile.names import Declared, Names
from mltspec.compile.planning import params_of
from mltspec.evidence.traffic import TrafficEvidence
from mltspec.language.parse import parse
from mltspec.language.source import Source, Span
from mltspec.plan.subject import Server
from mltspec.serving.canary import Stream

GENERATOR = np.random.default_rng(3)
ROWS = [{"x": GENERATOR.normal(size=(1, 4)).astype("float32")} for _ in range(16)]
NAMES = Names({"s": Declared("server", Span(0, 0), lambda: Server(name="s", system="local"))})


def held(server, tmp_path, line, labels=None, seconds=3.0, rate=150.0, shares=(0.5,)):
    (statement,) = parse(Source("a.mlt", f"{line}\n")).spec.statements
    params = params_of(understand(statement, NAMES, False), statement.span)
    (server.folder / "2").mkdir()
    server.load("2")
    stream = Stream(server, "1", "2", ROWS, labels or [None] * len(ROWS), shares, seconds, rate, 1, tmp_path)
    seen = TrafficEvidence(
        system="local",
        production=False,
        baseline="1",
        canary="2",
        looks_planned=stream.looks,
        looks=tuple(stream.run(params.claims(), check.ALPHA)),
        live_after=server.live_version(),
    )
    assert TrafficEvidence.from_json(seen.to_json()) == seen
    return seen, check.judge(params, [seen])


def test_a_healthy_candidate_passes_and_arms_are_of_one_size(linear, tmp_path):
    line = "expect canary on s at 50% of traffic { errors <= 0  p50 latency <= 2x }"
    seen, judgement = held(linear(), tmp_path, line)
    assert judgement.verdict == "passed", judgement
    canary = sum(look.canary.requests for look in seen.looks)
    baseline = sum(look.baseline.requests for look in seen.looks)
    assert canary > 150 < baseline
    assert abs(canary - baseline) < 5 * np.sqrt(canary + baseline)


def test_a_candidate_that_crashes_now_and_then_is_stopped_early(linear, tmp_path):
    seen, judgement = held(linear("crashes on some rows"), tmp_path, "expect canary on s at 50% of traffic")
    assert judgement.verdict == "failed"
    assert "fails more often" in judgement.explanation
    assert "status 500" in judgement.explanation
    assert len(seen.looks) < seen.looks_planned


def test_a_candidate_ten_times_slower_is_stopped(linear, tmp_path):
    _, judgement = held(linear("slow"), tmp_path, "expect canary on s at 50% of traffic { p90 latency <= 1.2x }")
    assert judgement.verdict == "failed"
    assert "the candidate is slower: p90" in judgement.explanation


@pytest.mark.parametrize(
    ("claim", "says"), [("distribution <= 0.1", "distributed otherwise"), ("mistakes <= 1pp", "is wrong more often")]
)
def test_other_answers_are_seen(linear, tmp_path, claim, says):
    # Version 1 answers above one half where version 2 does, but not the other way round.
    labels = [float(row["x"].sum() / 2 + 2 > 0.5) for row in ROWS]
    server = linear("candidate is off")
    _, judgement = held(server, tmp_path, f"expect canary on s at 50% of traffic {{ {claim} }}", labels)
    assert judgement.verdict == "failed"
    assert says in judgement.explanation


def test_little_traffic_is_inconclusive(linear, tmp_path):
    _, judgement = held(linear(), tmp_path, "expect canary on s at 5% of traffic", seconds=1.0, shares=(0.05,))
    assert judgement.verdict == "inconclusive"


def test_stages_grow_as_declared(linear, tmp_path):
    line = "expect canary on s at 10%, 40% of traffic { errors <= 0 }"
    seen, _ = held(linear(), tmp_path, line, shares=(0.1, 0.4))
    first = sum(look.canary.requests for look in seen.looks if look.share == 0.1)
    second = sum(look.canary.requests for look in seen.looks if look.share == 0.4)
    assert len(seen.looks) == seen.looks_planned == 10
    assert 2 < second / first < 8
    failures, latency = stages(seen)
    assert [phase.text for phase in failures.phases] == ["10% of traffic", "40% of traffic"]
    assert {line.name for line in latency.lines} == {"candidate 2", "baseline 1"}
    assert all(0 < value < 1000 for line in latency.lines for value in line.y)
