"""`mltspec calibrate`: train from several seeds, and propose bounds that a sound run seldom misses."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mltspec.checks.wording import number, share
from mltspec.cli import specs
from mltspec.cli.chosen import chosen
from mltspec.cli.color import Mode, color_option, wants_color
from mltspec.cli.exits import Exit
from mltspec.cli.options import choosing, store_option
from mltspec.cli.targets import files_of, read_targets
from mltspec.language.render import printable
from mltspec.report.paint import BOLD, DIM, Paint, counted

if TYPE_CHECKING:
    from mltspec.cli.calibrating import Calibrated
    from mltspec.engine.settings import Settings
    from mltspec.evidence.kind import Evidence
    from mltspec.plan.plan import Expectation, Plan
    from mltspec.statistics.prediction import Spread

COARSE = 5
"""Rounding a bound costs less than this part of what a run scatters."""

ALIKE = 1e-12
"""Runs that differ by less, as a share, are said not to differ: the order of additions can do that."""


def rate(ctx: click.Context, param: click.Parameter, value: str) -> float:
    """Read a chance as it is written in a spec: `1%`, `0.05`."""
    from mltspec.language.quantity import Dimension, parse_amount

    try:
        amount = parse_amount(value)
    except ValueError:
        amount = None
    if amount is None or amount.dimension not in (Dimension.RATIO, Dimension.NUMBER) or not 0 < amount.base < 0.5:
        raise click.BadParameter(f"`{value}` is no such chance; write one below a half, for example `1%`")
    return float(amount.base)


@click.command(
    epilog="\b\nExamples:\n  mltspec calibrate specs/delay.mlt\n"
    "  mltspec calibrate specs/delay.mlt -k auc --seeds 12 --false-alarms 0.5%\n"
    "  mltspec calibrate specs/delay.mlt:20 --new-rows --write\n"
)
@choosing
@click.option(
    "--seeds", type=click.IntRange(min=3), default=8, show_default=True, metavar="K", help="Train from so many seeds."
)
@click.option(
    "--false-alarms",
    callback=rate,
    default="1%",
    show_default=True,
    metavar="RATE",
    help="How often a model that is as good as these may miss a bound.",
)
@click.option("--new-rows", is_flag=True, help="The next run is measured on other rows of the same kind.")
@click.option("--write", is_flag=True, help="Make the edits. Without it, they are shown.")
@click.option("-n", "workers", type=click.IntRange(min=1), metavar="N", help="Children at once. [default: cores]")
@store_option
@click.option("--json", type=click.Path(path_type=Path), metavar="FILE", help="Write what was found as JSON.")
@color_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    seeds: int,
    false_alarms: float,
    new_rows: bool,
    write: bool,
    workers: int | None,
    store: Path,
    json: Path | None,
    color: Mode,
    **typed: Any,
) -> None:
    """Train from several seeds, show how far metrics scatter, and propose bounds to suit.

    For each bound on a metric, on its distance from a baseline, or on the calibration error, it says how often today's
    bound would fail a model that is as good as these, and which bound would do so at the rate that is wanted. A bound
    says what is needed: look at each edit, and keep those that have a better reason.
    """
    from mltspec.engine.settings import Settings, cores

    found = chosen(**typed)
    specs.show(found.diagnostics, sys.stderr, wants_color(color, sys.stderr))
    if specs.has_errors(found.diagnostics):
        ctx.exit(Exit.SPEC)
    _refuse_unwritable(json)
    settings = Settings(workers=workers or cores(), store=store)
    wanted, passed_over = _candidates(found.plan, found.expectations)
    if not wanted:
        print("nothing to calibrate: no bound that runs of other seeds would set is selected", file=sys.stderr)
        ctx.exit(Exit.NOTHING_RAN)
    rows = list(_calibrated(found.plan, wanted, seeds, false_alarms, new_rows, settings))
    for line in _lines(rows, false_alarms, Paint(wants_color(color, sys.stdout))):
        print(line)
    if passed_over:
        print(f"{counted(passed_over, 'other expectation')} left alone: training from other seeds sets no bound there")
    _edit(rows, files_of(read_targets(typed["paths"])), write, wants_color(color, sys.stdout))
    if json is not None:
        _write_json(json, rows, false_alarms)
    ctx.exit(Exit.HELD if any(row.spread for row in rows) else Exit.NOT_JUDGED)


@dataclass(frozen=True)
class Row:
    """One bound: what runs showed, and what is proposed; ``why_not`` says why nothing is."""

    expectation: Expectation
    what: str
    written: str
    values: tuple[float, ...] = ()
    spread: Spread | None = None
    missed: float = 0.0
    proposed: str = ""
    why_not: str = ""


def _refuse_unwritable(file: Path | None) -> None:
    from mltspec.report.writing import obstacle

    trouble = obstacle(file) if file else ""
    if trouble:
        raise click.UsageError(f"cannot write `{file}`: {trouble}")


def _candidates(plan: Plan, expectations: Sequence[Expectation]) -> tuple[list[tuple[Expectation, Calibrated]], int]:
    """Return what can be calibrated, and how many expectations cannot; says why of those with a bound."""
    from mltspec.cli.calibrating import NoBound, calibrated, has_bound

    requests = {request.id: request for request in plan.requests}
    found = []
    for expectation in expectations:
        try:
            found.append((expectation, calibrated(expectation, requests)))
        except NoBound as none:
            if has_bound(expectation):
                print(printable(f"{expectation.id} is left alone: {none}"), file=sys.stderr)
    return found, sum(not has_bound(each) for each in expectations)


def _calibrated(
    plan: Plan,
    wanted: Sequence[tuple[Expectation, Calibrated]],
    seeds: int,
    false_alarms: float,
    new_rows: bool,
    settings: Settings,
) -> Iterator[Row]:
    """Train and measure, then propose."""
    from mltspec.cli.calibrating import first_seed, of_seed
    from mltspec.cli.gather import gather, plan_of
    from mltspec.cli.known import answers

    requests = {request.id: request for request in plan.requests}
    asked: dict[tuple[str, ...], list[tuple[Expectation, Calibrated]]] = {}
    for expectation, each in wanted:
        asked.setdefault(requests[expectation.needs[0]].roots, []).append((expectation, each))
    for roots, here in asked.items():
        asks = [of_seed(each.ask, first_seed(each.ask) + at) for _, each in here for at in range(seeds)]
        gathering, ids = plan_of(asks, tuple(map(Path, roots)))
        gather(gathering, settings)
        evidence = answers(gathering, settings).evidence
        for at, (expectation, each) in enumerate(here):
            seen = [evidence[id] for id in ids[at * seeds : (at + 1) * seeds]]
            yield _row(expectation, each, seen, false_alarms, new_rows)


def _row(
    expectation: Expectation, each: Calibrated, seen: Sequence[Evidence], false_alarms: float, new_rows: bool
) -> Row:
    from mltspec.cli.calibrating import NoBound
    from mltspec.statistics.prediction import Spread

    written = each.written.text
    try:
        runs = [each.decided(one) for one in seen]
    except NoBound as none:
        return Row(expectation, each.what, written, why_not=str(none))
    values = tuple(run.value for run in runs)
    error = max(run.error for run in runs) if new_rows else 0.0
    spread = Spread.of(values, error)
    missed = spread.missed(each.limit(seen[0]), each.more)
    if spread.reach <= ALIKE * max(1.0, abs(spread.mean)):
        same = "all seeds give the same value, so no bound short of it is ever missed by chance"
        return Row(expectation, each.what, written, values, spread, missed, why_not=same)
    limit = spread.bound(false_alarms, each.more)
    least, most = each.ends(seen[0])
    if not least < limit < most:
        wide = f"runs scatter so far that a bound would have to be {number(limit)}, which says nothing; train longer"
        return Row(expectation, each.what, written, values, spread, missed, why_not=wide)
    text = each.text(limit, spread.reach / COARSE, seen[0])
    return Row(expectation, each.what, written, values, spread, missed, text)


def _lines(rows: Sequence[Row], false_alarms: float, paint: Paint) -> Iterator[str]:
    for row in rows:
        at = row.expectation.at
        yield paint(printable(f"{row.expectation.text}"), BOLD) + paint(printable(f"  {at.file}:{at.line}"), DIM)
        if row.spread is not None:
            count, mean, deviation = row.spread.count, number(row.spread.mean), number(row.spread.deviation)
            between = f"{number(min(row.values))} to {number(max(row.values))}"
            yield f"  {row.what} over {count} seeds: {between}, mean {mean}, standard deviation {deviation}"
            rows_error = row.spread.rows_error
            if rows_error:
                yield f"  other rows move it by a standard error of {number(rows_error)}"
            yield f"  `{row.written}` fails a model as good as these in {_chance(row.missed)} of runs"
        if row.why_not:
            yield f"  nothing is proposed: {printable(row.why_not)}"
        elif row.proposed == row.written:
            yield f"  that is what a false-alarm rate of {share(false_alarms)} asks for already"
        else:
            yield f"  `{row.proposed}` would in {share(false_alarms)}"
        yield ""
    counts = [row.spread.count for row in rows if row.spread is not None]
    if counts and false_alarms < 1 / (min(counts) + 1):
        yield f"{min(counts)} runs alone show no rate below {share(1 / (min(counts) + 1))}: beyond, values are taken"
        yield "to scatter normally. More seeds (`--seeds`) lean less on that."


def _chance(chance: float) -> str:
    return f"{chance:.1%}" if chance >= 0.0005 else "less than 0.1%"


def _edit(rows: Sequence[Row], files: Sequence[Path], write: bool, color: bool) -> None:
    """Show the edits, or make them; packs that specs use are left as they are."""
    from mltspec.cli.bound_edits import edited
    from mltspec.cli.patch import show_diff

    wanted = [row for row in rows if row.proposed and row.proposed != row.written]
    mine = {str(file): file for file in files}
    changed = 0
    for name in dict.fromkeys(row.expectation.at.file for row in wanted):
        here = [(row.expectation, row.written, row.proposed) for row in wanted if row.expectation.at.file == name]
        if name not in mine:
            print(printable(f"{name} is a pack that a spec uses; nothing is edited there"), file=sys.stderr)
            continue
        before, after, obstacles = edited(mine[name], here)
        for obstacle in obstacles:
            print(printable(obstacle), file=sys.stderr)
        if after != before:
            changed += 1
            show_diff(name, before, after, sys.stdout, color)
            if write:
                _write(mine[name], after)
    if changed:
        print("\nwritten" if write else "\nnothing was written; `--write` makes these edits")


def _write(file: Path, text: str) -> None:
    from mltspec.report.writing import write_whole

    try:
        write_whole(file, text)
    except OSError as problem:
        raise click.FileError(str(file), problem.strerror) from problem


def _write_json(file: Path, rows: Sequence[Row], false_alarms: float) -> None:
    from mltspec.report.writing import write_whole

    found: list[Mapping[str, Any]] = [
        {
            "id": row.expectation.id,
            "file": row.expectation.at.file,
            "line": row.expectation.at.line,
            "decided_by": row.what,
            "values": row.values,
            "written": row.written,
            "missed": row.missed if row.spread else None,
            "proposed": row.proposed or None,
            "why_not": row.why_not or None,
        }
        for row in rows
    ]
    write_whole(file, json.dumps({"false_alarms": false_alarms, "bounds": found}, indent=2) + "\n")
