"""What claims about pipelines share: which run they look at, and evidence for examples."""

from __future__ import annotations

from mltspec.checks.check import Scope
from mltspec.checks.servers import obstacle_on
from mltspec.evidence.pipeline import ColumnSeen, FileSeen, PipelineAsk, PipelineEvidence, StageRun, TableSeen
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Pipeline


def meant(stage: str, pipeline: str | None, scope: Scope) -> Pipeline | None:
    """Return the pipeline that is named, else the only one with such a stage; None where several have one."""
    if pipeline:
        return scope.pipelines[pipeline]
    having = [each for each in scope.pipelines.values() if any(one.name == stage for one in each.stages)]
    return having[0] if len(having) == 1 else None


def obstacle_of(stage: str, pipeline: str | None, scope: Scope) -> str:
    """Return why a claim about a stage cannot be judged; empty where it can."""
    found = meant(stage, pipeline, scope)
    if found is None:
        return f"several pipelines have a stage `{stage}`: say which, `in pipeline {next(iter(scope.pipelines))}`"
    if all(each.name != stage for each in found.stages):
        return f"pipeline `{found.name}` has no stage `{stage}`; it has {', '.join(each.name for each in found.stages)}"
    return undisturbed(found, scope)


def undisturbed(pipeline: Pipeline, scope: Scope) -> str:
    """Return why a pipeline may not be run: it would load a model on a server that is not marked for that."""
    servers = [stage.server.name for stage in pipeline.stages if stage.server is not None]
    found = (obstacle_on(name, scope, "serve") for name in servers)
    return next(filter(None, found), "")


def run_of(pipeline: Pipeline, rows: Quantity | None, scope: Scope, replica: int = 0) -> PipelineAsk:
    """Return the run that a claim looks at; all claims about as many rows share it."""
    count = None if rows is None else rows.count
    return PipelineAsk(pipeline=pipeline, rows=count, seed=scope.seed, replica=replica)


def not_reached(seen: PipelineEvidence, stage: str) -> str:
    """Say why a stage has no artifact to look at; empty where it has."""
    run = seen.stage(stage)
    if run.ended == "done":
        return ""
    broken = next(each for each in seen.stages if each.ended not in ("done", "not run"))
    after = "" if broken.name == stage else f", so `{stage}` was not run"
    return f"stage `{broken.name}` {told(broken)}{after}"


def told(run: StageRun) -> str:
    """Say how a stage ended that did not end well."""
    if run.ended == "out of time":
        return f"was ended after {run.seconds:.0f} s, its time limit"
    if run.ended == "killed":
        return f"was killed by signal {-run.status}: {run.error}"
    status = f" with status {run.status}" if run.status > 1 else ""
    return f"failed{status}: {run.error}"


def example_stage(name: str, reads: tuple[str, ...] = (), **seen: object) -> StageRun:
    """Return a stage that ended well, with one table of 400 rows, but for what is given."""
    column = ColumnSeen(
        name="delay", type="numbers", missing=4, low=-20.0, high=300.0, distinct=210, values=(("0", 22), ("1", 20))
    )
    late = ColumnSeen(
        name="late", type="whole numbers", missing=0, low=0.0, high=1.0, distinct=2, values=(("0", 320), ("1", 80))
    )
    run = StageRun(
        name=name,
        ended="done",
        seconds=1.5,
        status=0,
        takes_rows=not reads,
        error="",
        tail="",
        reads=reads,
        artifact=f"{name}-digest",
        files=(FileSeen(name="table.csv", size_bytes=9000, digest="d1"),),
        tables=(TableSeen(file="table.csv", rows=400, columns=(column, late)),),
        kept=None,
    )
    return run.model_copy(update=seen)


def example_run(*stages: StageRun) -> PipelineEvidence:
    """Return a run of two stages, or of those given."""
    found = stages or (example_stage("source"), example_stage("features", ("source",)))
    return PipelineEvidence(seconds=sum(stage.seconds for stage in found), stages=found)
