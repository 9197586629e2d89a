"""A plan goes in; evidence is gathered, judged, and kept."""

from engine_fakes import FakeAsk, claim

from mltspec.plan.verdict import Verdict


def test_a_plan_is_gathered_and_judged(project):
    base = FakeAsk(seed=1)
    outcome = project.run(claim(FakeAsk(seed=2, of=(base,))), claim(base, at_most=0))
    assert [str(each.verdict) for each in outcome.judgements.values()] != []
    assert outcome.judgements["e0"].verdict is Verdict.PASSED
    assert outcome.judgements["e0"].explanation == "values [3.0]"
    assert outcome.judgements["e1"].verdict is Verdict.FAILED
    assert (outcome.gathered, outcome.cached) == (2, 0)


def test_a_second_run_measures_nothing(project):
    base = FakeAsk(seed=1)
    project.run(claim(FakeAsk(seed=2, of=(base,))))
    calls = project.calls()
    outcome = project.run(claim(FakeAsk(seed=2, of=(base,)), at_most=0))
    assert project.calls() == calls
    assert (outcome.gathered, outcome.cached) == (0, 2)
    assert outcome.judgements["e0"].verdict is Verdict.FAILED
