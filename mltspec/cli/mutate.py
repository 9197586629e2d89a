"""`mltspec mutate`: put known faults into the subject, and see which expectation catches each."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mltspec.cli import specs
from mltspec.cli.color import Mode, color_option, wants_color
from mltspec.cli.exits import Exit
from mltspec.cli.options import choosing, store_option
from mltspec.cli.selection import Selection, select, trimmed
from mltspec.cli.targets import files_of, read_targets
from mltspec.cli.times import limit
from mltspec.compile.specs import Compiled, compile_specs
from mltspec.engine.settings import Isolation, Settings, cores
from mltspec.evidence.faults import BY_NAME, FAULTS
from mltspec.language.suggest import closest
from mltspec.plan.events import Event, GatheringEnded, Judged, RunStarted
from mltspec.plan.plan import Expectation, Plan
from mltspec.plan.verdict import Judgement, Verdict
from mltspec.report.mutants import Fate, MutantRow, MutationReport, Witness, line, row, sections, witness
from mltspec.report.outcome import decides
from mltspec.report.paint import Paint, counted, duration
from mltspec.report.writing import obstacle, write_whole

if TYPE_CHECKING:
    from mltspec.cli.reporting import Tell
    from mltspec.compile.mutation import Mutant

STORE = "mutants"
"""The folder in the store that keeps what is gathered with a fault, away from all that is true of the subject."""


@dataclass(frozen=True)
class Options:
    """What was typed after `mltspec mutate`."""

    paths: tuple[str, ...]
    tag: str | None
    text: str | None
    profile: str | None
    seed: int | None
    names: tuple[str, ...]
    whole: bool
    workers: int | None
    fresh: bool
    store: Path
    isolation: Isolation
    timeout: float | None
    json: Path | None
    color: Mode
    quiet: bool


def faults(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Check the names of faults."""
    for name in value:
        if name not in BY_NAME:
            near = closest(name, BY_NAME)
            hint = f"did you mean `{near[0]}`?" if near else f"faults: {', '.join(BY_NAME)}"
            raise click.BadParameter(f"there is no fault `{name}`; {hint}")
    return value


def listing(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    """Print the faults, and end."""
    if value:
        for fault in FAULTS:
            click.echo(f"{fault.name:<24}{fault.says}; seen by {', '.join(fault.seen_by)}")
        ctx.exit()


@click.command(
    epilog="\b\nExamples:\n  mltspec mutate specs/digits.mlt\n  mltspec mutate train.py -m learning-rate-zero\n"
    "  mltspec mutate specs --tag commit --json mutants.json\n"
)
@choosing
@click.option("-m", "names", multiple=True, callback=faults, metavar="FAULT", help="Only this fault; may be repeated.")
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=listing, help="List the faults.")
@click.option(
    "--all", "whole", is_flag=True, help="Judge every expectation with every fault, not only until one fails."
)
@click.option("-n", "workers", type=click.IntRange(min=1), metavar="N", help="Children at once. [default: cores]")
@click.option("--fresh", is_flag=True, help="Gather everything again, whatever the store has.")
@store_option
@click.option("--isolation", type=click.Choice(["auto", "fork", "spawn"]), default="auto", help="How children start.")
@click.option("--timeout", callback=limit, metavar="TIME", help="Limit of each measurement: `90s`, `10 min`.")
@click.option("--json", type=click.Path(path_type=Path), metavar="FILE", help="Write the report as JSON.")
@color_option
@click.option("-q", "--quiet", is_flag=True, help="Only the report at the end.")
@click.pass_context
def command(ctx: click.Context, /, **typed: Any) -> None:
    """Put known faults into the subject of specs, or of a .py file, and say which expectation catches each.

    First the expectations are judged without a fault: those that hold can notice one. Then each fault goes into the
    user's own objects, in the process that gathers evidence; no source is changed, and the evidence is kept apart
    from all that is true of the subject. Exit code 1 says that a fault went unnoticed.
    """
    ctx.exit(mutate(Options(**typed)))


