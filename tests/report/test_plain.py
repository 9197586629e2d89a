import re

import pytest
from story import HOSTILE, SPEC, ended, everything, gathered, judged, started, told

from mltspec.plan.events import GatheringProgress, GatheringStarted
from mltspec.plan.verdict import Verdict
from mltspec.report.account import Account
from mltspec.report.paint import Paint, duration
from mltspec.report.plain import Plain


def written(events, verbosity=0, color=False, maxfail=None, clock=lambda: 0.0):
    lines = []
    account = Account(maxfail)
    ids = tuple(each.expectation.id for each in events if hasattr(each, "expectation"))
    plain = Plain(account, lines.append, paint=Paint(color), verbosity=verbosity, ids=ids, clock=clock)
    for event in events:
        account.take(event)
        plain.take(event)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name, verbosity", [("quiet", -1), ("plain", 0), ("verbose", 1)])
def test_every_verdict_is_shown_for_what_it_is(golden, name, verbosity):
    golden(f"{name}.txt", written(everything(), verbosity))


def test_a_run_in_which_all_held_is_short(golden):
    events = [started(1), gathered(), judged(Verdict.PASSED, measured=("34%", 0.34), bound=(">= 20%", 0.2)), ended()]
    golden("held.txt", written(events))


def test_an_interrupted_run_says_what_it_did_not_get_to(golden):
    golden("interrupted.txt", written([started(5), judged(Verdict.PASSED), ended(interrupted=True)]))


def test_a_run_that_stops_at_its_limit_is_a_failed_run():
    text = written([started(5), judged(Verdict.FAILED), ended(interrupted=True)], maxfail=1)
    assert "stopped after the failure limit; 4 expectations not reached" in text
    assert text.splitlines()[-1].startswith("FAILED: 1 failed, 4 not reached")


def test_colour_adds_nothing_but_colour():
    painted = written(everything(), color=True)
    assert "\x1b[1;31mFAILED" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == written(everything())


def test_no_text_of_a_user_steers_the_terminal():
    events = [
        started(2),
        judged(Verdict.FAILED, f"s/{HOSTILE}", HOSTILE, measured=(HOSTILE, 1), bound=(HOSTILE, 1), details=(HOSTILE,)),
        judged(Verdict.ERROR, f"t/{HOSTILE}", HOSTILE, details=(HOSTILE, HOSTILE)),
        judged(Verdict.SKIPPED, f"u/{HOSTILE}", HOSTILE),
        ended(untracked=(HOSTILE,)),
    ]
    text = written(events, verbosity=1)
    assert not set(text) & set("\x1b\x07\x00\u202e\ud800")
    assert r"\x1b[31m" in text
    text.encode("utf-8")


def test_the_frame_shows_the_claim_where_it_stands():
    text = written([started(1), judged(Verdict.FAILED, line=7, column=2), ended()])
    assert f"--> {SPEC}:7:2" in text
    assert "7 |     expect one batch overfits   to loss <= 0.01" in text
    assert "  |     ^^^^" in text


def test_a_spec_that_has_changed_meanwhile_is_not_quoted():
    text = written([started(1), judged(Verdict.FAILED, line=3, text="expect loss decreases"), ended()])
    assert "3 |   expect loss decreases" in text
    assert "data history" not in text


def test_one_fault_in_the_users_code_is_told_once():
    text = written(everything())
    assert text.count("raise ValueError") == 1
    assert text.count("3 features") == 1


def test_a_long_silence_is_broken():
    now = iter(range(0, 10_000, 40))
    progress = GatheringProgress(ids=("run",), label="train delay", done=300, total=1200, unit="steps", seconds=65.0)
    begun = GatheringStarted(ids=("run",), label="train delay", pid=1)
    text = written([started(1), begun, progress, progress, progress], clock=lambda: float(next(now)))
    assert "train delay: 300 of 1,200 steps" in text
    assert text.count("train delay") < 3
    assert "train delay" not in written([started(1), begun, progress, progress, progress])


def test_very_many_details_are_cut_in_the_middle():
    details = tuple(f"line {i}" for i in range(500))
    text = written([started(1), judged(Verdict.FAILED, details=details), ended()])
    assert "line 0" in text
    assert "line 499" in text
    assert "460 lines left out" in text


@pytest.mark.parametrize(
    "seconds, text",
    [
        (0, "0.0 s"),
        (3.14, "3.1 s"),
        (99.96, "1 min 40 s"),
        (125, "2 min 05 s"),
        (3600, "1 h 00 min"),
        (12_345, "3 h 25 min"),
    ],
)
def test_times_are_written_for_people(seconds, text):
    assert duration(seconds) == text


def test_nothing_is_counted_twice():
    account = told(*everything())
    assert sum(account.counts().values()) == len(account.judged) == 11
