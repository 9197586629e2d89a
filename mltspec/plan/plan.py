"""The plan: a finite graph of evidence to gather, and judgements over it."""

from __future__ import annotations

from typing import Any, Literal

from mltspec.plan.wire import Wire


class Place(Wire):
    """Where something stands in a spec; line and column are 1-based, in code points."""

    file: str
    line: int
    column: int


class Injection(Wire):
    """A known fault that is put into the user's subject while evidence is gathered, to see who notices.

    ``fault`` is a name of ``mltspec.evidence.faults``; ``target`` the ``module:callable`` that it goes into, empty
    where it goes into the framework's own doors; ``label`` the label column of a table.
    """

    fault: str
    target: str = ""
    label: str | None = None


class Request(Wire):
    """One piece of evidence to gather.

    ``id`` tells requests of this plan apart; ``ask`` is the ask's JSON; ``needs`` are ids of requests whose
    evidence must be there first, in the order the observer wants; ``group`` labels requests observed together
    in one process. ``roots`` are absolute folders, searched in order for the user's modules and files; they name
    this machine and so stand in no key. ``injection`` is a fault to gather it with, which stands in the key.
    """

    id: str
    kind: str
    ask: dict[str, Any]
    needs: tuple[str, ...]
    group: str
    roots: tuple[str, ...]
    label: str
    limit_s: float
    injection: Injection | None = None


class Excuse(Wire):
    """Why an expectation is skipped or is known to fail, and until when (ISO date)."""

    because: str
    until: str | None = None


class Marks(Wire):
    """What a suite or an expectation is marked with."""

    tags: tuple[str, ...] = ()
    severity: Literal["error", "warn"] = "error"
    owner: str | None = None
    skip: Excuse | None = None
    xfail: Excuse | None = None
    dry_run: bool = False


class Expectation(Wire):
    """One claim to judge.

    ``needs`` are the requests whose evidence the check judges, in its order. ``params`` is the check's
    own record as JSON, every default filled in. ``obstacle`` says why it cannot be judged yet
    (a baseline that does not exist), empty otherwise. ``defaults`` are the clauses filled in, as text.
    """

    id: str
    suite: str
    check: str
    test: int
    text: str
    params: dict[str, Any]
    defaults: tuple[str, ...]
    needs: tuple[str, ...]
    at: Place
    marks: Marks
    seed: int
    doc: str = ""
    obstacle: str = ""


class Plan(Wire):
    """What a run does, complete before it starts."""

    version: str
    profile: str
    requests: tuple[Request, ...]
    expectations: tuple[Expectation, ...]
