"""The whole pipeline runs, from raw sources to a served answer.

Each stage runs in a process of its own and passes its artifact on by a folder, as under a scheduler. What it wrote is
held by digest, so that the report tells which artifact was made of which.

    expect pipeline completes on sample of 5000 rows within 120s

A stage fails that ends with another status than 0, that ends well and writes nothing, or a table without a row, or that
changes what an earlier stage wrote. A stage that serves must answer as the exported model does. Time counts the stages
alone.

Inconclusive when a sample is asked for and no stage takes `rows`: then all there is was run.

Source: Breck et al., "The ML Test Score: A Rubric for ML Production Readiness and Technical Debt Reduction", IEEE Big
Data 2017, "Infra 3: the full ML pipeline is integration tested".
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.pipeline.staged import example_run, example_stage, run_of, told, undisturbed
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.kind import Ask
from mltspec.evidence.pipeline import PIPELINE_RUN, PipelineEvidence, Served, StageRun
from mltspec.plan.picture import Bar, Bars, Picture, Table
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

SERVED_WITHIN = 1e-5
"""How far a server's answers may be from the exported model's: the arithmetic of another batch size."""
MOST_LINES = 40


class CompletesParams(Params):
    """Which pipeline, on how many rows (None: all), within which time (None: any)."""

    pipeline: str
    rows: Quantity | None
    limit: Quantity | None


def asks(params: CompletesParams, scope: Scope) -> Sequence[Ask]:
    """One run, which claims about its artifacts share."""
    return [run_of(scope.pipelines[params.pipeline], params.rows, scope)]


def obstacle(params: CompletesParams, scope: Scope) -> str:
    """Say why it may not be run."""
    return undisturbed(scope.pipelines[params.pipeline], scope)


def judge(params: CompletesParams, evidence: Sequence[PipelineEvidence]) -> Judgement:
    """The first stage at fault is told."""
    (seen,) = evidence
    measured = figure(seen.seconds, f"{number(seen.seconds)} s")
    limit = float(params.limit) if params.limit else None
    bound = Figure(text=f"within {params.limit}", value=limit) if limit else None
    for stage in seen.stages:
        fault = _fault(stage)
        if fault:
            rest = [each.name for each in seen.stages if each.ended == "not run"]
            after = f"; not run after it: {', '.join(rest)}" if rest else ""
            return failed(f"{fault}{after}", measured, bound, stage.tail.splitlines()[-MOST_LINES:])
    if params.rows is not None and not any(stage.takes_rows for stage in seen.stages):
        return inconclusive(
            "no stage takes `rows`, so nothing was sampled and all there is was run; give the first stage a parameter "
            "`rows`, or its command `{rows}`",
            measured,
            bound,
        )
    if limit is not None and seen.seconds > limit:
        slow = max(seen.stages, key=lambda stage: stage.seconds)
        return failed(
            f"the stages took {number(seen.seconds)} s, of which `{slow.name}` took {number(slow.seconds)} s",
            measured,
            bound,
        )
    return passed(_held(seen), measured, bound)


def _fault(stage: StageRun) -> str:
    """Say what is wrong with how a stage ended; empty if nothing is."""
    if stage.ended == "not run":
        return ""
    if stage.ended != "done":
        return f"stage `{stage.name}` {told(stage)}"
    if stage.changed:
        return (
            f"stage `{stage.name}` changed what `{stage.changed[0]}` had written: an artifact is written once, by its "
            "own stage, or nobody can tell what the next stage was given"
        )
    if stage.served is not None:
        return _unserved(stage.name, stage.served)
    if not stage.files:
        return f"stage `{stage.name}` ended without an error and wrote nothing"
    if all(not file.size_bytes for file in stage.files):
        return f"stage `{stage.name}` wrote empty files alone: {stage.files[0].name}"
    broken = [table for table in stage.tables if table.unreadable]
    if broken:
        return f"stage `{stage.name}` wrote `{broken[0].file}`, which cannot be read: {broken[0].unreadable}"
    empty = [table for table in stage.tables if not table.rows]
    return f"stage `{stage.name}` wrote `{empty[0].file}` without a row" if empty else ""


def _unserved(name: str, served: Served) -> str:
    if not served.answered:
        return f"stage `{name}`: none of {plural(served.asked, 'row')} was answered"
    if not served.largest <= SERVED_WITHIN:
        return (
            f"stage `{name}`: the server answers {plural(served.asked, 'row')} of {served.rows_from} otherwise than "
            f"the exported model does, by up to {number(served.largest)}"
        )
    return ""


def _held(seen: PipelineEvidence) -> str:
    stages = ", ".join(f"{stage.name} {number(stage.seconds)} s" for stage in seen.stages)
    served = [stage.served for stage in seen.stages if stage.served is not None]
    answers = ""
    if served:
        stand_in = "" if served[0].production else ", which is no production binary"
        answers = (
            f"; {plural(served[0].answered, 'row')} of {served[0].rows_from} answered by {served[0].system}{stand_in}, "
            "as the exported model answers them"
        )
    return f"{plural(len(seen.stages), 'stage')} ended well ({stages}){answers}"


def depict(params: CompletesParams, evidence: Sequence[PipelineEvidence]) -> Sequence[Picture]:
    """Time by stage, and which artifact was made of which."""
    (seen,) = evidence
    run = [stage for stage in seen.stages if stage.ended != "not run"]
    bars = Bars(
        title="time by stage",
        value="seconds",
        bars=tuple(Bar(name=each.name, value=each.seconds, held=not _fault(each)) for each in run),
    )
    lineage = Table(
        title="lineage: which artifact was made of which",
        head=("stage", "reads", "artifact", "files", "bytes", "rows"),
        rows=tuple(map(_lineage, run)),
    )
    return [bars, lineage]


def _lineage(stage: StageRun) -> tuple[str, ...]:
    rows = ", ".join(f"{table.file}: {table.rows:,}" for table in stage.tables)
    size = sum(file.size_bytes for file in stage.files)
    return (stage.name, ", ".join(stage.reads), stage.artifact[:12], str(len(stage.files)), f"{size:,}", rows)


_SERVED = Served(
    system="local", production=False, version="1", rows_from="features/test.csv", asked=32, answered=32, largest=0.0
)

CHECK = Check(
    name="pipeline-completes",
    test=3,
    phrase="pipeline {pipeline:pipeline} completes",
    summary="Every stage of the pipeline ends well and leaves an artifact, from raw sources to served answers.",
    params=CompletesParams,
    evidence=PipelineEvidence,
    kinds=(PIPELINE_RUN,),
    asks=asks,
    judge=judge,
    about="pipeline",
    obstacle=obstacle,
    depict=depict,
    clauses=(
        Clause(
            "on sample of {rows:rows}", "how many rows first stages take, by their parameter `rows`; all by default"
        ),
        Clause("within {limit:time}", "the longest that all stages may take together"),
    ),
    examples=lambda: (
        Example(
            "expect pipeline completes on sample of 400 rows within 60s",
            (example_run(example_stage("source"), example_stage("serve", ("source",), served=_SERVED)),),
            Verdict.PASSED,
            "2 stages ended well (source 1.5 s, serve 1.5 s); 32 rows of features/test.csv answered by local, which is "
            "no production binary",
        ),
        Example(
            "expect pipeline nightly completes",
            (
                example_run(
                    example_stage("source"),
                    example_stage(
                        "features", ("source",), ended="failed", status=1, error="KeyError: 'tailnum'", tail="Traceback"
                    ),
                    example_stage("train", ("features",), ended="not run"),
                ),
            ),
            Verdict.FAILED,
            "stage `features` failed: KeyError: 'tailnum'; not run after it: train",
        ),
        Example(
            "expect pipeline completes",
            (example_run(example_stage("source", files=(), tables=())),),
            Verdict.FAILED,
            "stage `source` ended without an error and wrote nothing",
        ),
        Example(
            "expect pipeline completes within 1s",
            (example_run(),),
            Verdict.FAILED,
            "the stages took 3 s, of which `source` took 1.5 s",
        ),
        Example(
            "expect pipeline completes on sample of 100 rows",
            (example_run(example_stage("source", takes_rows=False)),),
            Verdict.INCONCLUSIVE,
            "no stage takes `rows`, so nothing was sampled",
        ),
    ),
)