def mutate(options: Options) -> Exit:
    """Judge without faults, then with each; report, and return the exit code."""
    trouble = obstacle(options.json) if options.json else ""
    if trouble:
        raise click.UsageError(f"cannot write `{options.json}`: {trouble}")
    compiled, targets = _compiled(options)
    specs.show(compiled.diagnostics, sys.stderr, wants_color(options.color, sys.stderr))
    if not compiled.sound:
        print(f"{specs.tally(compiled.diagnostics)}; nothing was run", file=sys.stderr)
        return Exit.SPEC
    chosen = select(Selection(targets, options.tag, options.text), compiled.plan, {})
    from mltspec.cli.framework import advice
    from mltspec.engine.store import StoreError

    trouble = advice()
    if trouble or not chosen:
        print(trouble or "nothing to judge: no expectation is selected", file=sys.stderr)
        return Exit.NOT_JUDGED if trouble else Exit.NOTHING_RAN
    try:
        return _Mutating(compiled.plan, chosen, options).go()
    except StoreError as problem:
        print(str(problem), file=sys.stderr)
        return Exit.NOT_JUDGED


def _compiled(options: Options) -> tuple[Compiled, tuple[Any, ...]]:
    if len(options.paths) == 1 and options.paths[0].endswith(".py"):
        from mltspec.cli.check import subject
        from mltspec.compile.discover import spec_of

        found = subject(options.paths[0])
        spec = spec_of(found)
        return compile_specs([found.spec_path], seed=options.seed, shown_as=options.paths[0], text=spec), ()
    targets = tuple(read_targets(options.paths))
    return specs.compiled(files_of(targets), options.profile, options.seed), targets


