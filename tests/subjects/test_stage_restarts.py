"""Stages killed for real while they write, and started again on what they left, judged as the check judges them."""

import sys
from pathlib import Path
from tempfile import mkdtemp

import pytest
from forking_bench import make_bench

from mltspec.checks.pipeline import restarted
from mltspec.evidence.pipeline import PipelineAsk
from mltspec.evidence.restart import RestartAsk, RestartEvidence
from mltspec.plan.subject import Pipeline, Stage
from mltspec.subjects.file_calls import Call
from mltspec.subjects.observers import pipeline as runs
from mltspec.subjects.observers import restart
from mltspec.subjects.stage_crashes import drawn

pytest.importorskip("pandas")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets calls be stopped")
HERE = Path(__file__).parent


def stage(name, function, *inputs, command=()):
    python = None if command else f"pipeline_subjects:{function}"
    return Stage(name=name, python=python, command=tuple(command), inputs=inputs)


@pytest.fixture
def drill(tmp_path):
    def go(made, *after, drills=3, rows=None) -> RestartEvidence:
        source = stage("source", "source")
        first = () if made.name == "source" else (source,)
        pipeline = Pipeline(name="p", stages=(*first, made, *after))
        asks = tuple(PipelineAsk(pipeline=pipeline, rows=rows, seed=3, replica=at) for at in range(2))
        bench = make_bench(Path(mkdtemp(dir=tmp_path)), HERE)
        found = runs.observe(asks, [], bench)
        ask = RestartAsk(runs=asks, stage=made.name, drills=drills, seed=5)
        (seen,) = restart.observe([ask], found, bench)
        return RestartEvidence.from_json(seen.to_json())

    return go


@pytest.mark.parametrize("function", ["features", "copying"])
def test_a_stage_that_puts_its_file_in_place_whole_restarts_cleanly(drill, function):
    made = stage("features", "features", "source")
    if function == "copying":
        made = stage("features", "", "source", command=("python", "-m", "pipeline_subjects", "{output}", "{rows}"))
    seen = drill(made)
    judgement = restarted.judged([seen])
    assert judgement.verdict == "passed", judgement.explanation
    assert len(seen.kills) == 3
    assert any("was written" in kill.place for kill in seen.kills)
    assert all(kill.left for kill in seen.kills)


FAULTY = [
    ("appends", "twice", "it appends to what the killed run had written"),
    ("takes_what_is_there_for_done", "taken for done", "it took the file for done because it was there"),
    ("moves_by_copying", "taken for done", "it took the file for done because it was there"),
    ("loses_its_place", "broken", "it went on in the middle of what the killed run had written"),
]


@pytest.mark.parametrize(("function", "kind", "says"), FAULTY)
def test_the_cause_is_named_and_the_next_stage_is_asked(drill, function, kind, says):
    seen = drill(stage("features", function, "source"), stage("total", "copy", "features"), drills=6)
    judgement = restarted.judged([seen])
    assert judgement.verdict == "failed"
    kinds = {each.kind for kill in seen.kills for each in kill.differences}
    assert kind in kinds
    told = " ".join([judgement.explanation, *judgement.details])
    assert says in told
    assert "`total` took that without complaint and made something else of it" in told


def test_a_stage_that_refuses_to_start_again_is_told_with_its_error(drill):
    judgement = restarted.judged([drill(stage("features", "refuses_to_start_again", "source"))])
    assert judgement.verdict == "failed"
    assert "`features` did not start again: FileExistsError" in judgement.explanation


def test_parts_left_behind(drill):
    judgement = restarted.judged([drill(stage("features", "leaves_parts", "source"))])
    assert judgement.verdict == "failed"
    assert "behind, which an undisturbed run does not" in judgement.explanation


def test_a_stage_that_differs_each_time_is_inconclusive(drill):
    judgement = restarted.judged([drill(stage("features", "differs_each_time", "source"))])
    assert judgement.verdict == "inconclusive"
    assert "leave no file alike (`table.csv` differs)" in judgement.explanation


def test_a_stage_that_does_not_end_well_undisturbed_fails(drill):
    judgement = restarted.judged([drill(stage("features", "breaks", "source"))])
    assert judgement.verdict == "failed"
    assert "does not end well undisturbed: KeyError: 'tailnum'" in judgement.explanation


def test_what_a_command_starts_is_killed_with_it(drill):
    script = "echo id > {output}/rows.csv; for i in 1 2 3 4 5 6; do echo $i >> {output}/rows.csv; done"
    seen = drill(stage("source", "", command=("bash", "-c", script)))
    judgement = restarted.judged([seen])
    assert judgement.verdict == "passed"
    made = stage("source", "", command=("bash", "-c", script.replace("id >", "id >>", 1)))
    again = restarted.judged([drill(made)])
    assert again.verdict == "failed"
    assert {len(kill.left) for kill in seen.kills} == {1}


def test_where_calls_cannot_be_stopped_nothing_is_said(drill, monkeypatch):
    from mltspec.subjects import file_calls

    monkeypatch.setattr(file_calls, "_MACHINES", {})
    judgement = restarted.judged([drill(stage("features", "features", "source"))])
    assert judgement.verdict == "inconclusive"
    assert "cannot be stopped" in judgement.explanation


def test_the_middle_of_the_writes_is_always_drawn_and_the_first_call_never():
    calls = [Call("openat", "a"), *[Call("write", "a")] * 9, Call("rename", "b")]
    assert drawn(calls, 1, 0) == [5]
    assert {len(drawn(calls, 3, seed)) for seed in range(20)} == {3}
    assert all(5 in drawn(calls, 3, seed) and 0 not in drawn(calls, 3, seed) for seed in range(20))
    assert len({tuple(drawn(calls, 3, seed)) for seed in range(20)}) > 1
    assert drawn(calls[:1], 3, 0) == []
