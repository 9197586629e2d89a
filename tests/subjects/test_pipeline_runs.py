"""Pipelines of real processes: what each stage is given, what it leaves, and which one is at fault."""

from pathlib import Path

import pytest
from forking_bench import make_bench

from mltspec.checks.pipeline import completes, contract_holds
from mltspec.evidence.pipeline import PipelineAsk, PipelineEvidence
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Pipeline, Stage
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers.pipeline import observe

pytest.importorskip("pandas")
HERE = Path(__file__).parent


def stage(name, function, *inputs, command=()):
    python = None if command else f"pipeline_subjects:{function}"
    return Stage(name=name, python=python, command=tuple(command), inputs=inputs)


SOURCE = stage("source", "source")
FEATURES = stage("features", "features", "source")
TOTAL = stage("total", "total", "features")


@pytest.fixture
def run(tmp_path):
    def go(*stages, rows=None) -> PipelineEvidence:
        ask = PipelineAsk(pipeline=Pipeline(name="p", stages=stages), rows=rows, seed=3)
        (seen,) = observe([ask], [], make_bench(tmp_path, HERE))
        return PipelineEvidence.from_json(seen.to_json())

    return go


def judged(seen, rows=None, limit=None):
    quantities = {"rows": rows, "limit": limit}
    return completes.judge(
        completes.CompletesParams(
            pipeline="p", **{name: Quantity(text=text) if text else None for name, text in quantities.items()}
        ),
        [seen],
    )


def test_a_sound_pipeline_passes_artifacts_on_by_folder(run):
    seen = run(SOURCE, FEATURES, TOTAL, rows=40)
    assert [each.ended for each in seen.stages] == ["done"] * 3
    assert seen.stage("features").reads == ("source",)
    assert [(table.file, table.rows) for table in seen.stage("features").tables] == [("table.csv", 40)]
    assert seen.stage("total").files[0].name == "total.txt"
    assert judged(seen, rows="40 rows", limit="60s").verdict == "passed"
    assert {
        each.title for each in completes.depict(completes.CompletesParams(pipeline="p", rows=None, limit=None), [seen])
    }


def test_equal_runs_have_equal_digests_and_other_rows_others(run, tmp_path):
    first = run(SOURCE, FEATURES)
    ask = PipelineAsk(pipeline=Pipeline(name="p", stages=(SOURCE, FEATURES)), rows=None, seed=3)
    (again,) = observe([ask], [], make_bench(tmp_path / "again", HERE))
    (other,) = observe([ask.model_copy(update={"rows": 7})], [], make_bench(tmp_path / "other", HERE))
    artifacts = [[each.artifact for each in seen.stages] for seen in (first, again, other)]
    assert artifacts[0] == artifacts[1]
    assert artifacts[0][1] != artifacts[2][1]


def test_a_command_is_told_where_to_write_and_how_many_rows(run):
    command = ("python", "-m", "pipeline_subjects", "{output}", "{rows}")
    seen = run(stage("source", "", command=command), FEATURES, rows=20)
    assert seen.stage("source").takes_rows
    assert seen.stage("features").tables[0].rows == 20


def test_a_stage_may_read_several_others(run):
    seen = run(SOURCE, FEATURES, stage("joined", "joined", "source", "features"))
    assert seen.stages[-1].ended == "done"


AT_FAULT = [
    ("breaks", "stage `features` failed: KeyError: 'tailnum'; not run after it: total"),
    ("exits", "stage `features` failed with status 3: out of memory on the way"),
    ("writes_nothing", "stage `features` ended without an error and wrote nothing"),
    ("writes_an_empty_file", "stage `features` wrote empty files alone: table.csv"),
    ("writes_a_head_alone", "stage `features` wrote `table.csv` without a row"),
    ("changes_its_source", "stage `features` changed what `source` had written"),
    ("kills_itself", "stage `features` was killed by signal 9"),
]


