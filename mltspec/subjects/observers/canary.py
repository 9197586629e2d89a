"""Load an exported candidate on a server and ask it: row by row, at once, oddly, wrongly, and over every protocol."""

from __future__ import annotations

import contextlib
import itertools
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np

from mltspec.checks.canary.agrees import FIRST_NUMBER
from mltspec.evidence.canary import CanaryAsk, CanaryEvidence, Misuse
from mltspec.evidence.exported import Likeness
from mltspec.evidence.kind import Ask, Evidence
from mltspec.serving.asking import predict, wait_ready
from mltspec.serving.misuse import misuses
from mltspec.serving.system import Answer, Rows, System, Trouble
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.exported_served import MOST_SWAPPED, apart, matching
from mltspec.subjects.input_names import input_names
from mltspec.subjects.nests import as_arrays
from mltspec.subjects.observers.exported import Question, called, likenesses, precision
from mltspec.subjects.rehearsal import (
    Candidate,
    folder_for,
    guest,
    journal,
    loaded,
    opened,
    stirred,
    versions_for,
)
from mltspec.subjects.targets import call

_START_S = 60.0
_TRIES = 8
ALIKE = 1e-5


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Try each candidate; what the server does wrong is evidence.

    Args:
        asks: CanaryAsks.
        found: nothing.
        bench: the roots that hold the user's code, and scratch.

    Raises:
        Unfit: the server cannot be reached or is held by a drill, or the model cannot be exported.
    """
    return [_one(cast(CanaryAsk, ask), bench) for ask in asks]


def _one(ask: CanaryAsk, bench: Bench) -> CanaryEvidence:
    candidate = stirred(ask.model, ask.data, ask.rows, ask.seed, bench)
    ours = ask.server.ours
    folder = versions_for(ask.server, bench) if ours else folder_for(ask.server, bench)
    name = ask.server.model or ask.model.name
    with opened(ask.server, name, folder, bench) as system:
        try:
            if not ours:
                wait_ready(system, _START_S)
            before = system.live_version() if not ours or system.ready() else ""
            with (
                guest(ask.server, system, before, folder, candidate.folder) as version,
                journal(bench).drilling(ask.server, name, before, folder, system),
            ):
                return _tried(ask, system, (before, version), candidate, bench)
        except Trouble as trouble:
            raise Unfit(f"server `{ask.server.name}`: {trouble}") from trouble


def _tried(
    ask: CanaryAsk, system: System, versions: tuple[str, str], candidate: Candidate, bench: Bench
) -> CanaryEvidence:
    before, version = versions
    declared = system.signature(before) if before and system.addresses_versions else {}
    seen = CanaryEvidence(
        system=system.name,
        before=before,
        production=system.production,
        version=version,
        load_s=math.nan,
        load_error="",
        rows=candidate.count,
        precision=precision(candidate.model),
    )
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(loaded(system, version, candidate.folder))
            if not system.loads_aside:
                system.promote(version)
        except Trouble as trouble:
            return seen.model_copy(update={"load_error": str(trouble), "log": system.log()})
        seen = seen.model_copy(update={"changed_inputs": _changed(system, version, declared)})
        return _asked(ask, system, seen, candidate, bench, began)


def _changed(system: System, version: str, before: Mapping[str, str]) -> tuple[str, ...]:
    """Say how the candidate's inputs differ from those that callers send today, where the protocol tells both."""
    now = system.signature(version) if before else {}
    gone = [f"`{name}` ({before[name]}) is not taken any more" for name in before if name not in now]
    new = [f"`{name}` ({now[name]}) must be sent now" for name in now if name not in before]
    other = [
        f"`{name}` takes {now[name]} where it took {before[name]}"
        for name in before
        if name in now and now[name] != before[name]
    ]
    return (*gone, *new, *other)


def _asked(
    ask: CanaryAsk, system: System, seen: CanaryEvidence, candidate: Candidate, bench: Bench, began: float
) -> CanaryEvidence:
    """Ask the loaded candidate everything."""
    version = seen.version
    asked = version if system.addresses_versions else None
    first = _first(system, asked, candidate)
    if first.error:
        return seen.model_copy(update={"load_error": first.error, "log": system.log()})
    seen = seen.model_copy(update={"load_s": time.monotonic() - began})
    if not candidate.count:
        return seen
    found = _asked_rows(system, asked, candidate) | _asked_at_once(system, asked, candidate)
    found |= _raw(ask, system, asked, candidate, bench)
    found |= {"odd": tuple(_odd(system, asked, candidate)), "misuses": tuple(misuses(system, candidate.row(0), asked))}
    found["alive_after"] = not _first(system, asked, candidate).error
    return seen.model_copy(update={**found, "log": system.log()})


def _first(system: System, version: str | None, candidate: Candidate) -> Answer:
    """Return the first answer; a model that is loaded may refuse some rows, but not all of the first few."""
    answers = (predict(system, candidate.row(at), version) for at in range(min(_TRIES, candidate.count)))
    refused = Answer()
    for answer in answers:
        if not answer.error:
            return answer
        refused = refused if refused.error else answer
    return refused


