"""Gathers evidence that no expectation of a spec asks for, by a plan of its own."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from mltspec import __version__
from mltspec.checks.check import Check, Params
from mltspec.checks.wording import passed
from mltspec.cli.framework import advice
from mltspec.compile.requests import Requests
from mltspec.engine.settings import Settings
from mltspec.evidence.kind import Ask, Evidence
from mltspec.language.render import printable
from mltspec.plan.events import Event, GatheringEnded, GatheringStarted
from mltspec.plan.plan import Expectation, Marks, Place, Plan

GATHERED = "gathered"


def plan_of(asks: Sequence[Ask], roots: tuple[Path, ...]) -> tuple[Plan, list[str]]:
    """Return a plan that gathers asks, and the id of each one's request."""
    requests = Requests()
    ids = [requests.add(ask, roots) for ask in asks]
    expectations = tuple(
        Expectation(
            id=f"{GATHERED}/{id}",
            suite=GATHERED,
            check=GATHERED,
            test=4,
            text=ask.label(),
            params={},
            defaults=(),
            needs=(id,),
            at=Place(file="", line=1, column=1),
            marks=Marks(),
            seed=0,
        )
        for id, ask in dict(zip(ids, asks, strict=True)).items()
    )
    return Plan(version=__version__, profile="default", requests=tuple(requests.all()), expectations=expectations), ids


def gather(plan: Plan, settings: Settings) -> Mapping[str, Evidence]:
    """Run a plan of `plan_of`, telling on stderr what is gathered; return the evidence by request.

    Raises:
        click.ClickException: something could not be gathered, or the framework is not installed.
    """
    from mltspec.checks.registry import KINDS
    from mltspec.cli.start import settle
    from mltspec.engine.run import run
    from mltspec.engine.store import StoreError

    missing = advice()
    if missing:
        raise click.ClickException(missing)
    settle()
    told = _Teller()
    check = Check(
        name=GATHERED,
        test=4,
        phrase=GATHERED,
        summary="Its evidence was gathered.",
        params=Params,
        evidence=Evidence,
        kinds=(),
        asks=lambda params, scope: (),
        judge=lambda params, evidence: passed("gathered"),
    )
    try:
        outcome = run(plan, settings, {GATHERED: check}, KINDS, told.take)
    except StoreError as problem:
        raise click.ClickException(str(problem)) from problem
    if outcome.interrupted:
        raise click.Abort
    if told.failures:
        raise click.ClickException("\n".join(told.failures))
    return outcome.evidence


class _Teller:
    """Says what is gathered, and keeps what went wrong."""

    def __init__(self) -> None:
        self.failures: list[str] = []

    def take(self, event: Event) -> None:
        match event:
            case GatheringStarted():
                print(f"gathering: {printable(event.label)}", file=sys.stderr)
            case GatheringEnded() if event.failure is not None and event.failure.kind != "missing":
                trace = f"\n{event.failure.trace}" if event.failure.trace else ""
                self.failures.append(printable(f"{event.label}: {event.failure.message}") + trace)
            case _:
                pass
