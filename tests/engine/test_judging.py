"""Marks, obstacles, claims of the form k of n, and when a run stops."""

from dataclasses import replace

import pytest
from engine_fakes import FakeAsk, claim, plan_of

from mltspec.checks.registry import check_named
from mltspec.engine.judging import depict
from mltspec.plan.events import Judged, RunEnded, RunStarted
from mltspec.plan.plan import Excuse, Marks
from mltspec.plan.verdict import Verdict

LONG_AGO, FAR_OFF = "2026-06-30", "2026-07-01"


def verdict(project, **more):
    outcome = project.run(claim(FakeAsk(seed=1), **more))
    return outcome.judgements["e0"]


def test_a_skipped_expectation_is_not_gathered(forked):
    judgement = verdict(forked, marks=Marks(skip=Excuse(because="no GPU here", until=FAR_OFF)))
    assert judgement.verdict is Verdict.SKIPPED
    assert judgement.explanation == "no GPU here, until 2026-07-01"
    assert forked.calls() == []


def test_an_expired_skip_runs_and_fails(forked):
    judgement = verdict(forked, marks=Marks(skip=Excuse(because="no GPU here", until=LONG_AGO)))
    assert judgement.verdict is Verdict.FAILED
    assert judgement.explanation.startswith("the skip expired on 2026-06-30 (no GPU here)")
    assert "now it is passed" in judgement.explanation


@pytest.mark.parametrize(
    ("at_most", "until", "expected"),
    [
        (0, None, Verdict.XFAIL),
        (0, LONG_AGO, Verdict.FAILED),
        (9, None, Verdict.XPASS),
        (-1, None, Verdict.ERROR),
    ],
)
def test_known_failures(forked, at_most, until, expected):
    judgement = verdict(forked, at_most=at_most, marks=Marks(xfail=Excuse(because="ticket 7", until=until)))
    assert judgement.verdict is expected


def test_an_obstacle_is_an_error_and_nothing_is_gathered(forked):
    judgement = verdict(forked, obstacle="there is no baseline `prod` yet")
    assert (judgement.verdict, judgement.explanation) == (Verdict.ERROR, "there is no baseline `prod` yet")
    assert forked.calls() == []


def test_a_check_that_raises_is_an_error_of_ours(forked):
    judgement = verdict(forked, at_most=-1)
    assert judgement.verdict is Verdict.ERROR
    assert judgement.explanation == "the check `fake` broke: RuntimeError: the check is broken"
    assert any("in judge" in line for line in judgement.details)


def seeds(*values):
    return [FakeAsk(seed=value) for value in values]


def test_k_of_n_stops_when_it_is_settled(forked):
    outcome = forked.run(claim(*seeds(1, 2, 3, 4, 5), check="counting", of=3))
    assert outcome.judgements["e0"].verdict is Verdict.PASSED
    assert outcome.judgements["e0"].measured.text == "3"
    assert sorted(forked.calls()) == ["count:1", "count:2", "count:3"]


def test_k_of_n_goes_on_after_a_miss(forked):
    outcome = forked.run(claim(*seeds(1, 99, 3, 4, 5), check="counting", of=3, at_most=10))
    assert outcome.judgements["e0"].measured.text == "4"
    assert outcome.judgements["e0"].verdict is Verdict.PASSED


def test_k_of_n_does_not_depend_on_what_is_stored(forked):
    forked.run(claim(*seeds(1, 2, 3, 4, 5)))
    outcome = forked.run(claim(*seeds(1, 2, 3, 4, 5), check="counting", of=3))
    assert outcome.judgements["e0"].measured.text == "3"


def test_an_equal_ask_is_gathered_once(forked):
    forked.run(claim(FakeAsk(seed=1)), claim(FakeAsk(seed=1), at_most=0))
    assert forked.calls() == ["count:1"]


def test_a_group_is_gathered_in_one_child_and_only_what_is_missing(forked):
    together = [FakeAsk(seed=seed, together="g") for seed in (1, 2, 3)]
    forked.run(claim(together[0]))
    forked.run(claim(*together))
    assert forked.calls() == ["count:1", "count:2 count:3"]


def test_the_run_stops_after_so_many_failures(forked):
    claims = [claim(FakeAsk(seed=seed), at_most=0) for seed in range(1, 9)]
    outcome = forked.run(*claims, maxfail=2, workers=1)
    assert outcome.stopped
    assert len(outcome.judgements) == 2
    assert forked.events[-1].interrupted


def test_a_warning_does_not_stop_the_run(forked):
    claims = [claim(FakeAsk(seed=seed), at_most=0, marks=Marks(severity="warn")) for seed in (1, 2)]
    assert not forked.run(*claims, maxfail=1).stopped


def test_events_come_in_order(forked):
    forked.run(claim(FakeAsk(seed=1)))
    outcome = forked.run(claim(FakeAsk(seed=1)), claim(FakeAsk(seed=2)))
    first, *middle, last = forked.events
    assert isinstance(first, RunStarted)
    assert (first.expectations, first.requests, first.cached) == (2, 2, 1)
    assert [type(event).__name__ for event in middle] == [
        "GatheringEnded",
        "Judged",
        "GatheringStarted",
        "GatheringEnded",
        "Judged",
    ]
    assert isinstance(last, RunEnded)
    assert (last.gathered, last.cached) == (outcome.gathered, outcome.cached) == (1, 1)
    assert [event.seconds > 0 for event in middle if isinstance(event, Judged)] == [False, True]


def test_verdicts_are_remembered(forked):
    from mltspec.engine.store import Store

    forked.run(claim(FakeAsk(seed=1)), claim(FakeAsk(seed=2), at_most=0))
    assert Store(forked.settings.store, read_only=True).last() == {"e0": "passed", "e1": "failed"}


def test_what_nobody_needs_any_more_is_not_gathered(forked):
    slow = FakeAsk(does="hang")
    outcome = forked.run(claim(FakeAsk(does="raise"), slow), claim(FakeAsk(seed=1)))
    assert outcome.seconds < 10
    assert outcome.judgements["e1"].verdict is Verdict.PASSED


def test_a_picture_that_breaks_leaves_the_verdict_alone(tmp_path):
    def broken(params, evidence):
        raise RuntimeError("no such column")

    check = check_named("metric-holds")
    params = dict.fromkeys(check.params.model_fields) | {"metric": "auc", "compare": ">=", "bound": {"text": "0.5"}}
    (expectation,) = plan_of(claim(FakeAsk(seed=1)), root=tmp_path).expectations
    expectation = expectation.model_copy(update={"params": params})
    (shown,) = depict(replace(check, depict=broken), expectation, check.examples()[0].evidence)
    assert "no such column" in shown.title
