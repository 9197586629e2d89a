"""What became of a fault, and how it is told."""

import pytest

from mltspec.evidence.faults import BY_NAME, NOT_INJECTED
from mltspec.plan.verdict import Verdict
from mltspec.report.mutants import Fate, MutationReport, Witness, line, row, sections
from mltspec.report.paint import Paint

FAULT = BY_NAME["learning-rate-zero"]


def seen(verdict, explanation="as it was", id="training/loss"):
    return Witness(id=id, verdict=verdict, explanation=explanation)


OUT = seen(Verdict.ERROR, f"needs `train net`, which failed: {NOT_INJECTED}the model has no weights yet")


@pytest.mark.parametrize(
    ("witnesses", "fate"),
    [
        ([seen(Verdict.FAILED)], Fate.CAUGHT),
        ([seen(Verdict.PASSED), seen(Verdict.FAILED)], Fate.CAUGHT),
        ([seen(Verdict.ERROR), seen(Verdict.FAILED)], Fate.CAUGHT),
        ([seen(Verdict.PASSED)], Fate.SURVIVED),
        ([seen(Verdict.INCONCLUSIVE)], Fate.SURVIVED),
        ([seen(Verdict.ERROR), seen(Verdict.PASSED)], Fate.STOPPED),
        ([seen(Verdict.TIMED_OUT)], Fate.STOPPED),
        ([], Fate.SURVIVED),
        ([OUT], Fate.OUT),
        ([OUT, seen(Verdict.PASSED)], Fate.SURVIVED),
    ],
)
def test_fate(witnesses, fate):
    assert row(FAULT, witnesses).fate is fate


def test_why_a_fault_did_not_get_in_is_told():
    assert row(FAULT, [OUT]).reason == "the model has no weights yet"
    assert row(FAULT, [], "there is no such part").reason == "there is no such part"


def test_survivors_come_first_with_what_would_catch_them():
    rows = (row(FAULT, [seen(Verdict.FAILED, "it stood still")]), row(BY_NAME["seed-not-set"], []))
    lines = sections(MutationReport(mutants=rows, silent=(), seconds=3.0), Paint())
    text = "\n".join(lines)
    assert text.index("seed-not-set") < text.index("learning-rate-zero")
    assert "no expectation of the spec could notice it" in text
    assert "add  expect training reproducible" in text
    assert "by training/loss: it stood still" in text
    assert lines[-1] == "SURVIVED: 2 mutants: 1 survived, 1 caught in 3.0 s"


def test_nothing_injected_is_no_success():
    rows = (row(FAULT, [], "there is no such part"),)
    assert sections(MutationReport(mutants=rows, silent=(), seconds=1.0), Paint())[-1].startswith("NOTHING INJECTED")


def test_what_is_silent_is_named():
    report = MutationReport(mutants=(), silent=(seen(Verdict.INCONCLUSIVE, id="q/auc"),), seconds=1.0)
    assert "  q/auc: inconclusive" in sections(report, Paint())


def test_what_users_typed_cannot_move_the_cursor():
    told = row(FAULT, [seen(Verdict.FAILED, "\x1b[2J", id="a\x1b[2J")])
    text = line(told, Paint()) + "\n".join(sections(MutationReport(mutants=(told,), silent=(), seconds=1.0), Paint()))
    assert "\x1b" not in text
