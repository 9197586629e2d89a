"""Runs a pipeline stage by stage, each in a process of its own, and looks at what every stage leaves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

from mltspec.evidence.kind import Ask, Blob, Evidence
from mltspec.evidence.pipeline import PipelineAsk, PipelineEvidence, Served, StageRun
from mltspec.plan.subject import Stage
from mltspec.subjects.bench import Bench
from mltspec.subjects.observers.artifact import pack
from mltspec.subjects.pipeline_artifacts import artifact_digest, files_of, tables_of
from mltspec.subjects.pipeline_serving import serve
from mltspec.subjects.pipeline_stages import Stopped, Work, start

MOST_KEPT_BYTES = 256 * 2**20
"""Larger artifacts are looked at and not kept: whoever needs their rows asks for a sample."""

Ended = Literal["done", "failed", "killed", "out of time"]


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[PipelineEvidence]:
    """Run each pipeline.

    Args:
        asks: PipelineAsks.
        found: nothing.
        bench: its ``isolate`` makes the stages' processes.

    Raises:
        Unfit: a stage could not be started at all, or a server not be reached.
    """
    return [_run(cast(PipelineAsk, ask), bench.folder / f"run-{at}", bench) for at, ask in enumerate(asks)]


def _run(ask: PipelineAsk, home: Path, bench: Bench) -> PipelineEvidence:
    runs: list[StageRun] = []
    for done, stage in enumerate(ask.pipeline.stages):
        bench.progress(done, len(ask.pipeline.stages), "stages")
        if (runs and runs[-1].ended != "done") or any(run.ended == "not run" for run in runs):
            runs.append(_blank(stage))
        elif stage.server is not None:
            runs.append(_served(ask, stage, home, bench))
        else:
            runs.append(_one(ask, stage, runs, home, bench))
    return PipelineEvidence(seconds=sum(run.seconds for run in runs), stages=tuple(runs))


def _one(ask: PipelineAsk, stage: Stage, before: Sequence[StageRun], home: Path, bench: Bench) -> StageRun:
    output, report = home / "artifacts" / stage.name, home / "reports" / stage.name
    output.mkdir(parents=True)
    report.mkdir(parents=True)
    inputs = {name: home / "artifacts" / name for name in stage.inputs}
    stopped = start(Work(stage, inputs, output, ask.rows, ask.seed), report, bench)
    files = files_of(output)
    changed = [run.name for run in before if artifact_digest(files_of(home / "artifacts" / run.name)) != run.artifact]
    return StageRun(
        name=stage.name,
        ended=_ended(stopped),
        seconds=stopped.seconds,
        status=stopped.ending.status,
        takes_rows=stopped.takes_rows,
        error="" if stopped.done else stopped.error,
        tail="" if stopped.done else stopped.tail,
        reads=stage.inputs,
        artifact=artifact_digest(files),
        files=files,
        tables=tables_of(output) if stopped.done else (),
        kept=_kept(output, sum(file.size_bytes for file in files), bench) if stopped.done else None,
        changed=tuple(changed),
    )


def _ended(stopped: Stopped) -> Ended:
    if stopped.ending.timed_out:
        return "out of time"
    return "done" if stopped.done else "killed" if stopped.ending.status < 0 else "failed"


def _kept(folder: Path, size: int, bench: Bench) -> Blob | None:
    if size > MOST_KEPT_BYTES:
        return None
    packed = bench.folder / f"{folder.name}.tar"
    pack(folder, packed)
    return bench.keep(packed)


def _served(ask: PipelineAsk, stage: Stage, home: Path, bench: Bench) -> StageRun:
    seconds, served, output = serve(ask.pipeline, stage, home / "artifacts", home / "reports" / stage.name, bench)
    whole = served is not None and not served.error
    return _blank(stage, served).model_copy(
        update={
            "ended": "done" if whole else "failed",
            "seconds": seconds,
            "error": "" if whole else (served.error if served else output),
            "tail": "" if served else output,
        }
    )


def _blank(stage: Stage, served: Served | None = None) -> StageRun:
    """Return a stage that left no artifact: it was not run, or it serves."""
    return StageRun(
        name=stage.name,
        ended="not run",
        seconds=0.0,
        status=0,
        takes_rows=False,
        error="",
        tail="",
        reads=stage.inputs,
        artifact="",
        files=(),
        tables=(),
        kept=None,
        served=served,
    )
