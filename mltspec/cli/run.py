"""`mltspec run`: judge expectations, and gather what is needed for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

from mltspec.cli import specs
from mltspec.cli.color import Mode, color_option, wants_color
from mltspec.cli.exits import OF_RUN, Exit
from mltspec.cli.options import FORM_OPTIONS, choosing, forms_of, store_option
from mltspec.cli.selection import Selection, read_shard, select, trimmed
from mltspec.cli.targets import Target, bare_id, files_of, read_targets
from mltspec.cli.times import limit
from mltspec.cli.writing import in_actions, refuse_unwritable, tell_actions, write_forms
from mltspec.compile.specs import Compiled
from mltspec.engine.settings import Isolation, Settings, cores
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.render import as_json
from mltspec.plan.plan import Expectation, Plan
from mltspec.report.account import Account

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Options:
    """What was typed after `mltspec run`."""

    paths: tuple[str, ...]
    tag: str | None
    text: str | None
    last_failed: bool
    failed_first: bool
    first_failure: bool
    maxfail: int | None
    workers: int | None
    shard: str | None
    replay: str | None
    profile: str | None
    seed: int | None
    fresh: bool
    store: Path
    isolation: Isolation
    timeout: float | None
    today: date
    forms: Mapping[str, Path]
    color: Mode
    quiet: bool
    verbose: bool

    @property
    def most_failures(self) -> int | None:
        """The number of failures that ends the run."""
        return 1 if self.first_failure else self.maxfail

    @property
    def verbosity(self) -> int:
        """-1, 0 or 1."""
        return self.verbose - self.quiet


def day(ctx: click.Context, param: click.Parameter, value: str | None) -> date:
    """Read a day; today where none is given."""
    try:
        return date.fromisoformat(value) if value else date.today()
    except ValueError as problem:
        raise click.BadParameter(f"`{value}` is no date; write it as 2027-01-31") from problem


RUNNING = (
    click.option("-n", "workers", type=click.IntRange(min=1), metavar="N", help="Children at once. [default: cores]"),
    click.option("--fresh", is_flag=True, help="Gather everything again, whatever the store has."),
    store_option,
    click.option(
        "--isolation", type=click.Choice(["auto", "fork", "spawn"]), default="auto", help="How children start."
    ),
    click.option("--today", callback=day, hidden=True, help="The day that expiry dates are held against."),
    *FORM_OPTIONS,
    color_option,
    click.option("-q", "--quiet", is_flag=True, help="Only what did not hold, and the sum."),
    click.option("-v", "--verbose", is_flag=True, help="Also why what held did, and what is gathered."),
)


def running(function: F) -> F:
    """Add the options of every verb that gathers evidence."""
    return reduce(lambda inner, option: option(inner), reversed(RUNNING), function)


@click.command(epilog="\b\nExamples:\n  mltspec run specs/delay.mlt --profile release\n  mltspec run --lf -x\n")
@choosing
@running
@click.option("--lf", "last_failed", is_flag=True, help="Only what did not hold last time; all where everything did.")
@click.option("--ff", "failed_first", is_flag=True, help="What did not hold last time comes first.")
@click.option("-x", "first_failure", is_flag=True, help="Stop at the first failure.")
@click.option("--maxfail", type=click.IntRange(min=1), metavar="N", help="Stop after N failures.")
@click.option("--shard", metavar="I/N", help="The Ith of N parts of what is selected.")
@click.option("--replay", metavar="ID", help="Only the counterexample of that id, on the claims that it broke.")
@click.option("--timeout", callback=limit, metavar="TIME", help="Limit of each measurement: `90s`, `10 min`.")
@click.pass_context
def command(ctx: click.Context, /, **typed: Any) -> None:
    """Judge the expectations of specs (by default every spec below `specs`, else here).

    Evidence that the store has is not gathered again. Exit code 0 says that all held; see `mltspec --help`.
    """
    ctx.exit(run(Options(forms=forms_of(typed), **typed)))


def run(options: Options) -> Exit:
    """Run, report, and return the exit code."""
    targets = tuple(read_targets(options.paths))
    compiled = specs.compiled(files_of(targets), options.profile, options.seed)
    return run_compiled(compiled, options, targets, reproducer(options, targets))


def run_compiled(
    compiled: Compiled, options: Options, targets: tuple[Target, ...], reproduce: Callable[[Expectation], str]
) -> Exit:
    """Select from a compiled spec, run, report, and return the exit code."""
    refuse_unwritable(options.forms)
    shard = read_shard(options.shard)
    specs.show(compiled.diagnostics, sys.stderr, wants_color(options.color, sys.stderr))
    account = Account(options.most_failures, tuple(map(as_json, compiled.diagnostics)))
    if not compiled.sound:
        return _refused(account, compiled.diagnostics, options)
    last = _last(options.store) if options.last_failed or options.failed_first else {}
    selection = Selection(targets, options.tag, options.text, options.last_failed, options.failed_first, shard)
    expectations = select(selection, compiled.plan, last)
    whole = compiled.plan
    if options.replay is not None:
        from mltspec.cli.replaying import replayed

        whole, expectations = replayed(whole, expectations, options.replay, options.store)
    if not expectations:
        _say(f"nothing to run: none of {len(compiled.plan.expectations):,} expectations is selected")
        return _finish(account, options)
    plan = trimmed(whole, expectations, options.timeout)
    return _execute(plan, _settings(options, reproduce), account, options)


def _refused(account: Account, diagnostics: tuple[Diagnostic, ...], options: Options) -> Exit:
    _say(f"{specs.tally(diagnostics)}; nothing was run")
    return _finish(account, options)


def _execute(plan: Plan, settings: Settings, account: Account, options: Options) -> Exit:
    from mltspec.checks.registry import BY_NAME, KINDS
    from mltspec.cli.drills import put_right
    from mltspec.cli.framework import advice
    from mltspec.cli.known import known
    from mltspec.cli.reporting import reporting
    from mltspec.cli.start import settle
    from mltspec.engine.run import run as run_plan
    from mltspec.engine.store import StoreError

    missing = advice()
    if missing and len(known(plan, settings)) < len(plan.requests):
        _say(missing)
        return Exit.NOT_JUDGED
    ids = tuple(each.id for each in plan.expectations)
    settle()
    put_right(settings.store, _say)
    try:
        with reporting(account, ids, options.verbosity, wants_color(options.color, sys.stdout)) as tell:
            outcome = run_plan(plan, settings, BY_NAME, KINDS, tell)
    except StoreError as problem:
        _say(str(problem))
        _finish(account, options)
        return Exit.NOT_JUDGED
    put_right(settings.store, _say)  # a child that was killed, or ran out of time, could not do it itself
    code = _finish(account, options)
    return Exit.INTERRUPTED if outcome.interrupted else code


def _finish(account: Account, options: Options) -> Exit:
    """Write the reports that were asked for, also of a run that was cut short."""
    if options.forms or in_actions():
        from mltspec.report import json_report

        record = json_report.report(account)
        write_forms(record, options.forms)
        if in_actions():
            tell_actions(record)
    return OF_RUN[account.overall]


def _settings(options: Options, reproduce: Callable[[Expectation], str]) -> Settings:
    return Settings(
        workers=options.workers or cores(),
        store=options.store,
        fresh=options.fresh,
        isolation=options.isolation,
        maxfail=options.most_failures,
        today=options.today,
        reproduce=reproduce,
    )


def reproducer(options: Options, targets: tuple[Target, ...]) -> Callable[[Expectation], str]:
    """Return what gives the command that judges one expectation again, under the same settings."""
    import shlex

    files = {str(file) for file in files_of(targets)}
    first = targets[0]
    elsewhere = str(first.files[0]) if len(first.files) == 1 else first.given.partition("::")[0]
    extra = ["--profile", options.profile] if options.profile else []
    extra += ["-n", str(options.workers)] if options.workers else []
    extra += ["--store", str(options.store)] if str(options.store) != ".mltspec" else []

    def reproduce(expectation: Expectation) -> str:
        file = expectation.at.file if expectation.at.file in files else elsewhere
        where = f"{file}::{bare_id(expectation)}"
        return shlex.join(["mltspec", "run", where, "--seed", str(expectation.seed), *extra])

    return reproduce


def _last(store: Path) -> dict[str, str]:
    from mltspec.engine.store import Store

    return Store(store, read_only=True).last()


def _say(text: str) -> None:
    print(text, file=sys.stderr)
