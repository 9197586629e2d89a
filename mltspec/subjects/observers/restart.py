"""Kills a stage while it writes, starts it again on what it left, and holds the end against undisturbed runs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.pipeline import FileSeen, PipelineEvidence
from mltspec.evidence.restart import Consumed, RestartAsk, RestartEvidence, StageKill
from mltspec.plan.subject import Pipeline, Stage
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.file_calls import CannotStop
from mltspec.subjects.observers.artifact import unpack
from mltspec.subjects.pipeline_artifacts import artifact_digest, files_of
from mltspec.subjects.pipeline_stages import Work, start
from mltspec.subjects.stage_crashes import Torn, crash, differences

MOST_LEFT = 10


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[RestartEvidence]:
    """Drill each stage.

    Args:
        asks: RestartAsks with the same runs.
        found: the two undisturbed runs.
        bench: its ``isolate`` makes the processes that are killed and started again.

    Raises:
        Unfit: the stage, which ended well twice, does not end well a third time, undisturbed.
    """
    runs = [cast(PipelineEvidence, record) for record in found[:2]]
    return [_drill(cast(RestartAsk, ask), runs, bench.folder / f"drill-{at}", bench) for at, ask in enumerate(asks)]


@dataclass(frozen=True)
class _Scene:
    """What a drill works with: the stage, undisturbed artifacts by stage, and the files that two runs leave alike."""

    ask: RestartAsk
    pipeline: Pipeline
    stage: Stage
    home: Path
    bench: Bench
    first: PipelineEvidence
    second: PipelineEvidence

    @property
    def artifacts(self) -> Path:
        return self.home / "artifacts"

    def same(self, stage: str) -> list[FileSeen]:
        """Return the files of a stage that both runs leave alike."""
        theirs = {file.name: file.digest for file in self.second.stage(stage).files}
        return [file for file in self.first.stage(stage).files if theirs.get(file.name) == file.digest]

    def names(self) -> list[str]:
        """Return the names of the stage's files; empty where the runs name them differently."""
        ours, theirs = ([file.name for file in run.stage(self.stage.name).files] for run in (self.first, self.second))
        return ours if ours == theirs else []

    def work(self, stage: Stage, output: Path, changed: Path | None = None) -> Work:
        """Return what a stage works on; ``changed`` stands for the artifact of the stage that is drilled."""
        inputs = {name: self.artifacts / name for name in stage.inputs}
        if changed is not None:
            inputs[self.stage.name] = changed
        return Work(stage, inputs, output, self.ask.runs[0].rows, self.ask.runs[0].seed)

    def report(self, name: str) -> Path:
        folder = self.home / "reports" / name
        folder.mkdir(parents=True)
        return folder


def _drill(ask: RestartAsk, runs: Sequence[PipelineEvidence], home: Path, bench: Bench) -> RestartEvidence:
    pipeline = ask.runs[0].pipeline
    scene = _Scene(ask, pipeline, pipeline.stage(ask.stage), home, bench, runs[0], runs[1])
    seen = RestartEvidence(stage=ask.stage, calls=0, compared=0, unequal=(), kills=())
    undone = _undone(runs, ask.stage)
    if undone:
        return seen.model_copy(update={"undone": undone})
    same = scene.same(ask.stage)
    alike = {file.name for file in same}
    unequal = tuple(file.name for file in runs[0].stage(ask.stage).files if file.name not in alike)
    seen = seen.model_copy(update={"compared": len(same), "unequal": unequal})
    if not same:
        return seen
    needed = {ask.stage, *scene.stage.inputs, *(name for each in pipeline.after(ask.stage) for name in each.inputs)}
    for name in needed:
        kept = runs[0].stage(name).kept
        if kept is None:
            large = f"what `{name}` wrote is too large to be kept; ask for a sample"
            return seen.model_copy(update={"unobserved": large})
        unpack(bench.path(kept), scene.artifacts / name)
    try:
        calls, torn = _crash(scene)
    except CannotStop as problem:
        return seen.model_copy(update={"unobserved": str(problem.strerror or problem)})
    if not torn:
        never = "it changes nothing in its folder that could be left half done"
        return seen.model_copy(update={"calls": calls, "unobserved": never})
    kills = []
    for done, each in enumerate(torn):
        bench.progress(done, len(torn), "kills")
        kills.append(_start_again(scene, each, same))
    return seen.model_copy(update={"calls": calls, "kills": tuple(kills)})


def _undone(runs: Sequence[PipelineEvidence], name: str) -> str:
    """Say why there is no undisturbed artifact to compare with; empty if there is."""
    for run in runs:
        broken = next((each for each in run.stages if each.ended not in ("done", "not run")), None)
        if run.stage(name).ended != "done" and broken is not None:
            return f"stage `{broken.name}` does not end well undisturbed: {broken.error}"
    return ""


def _crash(scene: _Scene) -> tuple[int, list[Torn]]:
    folder, scratch = scene.home / "work", scene.home / "torn"
    folder.mkdir(parents=True)
    scratch.mkdir()
    count = 0

    def run(calls: Path) -> None:
        nonlocal count
        count += 1
        stopped = start(scene.work(scene.stage, folder), scene.report(f"run-{count}"), scene.bench, calls)
        if not stopped.done and stopped.ending.status != -9:
            raise Unfit(f"stage `{scene.stage.name}` failed before it was to be killed: {stopped.error}")

    return crash(run, folder, scratch, scene.ask.drills, scene.ask.seed)


def _start_again(scene: _Scene, torn: Torn, same: Sequence[FileSeen]) -> StageKill:
    folder = scene.home / "work"
    shutil.rmtree(folder)
    shutil.copytree(torn.folder, folder, symlinks=True)
    left = files_of(folder)
    label = torn.folder.name
    stopped = start(scene.work(scene.stage, folder), scene.report(f"again-{label}"), scene.bench)
    apart = differences(folder, left, scene.artifacts / scene.stage.name, same, scene.names()) if stopped.done else []
    return StageKill(
        place=torn.place,
        left=tuple(file.name for file in left[:MOST_LEFT]),
        refused_with="" if stopped.done else stopped.error,
        tail="" if stopped.done else stopped.tail,
        differences=tuple(apart),
        consumed=tuple(_consume(scene, folder, label)) if apart else (),
    )


def _consume(scene: _Scene, folder: Path, label: str) -> list[Consumed]:
    """Hand a differing artifact to the stages that read it: each should refuse it, or nobody will notice."""
    found = []
    for stage in scene.pipeline.after(scene.stage.name):
        if not stage.writes:
            continue
        output = scene.home / "consumed" / label / stage.name
        output.mkdir(parents=True)
        work = scene.work(stage, output, changed=folder)
        stopped = start(work, scene.report(f"{label}-{stage.name}"), scene.bench)
        same = tuple(scene.same(stage.name))
        if not stopped.done:
            found.append(Consumed(stage=stage.name, outcome="refused", error=stopped.error))
            continue
        alike = {file.name for file in same}
        ours = tuple(file for file in files_of(output) if file.name in alike)
        equal = artifact_digest(ours) == artifact_digest(same)
        found.append(Consumed(stage=stage.name, outcome="the same" if equal else "another artifact"))
    return found