@dataclass
class _Mutating:
    """The rounds of one run: without faults; with each, on what is made to notice it; what is left, on the rest."""

    plan: Plan
    chosen: Sequence[Expectation]
    options: Options
    began: float = field(default_factory=time.monotonic)
    interrupted: bool = False
    judged: dict[str, Judgement] = field(default_factory=dict)

    def go(self) -> Exit:
        from mltspec.cli.start import settle
        from mltspec.compile.mutation import mutants

        settle()
        paint = Paint(wants_color(self.options.color, sys.stdout))
        wanted = [each for each in self.chosen if decides(each.marks)]
        self._say(f"{counted(len(wanted), 'expectation')} judged without a fault first")
        self._round(trimmed(self.plan, wanted, self.options.timeout), self.options.store, [])
        held = [each for each in wanted if self._verdict(each.id) is Verdict.PASSED]
        silent = [witness(e, self.judged[e.id]) for e in wanted if e.id in self.judged and e not in held]
        chosen = [BY_NAME[name] for name in self.options.names] or list(FAULTS)
        made = [] if self.interrupted else mutants(self.plan, held, chosen)
        self._say(f"{counted(len(held), 'expectation')} held; {counted(len(chosen), 'fault')} to be noticed")
        self._judge(made)
        rows = tuple(self._row(each) for each in made if not self.interrupted or self._is_known(each))
        report = MutationReport(
            mutants=rows, silent=tuple(silent), seconds=time.monotonic() - self.began, interrupted=self.interrupted
        )
        for text in sections(report, paint):
            print(text)
        if self.options.json is not None:
            write_whole(self.options.json, report.model_dump_json(indent=2) + "\n")
        return _exit(report, bool(held))

    def _judge(self, made: Sequence[Mutant]) -> None:
        whole = self.options.whole
        self._faulty({m: (*m.made_for_it, *(m.others if whole else ())) for m in made})
        self._faulty({m: m.others for m in made if self._row(m).fate in {Fate.SURVIVED, Fate.STOPPED}})

    def _faulty(self, wanted: dict[Mutant, Sequence[Expectation]]) -> None:
        """Judge expectations with faults, as far as they have not been yet."""
        open_ = {m: [e for e in each if e.id not in self.judged] for m, each in wanted.items()}
        open_ = {m: each for m, each in open_.items() if each}
        if self.interrupted or not open_:
            return
        requests = {request.id: request for mutant in open_ for request in mutant.requests}
        expectations = [each for listed in open_.values() for each in listed]
        plan = self.plan.model_copy(update={"requests": tuple(requests.values())})
        self._round(trimmed(plan, expectations, self.options.timeout), self.options.store / STORE, list(open_))

    def _round(self, plan: Plan, store: Path, made: Sequence[Mutant]) -> None:
        from mltspec.checks.registry import BY_NAME as CHECKS
        from mltspec.checks.registry import KINDS
        from mltspec.engine.run import run

        store.parent.mkdir(parents=True, exist_ok=True)
        settings = Settings(
            workers=self.options.workers or cores(),
            store=store,
            fresh=self.options.fresh,
            isolation=self.options.isolation,
            today=date.today(),
        )
        with self._watching(made) as tell:
            self.interrupted |= run(plan, settings, CHECKS, KINDS, tell).interrupted

    @contextmanager
    def _watching(self, made: Sequence[Mutant]) -> Iterator[Tell]:
        pace, color = _Pace(), wants_color(self.options.color, sys.stdout)
        waiting = list(made)

        def take(event: Event, say: Any) -> None:
            pace.take(event)
            if isinstance(event, Judged):
                self.judged[event.expectation.id] = event.judgement
                for mutant in [each for each in waiting if self._is_known(each)]:
                    waiting.remove(mutant)
                    say(line(self._row(mutant), Paint(color), pace.text(len(made) - len(waiting), len(made))))

        if sys.stdout.isatty() and not self.options.quiet:
            from mltspec.report.live import Live

            with Live(sys.stdout, color) as live:

                def tell_live(event: Event) -> None:
                    live.take(event)
                    take(event, live.write)

                yield tell_live
            return
        yield lambda event: take(event, self._say)

    def _is_known(self, mutant: Mutant) -> bool:
        """Tell whether a mutant is caught, or all that could catch it has been judged."""
        everything = [*mutant.made_for_it, *mutant.others]
        return self._row(mutant).fate is Fate.CAUGHT or all(each.id in self.judged for each in everything)

    def _row(self, mutant: Mutant) -> MutantRow:
        return row(mutant.fault, self._witnesses(mutant), mutant.obstacle)

    def _witnesses(self, mutant: Mutant) -> list[Witness]:
        originals = mutant.originals or {}
        everything = [*mutant.made_for_it, *mutant.others]
        return [witness(originals[e.id], self.judged[e.id]) for e in everything if e.id in self.judged]

    def _verdict(self, id: str) -> Verdict | None:
        return self.judged[id].verdict if id in self.judged else None

    def _say(self, text: str) -> None:
        if not self.options.quiet:
            print(text, flush=True)


class _Pace:
    """How far a round is, and how long it will at most take."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._total = self._done = 0

    def take(self, event: Event) -> None:
        """Count measurements."""
        if isinstance(event, RunStarted):
            self._began, self._total = time.monotonic(), event.requests - event.cached
        elif isinstance(event, GatheringEnded) and not event.cached:
            self._done += 1

    def text(self, count: int, total: int) -> str:
        """Return ``  (3 of 9, about 40 s left)``."""
        left = (self._total - self._done) * (time.monotonic() - self._began) / max(1, self._done)
        pace = f", at most {duration(left)} left" if self._done and count < total else ""
        return f"  ({count} of {total}{pace})"


def _exit(report: MutationReport, any_held: bool) -> Exit:
    if report.interrupted:
        return Exit.INTERRUPTED
    if not any_held:
        return Exit.NOT_JUDGED
    if report.count(Fate.SURVIVED):
        return Exit.FAILED
    return Exit.HELD if len(report.mutants) > report.count(Fate.OUT) else Exit.NOTHING_RAN
