"""Share traffic out between a candidate and a baseline of the same size, and stop at the first sign of harm."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np

from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.traffic import TrafficAsk, TrafficEvidence
from mltspec.evidence.training import TrainingEvidence
from mltspec.serving.asking import wait_ready
from mltspec.serving.canary import Stream
from mltspec.serving.system import Rows, System, Trouble
from mltspec.subjects import data as datasets
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.nests import leaves, taken
from mltspec.subjects.rehearsal import (
    Candidate,
    exported,
    folder_for,
    guest,
    journal,
    loaded,
    opened,
    versions_for,
)
from mltspec.subjects.trained_model import load

ROWS = 256
"""Rows that traffic is made of, each sent many times."""
_START_S = 60.0


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Hold each canary.

    Args:
        asks: TrafficAsks with equal needs.
        found: the TrainingEvidence of the candidate.
        bench: where its state lies, the user's code, and scratch.

    Raises:
        Unfit: the run kept no state, or the server cannot be reached or is held by a drill.
    """
    run = cast(TrainingEvidence, found[0])
    return [_one(cast(TrafficAsk, ask), run, bench) for ask in asks]


def _one(ask: TrafficAsk, run: TrainingEvidence, bench: Bench) -> TrafficEvidence:
    if run.state is None:
        raise Unfit(f"the training run of `{ask.run.model.name}` was cut short and kept no state to serve")
    rows = datasets.load(ask.data, bench).head(ROWS)
    restored, _ = load(ask.run, bench.path(run.state), taken(rows[0], slice(0, 1)), bench)
    x, y, _ = datasets.load(ask.data, bench, restored.model).head(ROWS)
    candidate = exported(ask.run.model, restored.model, x, bench, "candidate")
    asked, labels = _asked(ask, candidate, y, bench)
    ours = ask.server.ours
    folder = versions_for(ask.server, bench) if ours else folder_for(ask.server, bench)
    name = ask.server.model or ask.run.model.name
    with opened(ask.server, name, folder, bench) as system:
        try:
            wait_ready(system, _START_S)
            before = system.live_version()
            with (
                guest(ask.server, system, before, folder, candidate.folder) as version,
                journal(bench).drilling(ask.server, name, before, folder, system),
            ):
                found = _held(ask, system, (before, version), candidate.folder, asked, labels, bench)
            return found.model_copy(update={"live_after": system.live_version()})
        except Trouble as trouble:
            raise Unfit(f"server `{ask.server.name}`: {trouble}") from trouble


def _held(
    ask: TrafficAsk,
    system: System,
    versions: tuple[str, str],
    folder: Path,
    asked: Sequence[Rows],
    labels: Sequence[float | None],
    bench: Bench,
) -> TrafficEvidence:
    before, version = versions
    stream = Stream(
        system=system,
        baseline=before,
        canary=version,
        rows=asked,
        labels=labels,
        shares=ask.shares,
        seconds=ask.seconds,
        rate=ask.rate,
        seed=ask.run.seed,
        work=Path(bench.folder),
        in_order=ask.data.origin.kind == "recorded",
        shadow=ask.shadow,
        progress=lambda done, total: bench.progress(done, total, "looks"),
    )
    seen = TrafficEvidence(
        system=system.name,
        production=system.production,
        baseline=before,
        canary=version,
        looks_planned=stream.looks,
    )
    obstacle = _obstacle(ask, system)
    if obstacle:
        return seen.model_copy(update={"split_error": obstacle})
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(loaded(system, version, folder))
            if not system.loads_aside:
                system.promote(version)
        except Trouble as trouble:
            return seen.model_copy(update={"load_error": str(trouble)})
        return seen.model_copy(update={"looks": tuple(stream.run(ask.claims, ask.alpha)), "rate_sent": ask.rate})


def _asked(
    ask: TrafficAsk, candidate: Candidate, y: object, bench: Bench
) -> tuple[Sequence[Rows], Sequence[float | None]]:
    """Return what is sent, and the labels: recorded requests as they are, else a row each."""
    if ask.data.origin.kind != "recorded":
        return [candidate.row(at) for at in range(candidate.count)], _labels(y)
    requests = datasets.requests_of(ask.data, bench)[:ROWS]
    names = list(candidate.served.wanted)
    rows = [{name or names[0]: array for name, array in each.inputs.items()} for each in requests]
    return rows, [each.label for each in requests]


def _obstacle(ask: TrafficAsk, system: System) -> str:
    """Say why a candidate cannot have a share of the traffic and no more."""
    if not system.addresses_versions:
        return f"{system.name} cannot be asked for a version by its number"
    if not system.loads_aside and not ask.server.ours:
        return (
            f"{system.name} answers whoever names no version from the newest one: a candidate beside the others would "
            "take all of its traffic; put a splitter in front of it"
        )
    return ""


def _labels(labels: object) -> Sequence[float | None]:
    """Return one number a row to hold answers against; None where labels are no classes."""
    flat = leaves(labels) if labels is not None else []
    if len(flat) != 1:
        return [None] * ROWS
    array = np.asarray(flat[0])
    if array.ndim == 2 and array.shape[1] > 1:
        array = array.argmax(axis=1)
    array = array.reshape(len(array), -1)
    if array.shape[1] != 1 or array.dtype.kind not in "biuf" or not np.equal(array, np.floor(array)).all():
        return [None] * len(array)
    return [float(each) for each in array[:, 0]]
