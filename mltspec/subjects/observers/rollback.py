"""Rehearse a rollback: a candidate promoted and rolled back under load on a server of its own process."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from mltspec.evidence.drill import Killed, RollbackAsk, RollbackEvidence
from mltspec.evidence.kind import Ask, Evidence
from mltspec.plan.wire import digest_of
from mltspec.serving.asking import predict, wait_ready
from mltspec.serving.drill import Course, Expected, alike
from mltspec.serving.system import Answer, Rows, System, Trouble
from mltspec.serving.systems.local import Local
from mltspec.subjects.bench import Bench, Unfit, digest_file
from mltspec.subjects.rehearsal import (
    Candidate,
    folder_for,
    guest,
    journal,
    loaded,
    opened,
    own_versions,
    stirred,
)

ROWS = 32
_START_S = 60.0


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Hold each series of drills; what the server does wrong is evidence.

    Args:
        asks: RollbackAsks.
        found: nothing.
        bench: the roots that hold the user's code, and scratch.

    Raises:
        Unfit: the server cannot be reached or is held by another drill, or the model cannot be exported.
    """
    return [_one(cast(RollbackAsk, ask), bench) for ask in asks]


@dataclass(frozen=True)
class _Scene:
    """A server with an old version live, and a candidate to be loaded beside it."""

    ask: RollbackAsk
    system: System
    before: str
    new: str
    candidate: Candidate
    folder: Path
    bench: Bench


def _one(ask: RollbackAsk, bench: Bench) -> RollbackEvidence:
    candidate = stirred(ask.model, ask.data, ROWS, ask.seed, bench)
    folder = _versions(ask, bench) if ask.server.ours else folder_for(ask.server, bench)
    name = ask.server.model or ask.model.name
    with opened(ask.server, name, folder, bench) as system:
        try:
            wait_ready(system, _START_S)
            before = system.live_version()
        except Trouble as trouble:
            return _nothing(ask, system, old_error=str(trouble))
        try:
            with (
                guest(ask.server, system, before, folder, candidate.folder) as new,
                journal(bench).drilling(ask.server, name, before, folder, system),
            ):
                return _drilled(_Scene(ask, system, before, new, candidate, folder, bench))
        except Trouble as trouble:
            raise Unfit(f"server `{ask.server.name}`: {trouble}") from trouble


def _versions(ask: RollbackAsk, bench: Bench) -> Path:
    """Return the folder of a server of our own: the version that the spec names, else another export of the model."""
    named = own_versions(ask.server, bench, ask.to)
    if named is not None:
        return named
    home = bench.folder / "versions"
    home.mkdir()
    stirred(ask.model, ask.data, ROWS, ask.seed + 1, bench).folder.rename(home / "1")
    return home


def _nothing(ask: RollbackAsk, system: System, **told: object) -> RollbackEvidence:
    return RollbackEvidence(
        system=system.name,
        production=system.production,
        served_before=ask.to or "none",
        target=ask.to or "none",
        candidate="",
        told_apart="not",
        rows=0,
        drills=(),
        log=system.log(),
    ).model_copy(update=told)


def _drilled(scene: _Scene) -> RollbackEvidence:
    ask, system, before, new = scene.ask, scene.system, scene.before, scene.new
    target = ask.to or before
    seen = _nothing(ask, system, served_before=before, target=target, candidate=new)
    if target != before:
        return seen
    files = _digest(scene.folder / before)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(loaded(system, new, scene.candidate.folder))
        except Trouble as trouble:
            return seen.model_copy(update={"new_error": str(trouble), "log": system.log()})
        return _with_candidate(scene, seen, files)


def _with_candidate(scene: _Scene, seen: RollbackEvidence, files: str) -> RollbackEvidence:
    system, before, new = scene.system, scene.before, scene.new
    course = _course(scene)
    expected = course.expected()
    told = {"told_apart": expected.told_apart, "rows": len(course.rows)}
    if expected.told_apart == "not":
        return seen.model_copy(update=told)
    drills = course.hold(expected)
    return seen.model_copy(
        update={
            **told,
            "drills": tuple(drills),
            "points": course.points,
            "changed_answers": _changed(system, course.rows, expected),
            "candidate_client": _refused(system, course.rows[0]),
            "files_changed": _digest(scene.folder / before) != files,
            "killed": _killed(system, before, new) if isinstance(system, Local) else None,
            "log": system.log(),
        }
    )


def _course(scene: _Scene) -> Course:
    ask, candidate = scene.ask, scene.candidate
    return Course(
        system=scene.system,
        old=scene.before,
        new=scene.new,
        rows=[candidate.row(at) for at in range(min(ROWS, candidate.count))],
        rate=ask.rate,
        drills=ask.drills,
        cold=ask.start == "cold",
        work=scene.bench.folder,
        seed=ask.seed,
        progress=lambda done: scene.bench.progress(done, ask.drills, "drills"),
    )


def _changed(system: System, rows: Sequence[Rows], expected: Expected) -> int:
    answers: list[Answer] = [predict(system, row) for row in rows]
    return sum(not alike(now, before) for now, before in zip(answers, expected.old, strict=True))


def _refused(system: System, row: Rows) -> str:
    """Return what the old version says to a client of the candidate's signature; empty if it answers."""
    return predict(system, row).error


def _killed(system: Local, old: str, new: str) -> Killed:
    """Kill the server just after a promotion, start it again, and put it right as the journal would."""
    began = time.monotonic()
    try:
        system.promote(new)
        system.kill()
        began = time.monotonic()
        system.start()
        wait_ready(system, _START_S)
        if system.live_version() != old:
            system.rollback(old)
        return Killed(live=system.live_version(), seconds=time.monotonic() - began)
    except Trouble as trouble:
        return Killed(live="", seconds=time.monotonic() - began, error=str(trouble))


def _digest(folder: Path) -> str:
    """Return the digest of a version's files, or of nothing where they are not on this machine."""
    files = sorted(each for each in folder.rglob("*") if each.is_file()) if folder.is_dir() else []
    return digest_of([[str(each.relative_to(folder)), digest_file(each)] for each in files])
