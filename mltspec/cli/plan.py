"""`mltspec plan`: what a run would judge and gather. Executes nothing of the user's."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from mltspec.cli import specs
from mltspec.cli.chosen import chosen
from mltspec.cli.color import Mode, color_option, wants_color
from mltspec.cli.exits import Exit
from mltspec.cli.known import answers
from mltspec.cli.options import choosing, store_option
from mltspec.cli.power import power
from mltspec.cli.selection import trimmed
from mltspec.engine.settings import Settings, cores
from mltspec.evidence.kind import Evidence
from mltspec.language.render import printable
from mltspec.plan.plan import Expectation, Marks, Plan, Request
from mltspec.report.paint import BOLD, DIM, Paint, counted

MOST_NAMED = 3


@click.command(epilog="\b\nExamples:\n  mltspec plan specs/delay.mlt\n  mltspec plan --profile release --json\n")
@choosing
@store_option
@click.option("-n", "workers", type=click.IntRange(min=1), metavar="N", help="Children at once. [default: cores]")
@click.option("--json", "as_json", is_flag=True, help="Write the plan as JSON.")
@color_option
@click.pass_context
def command(ctx: click.Context, /, store: Path, workers: int | None, as_json: bool, color: Mode, **typed: Any) -> None:
    """Show what a run would judge and gather, every default filled in, and what the store has already.

    Of each bound on a metric it says, from the last run's evidence, how often it would fail a model that is no worse,
    and how small a drop it would see.
    """
    found = chosen(**typed)
    specs.show(found.diagnostics, sys.stderr, wants_color(color, sys.stderr))
    plan = trimmed(found.plan, found.expectations)
    if as_json:
        print(json.dumps(plan.model_dump(mode="json"), indent=2))
    else:
        stored = answers(plan, Settings(workers=workers or cores(), store=store)).evidence
        for line in lines(plan, stored, Paint(wants_color(color, sys.stdout))):
            print(line)
    if specs.has_errors(found.diagnostics):
        ctx.exit(Exit.SPEC)
    ctx.exit(Exit.HELD if plan.expectations else Exit.NOTHING_RAN)


def lines(plan: Plan, stored: Mapping[str, Evidence], paint: Paint) -> Iterator[str]:
    """Return a plan as people read it: claims by suite, then the evidence, then the sum."""
    requests = {request.id: request for request in plan.requests}
    head = ""
    for expectation in plan.expectations:
        suite = f"{expectation.suite}  ({expectation.at.file})"
        if suite != head:
            yield from ([""] if head else [])
            yield paint(printable(suite), BOLD)
            head = suite
        yield from _claim(expectation, requests, power(expectation, requests, stored), paint)
    if requests:
        yield ""
        yield paint("evidence, what is needed first first", BOLD)
        yield from _evidence(plan, stored, paint)
    yield ""
    yield summary(plan, stored)


def summary(plan: Plan, stored: Collection[str]) -> str:
    """Return how much there is to judge and to gather."""
    groups = {(each.kind, each.group) for each in plan.requests if each.id not in stored}
    profile = "" if plan.profile == "default" else f", profile {plan.profile}"
    return (
        f"{counted(len(plan.expectations), 'expectation')} from {counted(len(plan.requests), 'measurement')}: "
        f"{len(stored):,} in the store, {len(plan.requests) - len(stored):,} to gather "
        f"in {len(groups):,} {'process' if len(groups) == 1 else 'processes'}{profile}"
    )


def _claim(expectation: Expectation, requests: dict[str, Request], decides: str, paint: Paint) -> Iterator[str]:
    yield f"  {printable(expectation.id)}  {paint(f'line {expectation.at.line}', DIM)}"
    yield f"      {printable(expectation.text)}"
    if expectation.defaults:
        yield f"      assumed:  {printable(', '.join(expectation.defaults))}"
    marks = _marks(expectation.marks)
    if marks:
        yield f"      marked:   {printable(marks)}"
    if expectation.obstacle:
        yield f"      obstacle: {printable(expectation.obstacle)}"
    if decides:
        yield f"      decides:  {printable(decides)}"
    needs = [requests[need].label for need in expectation.needs]
    if needs:
        more = f" and {len(needs) - MOST_NAMED} more" if len(needs) > MOST_NAMED else ""
        yield paint(f"      needs:    {printable('; '.join(needs[:MOST_NAMED]))}{more}", DIM)


def _marks(marks: Marks) -> str:
    found = [f"tags {', '.join(marks.tags)}"] if marks.tags else []
    found += ["severity warn"] if marks.severity == "warn" else []
    found += [f"owner {marks.owner}"] if marks.owner else []
    found += ["dry run"] if marks.dry_run else []
    for name, excuse in (("skip", marks.skip), ("xfail", marks.xfail)):
        if excuse is not None:
            found.append(f"{name} because {excuse.because}" + (f" until {excuse.until}" if excuse.until else ""))
    return "; ".join(found)


def _evidence(plan: Plan, stored: Collection[str], paint: Paint) -> Iterator[str]:
    users = _users(plan.expectations, {request.id: request for request in plan.requests})
    for request in plan.requests:
        state = "in store" if request.id in stored else "gather"
        shared = f"  for {users[request.id]} expectations" if users[request.id] > 1 else ""
        yield f"  {state:<8}  {printable(request.label)}{paint(shared, DIM)}"


def _users(expectations: Sequence[Expectation], requests: dict[str, Request]) -> Counter[str]:
    """How many expectations need each request, directly or not."""
    users: Counter[str] = Counter()
    for expectation in expectations:
        closure: set[str] = set()
        waiting = list(expectation.needs)
        while waiting:
            each = waiting.pop()
            if each not in closure:
                closure.add(each)
                waiting += requests[each].needs
        users.update(closure)
    return users
