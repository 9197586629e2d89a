"""The serving stage of a pipeline: what was exported is loaded by a server, asked, and held against itself."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from mltspec.evidence.pipeline import Served
from mltspec.plan.secrets import redacted
from mltspec.plan.subject import Pipeline, Server, Stage
from mltspec.subjects.bench import Bench, Unfit

if TYPE_CHECKING:
    from mltspec.serving.local.repository import Tensor

TARGET = "mltspec.subjects.pipeline_serving:serve_stage"
LIMIT_S = 300.0
ASKED_ROWS = 32
SERVED, UNFIT = "served.json", "unfit.txt"


def serve(
    pipeline: Pipeline, stage: Stage, artifacts: Path, report: Path, bench: Bench
) -> tuple[float, Served | None, str]:
    """Serve what a stage's inputs hold, in a process of its own.

    Returns:
        How long it took, in seconds; what was seen, None where the process did not end well; and its last words.

    Raises:
        Unfit: the server cannot be reached or started.
    """
    report.mkdir(parents=True)
    payload: dict[str, object] = {
        "server": cast(Server, stage.server).model_dump(mode="json"),
        "model": pipeline.name,
        "exported": [str(artifacts / name) for name in stage.inputs],
        "tables": [str(artifacts / name) for name in _upstream(pipeline, stage)],
        "report": str(report),
    }
    began = time.monotonic()
    ending = bench.isolate(TARGET, payload, LIMIT_S)
    seconds = time.monotonic() - began
    if (report / UNFIT).exists():
        raise Unfit(f"stage `{stage.name}`: {(report / UNFIT).read_text()}")
    seen = report / SERVED
    return seconds, Served.from_json(seen.read_text()) if seen.exists() else None, redacted(ending.output).strip()


def _upstream(pipeline: Pipeline, stage: Stage) -> list[str]:
    """Return the stages whose artifacts lead to this one, the nearest first."""
    found: list[str] = []
    waiting = list(stage.inputs)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += pipeline.stage(name).inputs
    return found


def serve_stage(payload: dict[str, object], bench: Bench) -> None:
    """Load, ask and compare; runs in the stage's own process."""
    report = Path(cast(str, payload["report"]))
    server = Server.model_validate(payload["server"])
    try:
        seen = _ask(server, cast(str, payload["model"]), payload, bench)
    except Unfit as unfit:
        (report / UNFIT).write_text(str(unfit))
        raise
    (report / SERVED).write_text(seen.to_json())


def _ask(server: Server, name: str, payload: dict[str, object], bench: Bench) -> Served:
    from mltspec.serving.asking import predict
    from mltspec.serving.system import Trouble
    from mltspec.subjects.rehearsal import folder_for, loaded, next_version, opened, versions_for
    from mltspec.subjects.servable import SavedModel

    seen = Served(system=server.system, production=False, version="", rows_from="", asked=0, answered=0, largest=0.0)
    folder = exported(map(Path, cast(list[str], payload["exported"])))
    if folder is None:
        return seen.model_copy(update={"error": "the stage before it left no SavedModel, so there is nothing to serve"})
    model = SavedModel(folder)
    place, rows = rows_for(model.inputs, map(Path, cast(list[str], payload["tables"])))
    if not rows:
        wanted = ", ".join(f"`{each}`" for each in model.inputs)
        return seen.model_copy(update={"error": f"no stage wrote a table with the model's inputs: {wanted}"})
    asked = len(next(iter(rows.values())))
    versions = versions_for(server, bench) if server.ours else folder_for(server, bench)
    with opened(server, server.model or name, versions, bench) as system:
        seen = seen.model_copy(update={"production": system.production, "rows_from": place, "asked": asked})
        try:
            version = next_version(system.versions())
            with loaded(system, version, folder):
                if server.ours and not system.loads_aside:
                    system.promote(version)
                rows = {key: _typed(array, model.inputs[key]) for key, array in rows.items()}
                answer = predict(system, rows, version)
        except Trouble as trouble:
            return seen.model_copy(update={"error": f"it was not loaded: {trouble}"})
    if answer.error:
        return seen.model_copy(update={"version": version, "error": f"it was not answered: {answer.error}"})
    largest = _apart(model(rows), answer.outputs)
    return seen.model_copy(update={"version": version, "answered": asked, "largest": largest})


def exported(folders: Iterator[Path]) -> Path | None:
    """Return the SavedModel below one of the folders: the highest version, where there are several."""
    found = [graph.parent for folder in folders for graph in folder.rglob("saved_model.pb")]
    return max(found, key=lambda each: (int(each.name) if each.name.isdigit() else -1, str(each)), default=None)


def rows_for(inputs: Collection[str], folders: Iterator[Path]) -> tuple[str, dict[str, Any]]:
    """Return the first rows of the nearest table that holds every input, and where it lies; empty where none does."""
    import numpy as np

    from mltspec.subjects.pipeline_artifacts import read_table, table_files

    for folder in folders:
        for name, file in table_files(folder):
            if file.suffix == ".npz":
                with np.load(file, allow_pickle=False) as saved:
                    if set(inputs) <= set(saved.files):
                        return f"{folder.name}/{name}", {each: saved[each][:ASKED_ROWS] for each in inputs}
                continue
            frame = read_table(file)
            if set(inputs) <= set(frame.columns) and len(frame):
                head = frame.head(ASKED_ROWS)
                return f"{folder.name}/{name}", {each: head[each].to_numpy() for each in inputs}
    return "", {}


def _typed(array: Any, wanted: Tensor) -> Any:
    """Return a column as the signature takes it; a column of single values may lack its last axis."""
    typed = array.astype(object) if wanted.dtype == "string" else array.astype(wanted.dtype)
    lacks = wanted.shape is not None and len(wanted.shape) == typed.ndim + 1 and wanted.shape[-1] == 1
    return typed[:, None] if lacks else typed


def _apart(own: Any, served: Any) -> float:
    """Return the largest difference between what a model and a server answer, infinite where an answer is missing."""
    import math

    import numpy as np

    worst = 0.0
    for name, value in own.items():
        if name not in served:
            return math.inf
        one, other = np.asarray(value), np.asarray(served[name])
        if one.shape != other.shape:
            return math.inf
        if one.dtype.kind in "biuf":
            gap = np.abs(one.astype(np.float64) - other.astype(np.float64))[~(np.isnan(one) & np.isnan(other))]
            worst = max(worst, float(np.nan_to_num(gap, nan=math.inf).max(initial=0.0)))
        elif not (one.astype(str) == other.astype(str)).all():
            return math.inf
    return worst
