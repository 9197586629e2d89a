"""The learning rate of real runs, seen as their steps were taken with it, and judged."""

from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("tensorflow")
from training_bench import make_bench

from mltspec.checks.model_spec.learning_rate import ScheduleAsk, ScheduleParams, judge
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.subject import Data, Fit, Function, Model, Origin
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers import schedule, training
from mltspec.subjects.rates import MOST, RateLog

pytestmark = pytest.mark.tensorflow


def target(name):
    return f"rates_subjects:{name}"


@pytest.fixture
def judged(tmp_path):
    """Return what judges the run of a subject: ten steps an epoch, three epochs."""
    bench = make_bench(tmp_path, Path(__file__).parent)

    def run(build, by=None, train=None, epochs=3):
        model = Model(
            name=build,
            build=Origin(kind="python", target=target(build)),
            train=target(train) if train else None,
            fit=Fit(epochs=epochs, batch_rows=20),
        )
        data = Data(name="rows", origin=Origin(kind="python", target=target("rows")))
        ask = TrainingAsk(model=model, data=data, seed=5)
        function = Function(target=target(by)) if by else None
        found = training.observe([ask], [], bench)
        seen = schedule.observe([ScheduleAsk(run=ask, function=function)], found, bench)
        return judge(ScheduleParams(function=function.target if function else None), seen)

    return run


@pytest.mark.parametrize(
    ("build", "says"),
    [
        ("constant", "rate 0.001 throughout over 30 steps"),
        ("cosine", "rate 0.1 -> 0.0002739 over 30 steps, as CosineDecay says"),
        ("scaled", "rate 0.1 -> 0.0002739 over 30 steps, as CosineDecay says"),
        ("warming", "between 0 and 0.1 over 30 steps"),
    ],
)
def test_rates_that_go_as_they_ought_to(judged, build, says):
    judgement = judged(build)
    assert judgement.verdict == "passed"
    assert says in judgement.explanation


@pytest.mark.parametrize(
    ("build", "says"),
    [
        ("by_hand", "CosineDecay stands still: the optimizer counted no step while 30 were taken"),
        ("in_epochs", "86.7% of 30 steps learn nothing; is the schedule in epochs"),
        ("in_rows", "the run ends while CosineDecay still warms up"),
        ("none_left", "the learning rate is 0 throughout"),
    ],
)
def test_rates_that_do_not(judged, build, says):
    judgement = judged(build)
    assert judgement.verdict == "failed"
    assert says in judgement.explanation


def test_what_a_callback_sets_is_held_against_a_function(judged):
    assert judged("constant", "halved", train="job").verdict == "passed"
    wrong = judged("constant", "thirds", train="job")
    assert wrong.verdict == "failed"
    assert "step 11 (epoch 2) was taken with a rate of 0.05, and 0.03 was due" in wrong.explanation
    with pytest.raises(Unfit, match="answers 'fast' for step 0, which is no learning rate"):
        judged("constant", "no_rate")


def test_a_long_run_is_seen_evenly(monkeypatch):
    class Optimizer:
        learning_rate = _learning_rate = 0.1
        _iterations = 0

    monkeypatch.setattr("mltspec.subjects.rates.inner_optimizer", lambda model: Optimizer)
    log = RateLog()
    log.begin(object())
    for step in range(1, 10_001):
        log.stepped(step, 1)
    seen = log.read(10_000)
    steps = [point.step for point in seen.points]
    assert MOST / 2 <= len(steps) <= MOST + 1
    assert steps[0] == 1
    assert steps[-1] > 9_800
    assert {after - before for before, after in pairwise(steps[1:])} == {128}
    assert [point.step for point in log.read(500).points] == [1, 128, 256, 384]
