"""What goes to a child, and what comes back. Names and JSON only."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from mltspec.engine.touched import Trace
from mltspec.plan.events import Failure
from mltspec.plan.plan import Injection
from mltspec.plan.wire import Wire

JOB = "job.json"
ANSWER = "answer.json"
PROGRESS = "progress"
STACK = "stack"
READS = "reads"
SCRATCH = "scratch"
REACHED = "reached"


class Typed(Wire):
    """A record as JSON, and the ``module:class`` that reads it."""

    type: str
    json_text: str


class Job(Wire):
    """The asks of one group, for one child.

    ``folder`` is the job's own; ``path`` is ``sys.path`` after the roots; ``hidden`` are folders whose
    files are no inputs; ``ledger`` is read for the digests of files known already; ``shadowed`` are the
    user's modules that may hide one that is loaded already; ``fork`` allows an isolated process to be forked.
    ``injection`` is a fault to observe with; ``must_reach`` says that nothing else bears it, so that evidence which
    it did not reach would be no evidence of it.
    """

    observer: str
    asks: tuple[Typed, ...]
    found: tuple[Typed, ...]
    roots: tuple[str, ...]
    path: tuple[str, ...]
    folder: str
    objects: str
    hidden: tuple[str, ...]
    shadowed: tuple[str, ...]
    ledger: str
    threads: int
    fork: bool
    injection: Injection | None = None
    must_reach: bool = False


class Errand(Wire):
    """A function to run in a process of its own, beside a job."""

    target: str
    payload: dict[str, Any]


class Answer(Wire):
    """What a child found: a record for each ask as JSON, or why there is none."""

    evidence: tuple[str, ...] = ()
    trace: Trace = Trace()
    failure: Failure | None = None


def named(type_: type[Wire]) -> str:
    """Return the ``module:class`` of a record's type."""
    return f"{type_.__module__}:{type_.__qualname__}"


def load(target: str) -> Any:
    """Return what ``module:name`` names, importing the module."""
    module, _, name = target.partition(":")
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def write(file: Path, text: str) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
