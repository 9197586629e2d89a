"""Rollback drills against servers with the faults that real ones have: each is seen, and a healthy one passes."""

import numpy as np
import pytest

from mltspec.checks.rollback import quick_and_safe as check
from mltspec.checks.rollback.depicted import answers_over_time
from mltspec.compile.expectations import understand
from mltspec.compile.names import Names
from mltspec.compile.planning import params_of
from mltspec.evidence.drill import Drill, Point, RollbackEvidence
from mltspec.language.parse import parse
from mltspec.language.source import Source
from mltspec.serving.drill import Course
from mltspec.serving.system import Trouble

ROWS = [{"x": np.random.default_rng(at).normal(size=(1, 4)).astype("float32")} for at in range(8)]


def judged(seen, line="expect rollback < 300ms"):
    (statement,) = parse(Source("a.mlt", f"{line}\n")).spec.statements
    return check.judge(params_of(understand(statement, Names(), False), statement.span), [seen])


def drilled(server, work, drills=1, cold=False, give_up_s=4.0, rate=200.0, rows=ROWS):
    (server.folder / "2").mkdir(exist_ok=True)
    server.load("2")
    course = Course(server, "1", "2", rows, rate, drills, cold, work, seed=1, give_up_s=give_up_s)
    expected = course.expected()
    found = course.hold(expected)
    return RollbackEvidence(
        system="local",
        production=False,
        served_before="1",
        target="1",
        candidate="2",
        told_apart=expected.told_apart,
        rows=len(rows),
        drills=tuple(found),
        points=course.points,
    )


@pytest.mark.parametrize(("cold", "drills"), [(False, 2), (True, 1)])
def test_a_healthy_rollback_passes(linear, tmp_path, cold, drills):
    server = linear()
    seen = drilled(server, tmp_path, drills, cold)
    judgement = judged(seen, "expect rollback < 1s")
    assert judgement.verdict == "passed", judgement
    assert server.live_version() == "1"
    assert all(drill.requests > 100 and drill.met_new > 10 for drill in seen.drills)
    # The picture: candidate before the order, the old version after it.
    assert {point.version for point in seen.points if point.ended < 0} >= {"new"}
    assert {point.version for point in seen.points if point.at > 0.5} == {"old"}
    assert RollbackEvidence.from_json(seen.to_json()) == seen


def point(at, version):
    return Point(at=at, ended=at + 0.002, version=version)


def test_answers_are_drawn_by_version_over_time():
    """The candidate until 0.4 s after the order, then the old version; one request failed in between."""
    new, old = (
        [point(at / 100, kind) for at in span] for kind, span in (("new", range(-50, 40)), ("old", range(41, 140)))
    )
    drill = Drill(
        last_other=0.4, first_old=0.41, acknowledged=0.05, requests=190, after=140, met_new=90, failed=1, wrong=0,
        stale=35, slowest=0.01, p99=0.005,
    )  # fmt: skip
    seen = RollbackEvidence(
        system="local", production=False, served_before="1", target="1", candidate="2", told_apart="protocol", rows=8,
        drills=(drill,), points=(*new, point(0.4, "failed"), *old),
    )  # fmt: skip
    (picture,) = answers_over_time(seen)
    rates = {line.name: dict(zip(line.x, line.y, strict=True)) for line in picture.lines}
    assert set(rates) == {"version 1", "version 2", "failed"}
    assert max(rate for at, rate in rates["version 2"].items() if at > 0.45) == 0
    assert max(rate for at, rate in rates["version 1"].items() if at < 0.38) == 0
    # What is drawn is what was counted: a hundred answers a second, whatever the bins.
    assert np.mean([rate for at, rate in rates["version 2"].items() if -0.4 < at < 0.35]) == pytest.approx(100, rel=0.1)
    assert [moment.text for moment in picture.moments] == ["ordered", "command returned", "last other answer"]
    assert answers_over_time(seen.model_copy(update={"points": ()})) == []


FAULTS = [
    ("late", "met the candidate", "the command returned after"),
    ("gap", "failed (status 404", ""),
    ("stall", "a caller was kept waiting while versions changed", ""),
    ("forgetful", "the rollback never came true", ""),
]


@pytest.mark.parametrize(("fault", "says", "also"), FAULTS, ids=[fault for fault, *_ in FAULTS])
def test_a_faulty_rollback_is_seen_and_its_cause_named(linear, tmp_path, fault, says, also):
    seen = drilled(linear(fault), tmp_path)
    judgement = judged(seen)
    assert judgement.verdict == "failed"
    assert says in judgement.explanation
    assert also in judgement.explanation


def test_a_candidate_that_fails_all_requests_can_be_rolled_back(linear, tmp_path):
    seen = drilled(linear("candidate crashes"), tmp_path)
    assert seen.told_apart == "answers"
    assert judged(seen).verdict == "passed"
    assert all(drill.met_new > 10 for drill in seen.drills)


def test_bounds_may_be_loosened_and_are_judged_alone(linear, tmp_path):
    seen = drilled(linear("late"), tmp_path)
    (drill,) = seen.drills
    # The time is not that of the command, which was done at once.
    assert drill.acknowledged < 0.4 < 0.45 < drill.last_other < 1.2
    assert drill.stale > 50
    assert judged(seen, "expect rollback < 2s").verdict == "failed"
    assert judged(seen, "expect rollback < 2s { stale answers <= 10000 }").verdict == "passed"


def test_versions_that_answer_alike_are_not_told_apart(linear, tmp_path):
    class Silent:
        """A server whose protocol names no version."""

        def __init__(self, server):
            self._server = server

        def __getattr__(self, name):
            return getattr(self._server, name)

        def read(self, status, body):
            answer = self._server.read(status, body)
            return type(answer)({"y": np.zeros((1, 1), "float32")}, None, answer.error)

    server = linear(versions=("1", "2"))
    server.load("1")
    server.load("2")
    course = Course(Silent(server), "2", "1", ROWS, 50.0, 1, False, tmp_path, 1)
    assert course.expected().told_apart == "not"


def test_a_server_that_answers_with_another_version_than_it_says_is_not_drilled(linear, tmp_path):
    server = linear(versions=("1", "2"))
    server.load("1")
    course = Course(server, "1", "2", ROWS, 50.0, 1, False, tmp_path, 1)
    with pytest.raises(Trouble, match="version 1 is said to be live, but version 2 answers"):
        course.expected()


def test_a_version_never_overwrites_another(linear, tmp_path):
    server = linear()
    with pytest.raises(Trouble, match="never overwritten"):
        server.load("1", server.folder / "1")


def test_a_killed_server_comes_back_on_the_version_it_said(linear):
    server = linear(versions=("1", "2"))
    server.load("1")
    server.promote("1")
    server.kill()
    server.start()
    assert server.live_version() == "1"