def _asked_rows(system: System, version: str | None, candidate: Candidate) -> dict[str, Any]:
    errors, nonfinite = [], 0
    for at in range(candidate.count):
        answer = predict(system, candidate.row(at), version)
        if answer.error:
            errors.append(answer.error)
        elif not _finite(list(answer.outputs.values())):
            nonfinite += 1
    finite_in_memory = _finite(called(candidate.model, candidate.inputs))
    return {
        "unanswered": len(errors),
        "first_error": errors[0] if errors else "",
        "nonfinite": nonfinite if finite_in_memory else 0,
    }


def _asked_at_once(system: System, version: str | None, candidate: Candidate) -> dict[str, Any]:
    memory, rows = called(candidate.model, candidate.inputs), candidate.rows()
    answers = {name: door(rows, version) for name, door in system.doors().items()}
    failure = next((answer.error for answer in answers.values() if answer.error), "")
    if failure:
        return {"batch_error": failure}
    doors = {name: matching(_listed(answer), memory) for name, answer in answers.items()}
    first = next(iter(doors.values()))
    alone = predict(system, candidate.row(0), version)
    worst = max(apart(memory, each) for each in doors.values())
    return {
        "doors": tuple(Likeness(name=name, largest=apart(memory, each)) for name, each in doors.items()),
        "repeat": apart(first, matching(_listed(predict(system, rows, version)), first)),
        "single": 0.0
        if alone.error
        else apart([p[:1] for p in first], matching(_listed(alone), [p[:1] for p in first])),
        "memory_repeat": apart(memory, called(candidate.model, candidate.inputs)),
        "export": apart(memory, matching(candidate.served.by_name(rows), memory)),
        "likenesses": tuple(_likenesses(candidate, first, memory)) if worst > ALIKE else (),
    }


def _likenesses(candidate: Candidate, answers: list[Any], memory: list[Any]) -> list[Likeness]:
    """Compare with what the export says to inputs as a broken server would have passed them on.

    Where the export itself differs from memory, its own likenesses say how.
    """
    rows, found = candidate.rows(), []

    def note(name: str, changed: Mapping[str, Any]) -> None:
        said = candidate.served.by_name(changed)
        found.append(Likeness(name=name, largest=apart(answers, matching(said, answers))))

    note(FIRST_NUMBER, {name: np.broadcast_to(each.reshape(-1)[:1], each.shape) for name, each in rows.items()})
    names = sorted(rows)
    for order in itertools.permutations(names) if 2 <= len(names) <= MOST_SWAPPED else ():
        changed = {name: rows[source] for name, source in zip(names, order, strict=True)}
        if list(order) != names and all(rows[n].dtype == changed[n].dtype for n in names):
            note("inputs swapped", changed)
    own = matching(candidate.served.by_name(rows), memory)
    if apart(memory, own) > ALIKE:
        question = Question("inputs", candidate.inputs, candidate.inputs)
        found += likenesses(candidate.model, candidate.served, question, own)
    return found


def _raw(ask: CanaryAsk, system: System, version: str | None, candidate: Candidate, bench: Bench) -> dict[str, Any]:
    subject = ask.model
    if subject.raw is None or subject.features is None or subject.serving is None:
        return {}
    raw = call(subject.raw, bench)
    features, served = (as_arrays(call(target, bench, raw)) for target in (subject.features, subject.serving))
    memory = called(candidate.model, features)
    try:
        fed = candidate.served.fed(_named(candidate, served))
    except (LookupError, ValueError, TypeError) as error:
        return {"raw_error": str(error)}
    answer = predict(system, fed, version)
    if answer.error:
        return {"raw_error": answer.error}
    return {"raw": apart(memory, matching(_listed(answer), memory))}


def _named(candidate: Candidate, inputs: Any) -> Any:
    """Return what serving lists one after the other under the names that the model gives them."""
    names = input_names(candidate.model)
    if isinstance(inputs, list | tuple) and len(inputs) == len(names) > 1:
        return dict(zip(names, inputs, strict=True))
    return inputs


def _odd(system: System, version: str | None, candidate: Candidate) -> list[Misuse]:
    """Send rows that are unusual but allowed: zeros, large numbers, empty text."""
    row, found = candidate.row(0), []
    changes: dict[str, Callable[[Any], Any]] = {
        "zeros": lambda a: a if a.dtype.kind in "OS" else np.zeros_like(a),
        "large numbers": lambda a: np.full_like(a, 1e6) if a.dtype.kind == "f" else a,
        "empty text": lambda a: np.full(a.shape, b"", object) if a.dtype.kind in "OS" else a,
    }
    for what, change in changes.items():
        odd = {name: change(each) for name, each in row.items()}
        if all(np.array_equal(odd[name], row[name]) for name in row):
            continue
        if not _answerable(candidate, odd):
            continue  # what the model itself cannot answer is no fault of the server
        answer = predict(system, odd, version)
        found.append(Misuse(what=f"a row of {what}", status=0 if answer.error else 200, said=answer.error))
    return found


def _answerable(candidate: Candidate, rows: Rows) -> bool:
    """Tell whether the export answers rows when it is called here."""
    try:
        return _finite([np.asarray(each) for each in candidate.served.by_name(rows)])
    except Exception:
        return False


def _listed(answer: Answer) -> list[Any]:
    return [answer.outputs[name] for name in sorted(answer.outputs)]


def _finite(answers: Sequence[Any]) -> bool:
    return all(np.isfinite(each).all() for each in answers if each.dtype.kind == "f")