@pytest.mark.parametrize(("function", "says"), AT_FAULT)
def test_the_stage_at_fault_is_named(run, function, says):
    following = [TOTAL] if function == "breaks" else []
    judgement = judged(run(SOURCE, stage("features", function, "source"), *following))
    assert judgement.verdict == "failed"
    assert says in judgement.explanation


def test_a_traceback_begins_in_the_stage_and_not_in_ours(run):
    tail = run(SOURCE, stage("features", "breaks", "source")).stage("features").tail
    assert 'raise KeyError("tailnum")' in tail
    assert "pipeline_stages.py" not in tail


def test_secrets_are_redacted(run, monkeypatch):
    monkeypatch.setenv("STORE_TOKEN", "hunter2hunter2")
    seen = run(SOURCE, stage("features", "tells_a_secret", "source"))
    assert "hunter2" not in seen.to_json()
    assert "[STORE_TOKEN]" in seen.stage("features").error


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (stage("features", "wants_more", "source"), "takes `batch`, which stands for nothing"),
        (stage("features", "takes_no_output", "source"), "takes no `output`"),
        (stage("features", "feature", "source"), "has no `feature`; did you mean `features`?"),
        (stage("features", "", "source", command=("no-such-program", "{output}")), "no program `no-such-program`"),
    ],
)
def test_what_cannot_be_started_is_no_failure_of_the_pipeline(run, made, says):
    with pytest.raises(Unfit, match=says.replace("?", r"\?")):
        run(SOURCE, made)


def test_a_sample_that_nobody_takes_is_inconclusive(run):
    judgement = judged(run(stage("source", "all_rows"), rows=5), rows="5 rows")
    assert judgement.verdict == "inconclusive"
    assert "no stage takes `rows`" in judgement.explanation


def test_columns_are_seen_over_all_rows(run):
    (table,) = run(SOURCE, FEATURES, rows=50).stage("features").tables
    ids, delay, late = table.columns
    assert (ids.type, ids.low, ids.high, ids.distinct) == ("whole numbers", 0.0, 49.0, 50)
    assert (delay.type, delay.high) == ("numbers", 7.35)
    assert late.values == (("0", 40), ("1", 10))


def promise(**fields):
    return contract_holds.Promise.model_validate(dict.fromkeys(contract_holds.Promise.model_fields) | fields)


KEPT = {
    "rows": {"op": ">=", "rows": 50},
    "columns": {"columns": ["late", "id", "delay"]},
    "range": {"column": "delay", "range": {"low": {"text": "0"}, "high": {"text": "10"}}},
    "missing": {"op": "<=", "missing": "delay", "most_missing": {"text": "0%"}},
    "share": {"balanced": "late", "value": 1.0, "share": {"low": {"text": "15%"}, "high": {"text": "25%"}}},
    "unique": {"unique": "id"},
    "among": {"column": "late", "among": ["0", "1"]},
    "type": {"column": "id", "type": "whole numbers"},
}
BROKEN = {
    "rows": {"op": "<", "rows": 50},
    "columns": {"columns": ["id", "delay", "tail"]},
    "range": {"column": "delay", "range": {"low": {"text": "1"}, "high": {"text": "10"}}},
    "missing": {"op": "<=", "missing": "speed", "most_missing": {"text": "5%"}},
    "share": {"balanced": "late", "value": 1.0, "share": {"low": {"text": "45%"}, "high": {"text": "55%"}}},
    "unique": {"unique": "late"},
    "among": {"column": "late", "among": ["0"]},
    "type": {"column": "delay", "type": "texts"},
}


def test_promises_are_kept_and_each_can_be_broken(run):
    seen = run(SOURCE, FEATURES, rows=50)

    def verdict(fields):
        params = contract_holds.ContractParams(
            stage="features", pipeline=None, file=None, sample=None, block=(promise(**fields),)
        )
        return contract_holds.judge(params, [seen]).verdict

    assert {name: verdict(fields) for name, fields in KEPT.items()} == dict.fromkeys(KEPT, "passed")
    assert {name: verdict(fields) for name, fields in BROKEN.items()} == dict.fromkeys(BROKEN, "failed")
