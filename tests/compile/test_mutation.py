"""Which requests bear a fault, and which are shared with the subject as it is."""

from pathlib import Path

import pytest

from mltspec.compile.mutation import mutants
from mltspec.compile.specs import compile_specs
from mltspec.evidence.faults import BY_NAME, FAULTS

SPEC = """edition 2026
model net {
  build python "net:build"
  SERVING
}
data training = python "net:rows" label "kind"
data holdout = python "net:others"
suite "all" for net on training {
  expect loss decreases
  expect accuracy on holdout >= 0.5
  expect saved model reloads
  expect exported model agrees
  expect training reproducible
  expect restore after crash
  expect serving matches training features
  expect data well fed on holdout
}
"""


def plan_of(tmp_path: Path, text: str = SPEC, serving: str = "") -> tuple:
    spec = tmp_path / "net.mlt"
    spec.write_text(text.replace("SERVING", serving))
    compiled = compile_specs([spec])
    assert compiled.sound, compiled.diagnostics
    return compiled.plan, {request.id for request in compiled.plan.requests}


def mutant(plan, name):
    (made,) = mutants(plan, plan.expectations, [BY_NAME[name]])
    return made


def judged(made) -> set[str]:
    return {each.check for each in (*made.made_for_it, *made.others)}


def test_a_fault_of_the_model_is_in_all_that_builds_it(tmp_path):
    plan, plain = plan_of(tmp_path)
    made = mutant(plan, "learning-rate-zero")
    assert "data-well-fed" not in {each.check for each in made.made_for_it}
    assert {each.check for each in made.made_for_it} == {"loss-decreases"}
    assert {"metric-holds", "training-reproducible", "restore-after-crash"} <= judged(made)
    touched = [request for request in made.requests if request.injection]
    assert {request.injection.target for request in touched} == {"net:build"}
    assert not {request.id for request in touched} & plain


def test_a_fault_of_the_training_data_goes_into_no_other_data(tmp_path):
    plan, _ = plan_of(tmp_path)
    made = mutant(plan, "labels-shuffled")
    assert "metric-holds" in judged(made)
    injections = {request.injection for request in made.requests if request.injection}
    assert {(each.target, each.label) for each in injections} == {("net:rows", "kind")}


def test_a_fault_of_the_restart_shares_the_runs_that_are_not_killed(tmp_path):
    plan, plain = plan_of(tmp_path)
    made = mutant(plan, "optimizer-state-lost")
    assert judged(made) == {"restore-after-crash"}
    touched = [request for request in made.requests if request.injection]
    assert {request.kind for request in touched} == {"crash drill"}
    assert {request.id for request in made.requests if not request.injection} <= plain


def test_requests_above_a_fault_are_others_though_they_bear_none(tmp_path):
    plan, plain = plan_of(tmp_path)
    made = mutant(plan, "seed-not-set")
    runs = {request.id for request in made.requests if request.kind == "training run"}
    above = [request for request in made.requests if set(request.needs) & runs]
    assert above
    assert not {request.id for request in above} & plain


def test_no_two_faults_share_evidence_that_bears_them(tmp_path):
    plan, _ = plan_of(tmp_path, serving='features python "net:f"\n  serving python "net:s"\n  raw python "net:r"')
    ids = [r.id for made in mutants(plan, plan.expectations, FAULTS) for r in made.requests if r.injection]
    assert len(ids) == len(set(ids)) > len(FAULTS)


def test_the_checks_made_for_a_fault_come_first(tmp_path):
    plan, _ = plan_of(tmp_path)
    made = mutant(plan, "wrong-version-exported")
    assert [each.check for each in made.made_for_it] == ["exported-model-agrees", "saved-model-reloads"]
    assert not made.others


@pytest.mark.parametrize(("serving", "obstacle"), [("", True), ('serving python "net:s"', False)])
def test_a_subject_without_the_part_is_told(tmp_path, serving, obstacle):
    plan, _ = plan_of(tmp_path, serving=serving)
    assert bool(mutant(plan, "feature-skewed").obstacle) is obstacle


def test_a_model_in_a_file_gives_no_hold(tmp_path):
    plan, _ = plan_of(tmp_path, SPEC.replace('python "net:build"', 'keras "net.keras"'))
    assert "no Python callable for the model" in mutant(plan, "weight-nan").obstacle


def test_a_fault_that_no_expectation_could_notice_has_no_obstacle(tmp_path):
    plan, _ = plan_of(tmp_path, SPEC.replace("  expect training reproducible\n", ""))
    made = mutant(plan, "seed-not-set")
    assert (judged(made), made.obstacle) == (set(), "")
