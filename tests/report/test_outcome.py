import itertools

import pytest
from story import ended, judged, started, told

from mltspec.cli.exits import OF_RUN, Exit
from mltspec.plan.verdict import Verdict
from mltspec.report.outcome import VERDICTS, Overall, overall

CODES = {
    Verdict.PASSED: 0,
    Verdict.FAILED: 1,
    Verdict.XPASS: 1,
    Verdict.ERROR: 4,
    Verdict.TIMED_OUT: 4,
    Verdict.INCONCLUSIVE: 4,
    Verdict.SKIPPED: 0,
    Verdict.XFAIL: 0,
}


def code(*verdicts, interrupted=False, **marks):
    return OF_RUN[overall([judged(each, **marks) for each in verdicts], interrupted)]


def test_every_verdict_and_every_outcome_is_in_the_tables():
    assert set(VERDICTS) == set(Verdict) == set(CODES)
    assert set(OF_RUN) == set(Overall)
    assert {*OF_RUN.values(), Exit.USAGE} == set(Exit)


@pytest.mark.parametrize("verdict", Verdict)
def test_one_verdict_beside_a_passed_one(verdict):
    assert code(Verdict.PASSED, verdict) == CODES[verdict]


@pytest.mark.parametrize("pair", list(itertools.combinations(Verdict, 2)), ids=str)
def test_a_failure_outweighs_what_could_not_be_judged(pair):
    codes = {CODES[each] for each in pair}
    assert code(Verdict.PASSED, *pair) == (1 if 1 in codes else max(codes))


@pytest.mark.parametrize("marks", [{"severity": "warn"}, {"dry_run": True}], ids=str)
@pytest.mark.parametrize("verdict", Verdict)
def test_what_only_informs_never_decides(verdict, marks):
    expected = 5 if verdict is Verdict.SKIPPED else 0
    assert code(verdict, **marks) == expected


def test_nothing_measured_is_never_a_pass():
    assert code() == 5
    assert code(Verdict.SKIPPED, Verdict.SKIPPED) == 5


def test_an_interruption_outweighs_all():
    assert code(Verdict.FAILED, interrupted=True) == 130
    assert told(started(3), judged(Verdict.FAILED), ended(interrupted=True)).overall is Overall.INTERRUPTED


def test_an_error_in_a_spec_is_no_verdict_about_a_model():
    from mltspec.report.account import Account

    assert OF_RUN[Account(diagnostics=[{"severity": "error"}]).overall] == 3
    assert OF_RUN[Account(diagnostics=[{"severity": "warning"}]).overall] == 5
