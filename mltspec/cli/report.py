"""`mltspec report`: what a run said, in another form; the parts of a sharded run as one; the history of a watch."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

from mltspec.cli.exits import OF_RUN, Exit
from mltspec.cli.options import FORM_OPTIONS, forms_of, store_option
from mltspec.cli.writing import in_actions, refuse_unwritable, tell_actions, write_forms
from mltspec.report.json_report import RunReport, read
from mltspec.report.merging import Overlap, merged
from mltspec.report.outcome import Overall
from mltspec.report.paint import counted

F = TypeVar("F", bound=Callable[..., Any])
_RUNS = click.argument(
    "runs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="RUN.json..."
)


class Reports(click.Group):
    """A group in which ``--history`` is another way to write ``history``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        return super().parse_args(ctx, ["history" if each == "--history" else each for each in args])


@click.group("report", cls=Reports, subcommand_metavar="convert|merge|history ...")
def command() -> None:
    """Work with the JSON reports of runs (`mltspec run --json RUN.json`), and with the history of `mltspec watch`."""


def _writing(function: F) -> F:
    return reduce(lambda inner, option: option(inner), reversed((_RUNS, *FORM_OPTIONS)), function)


@command.command(epilog="\b\nExamples:\n  mltspec report convert run.json --html run.html --sarif run.sarif\n")
@_writing
@click.pass_context
def convert(ctx: click.Context, /, runs: tuple[Path, ...], **typed: Any) -> None:
    """Write a run's report in other forms; of several runs, that of all together. Exit code 0 says it is written."""
    forms = forms_of(typed)
    if not forms:
        raise click.UsageError("name at least one form to write, for example `--html run.html`")
    _write(runs, forms)
    for file in forms.values():
        print(f"wrote {file}", file=sys.stderr)
    ctx.exit(Exit.HELD)


@command.command(epilog="\b\nExamples:\n  mltspec report merge shard-*.json --json run.json --junit run.xml\n")
@_writing
@click.pass_context
def merge(ctx: click.Context, /, runs: tuple[Path, ...], **typed: Any) -> None:
    """Merge the parts of a sharded run, and end with the exit code that the whole run would have had.

    A part that is missing is not noticed: let the job that merges depend on every shard.
    """
    run = _write(runs, forms_of(typed))
    if in_actions():
        tell_actions(run)
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in run.counts.items()) or "no expectation judged"
    print(f"{run.verdict.upper()}: {counts}, from {counted(len(runs), 'report')}")
    ctx.exit(Exit.INTERRUPTED if run.verdict is Overall.INTERRUPTED else OF_RUN[run.verdict])


@command.command(epilog="\b\nExamples:\n  mltspec report --history\n  mltspec report history --html history.html\n")
@store_option
@click.option("--last", type=click.IntRange(min=1), default=100, show_default=True, help="How many runs.")
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page with a line for each value."
)
@click.pass_context
def history(ctx: click.Context, /, store: Path, last: int, html: Path | None) -> None:
    """Show the runs of `mltspec watch`, and each expectation over them. Exit code 0 says that it is shown."""
    from mltspec.report.history import History, HistoryError
    from mltspec.report.trends import lines

    try:
        kept = History(store, create=False)
        kept.settle()
        runs = kept.runs(last)
        trends = kept.trends(runs)
        kept.close()
    except HistoryError as problem:
        raise click.UsageError(str(problem)) from problem
    for line in lines(runs, trends):
        print(line)
    if html is not None:
        from mltspec.report.html.history import to_text
        from mltspec.report.writing import write_whole

        write_whole(html, to_text(runs, trends))
        print(f"wrote {html}", file=sys.stderr)
    ctx.exit(Exit.HELD)


def _write(files: tuple[Path, ...], forms: dict[str, Path]) -> RunReport:
    refuse_unwritable(forms)
    try:
        run = merged([read_report(file) for file in files])
    except Overlap as problem:
        raise click.UsageError(str(problem)) from problem
    write_forms(run, forms)
    return run


def read_report(file: Path) -> RunReport:
    """Read a JSON report.

    Raises:
        click.UsageError: it cannot be read, or is none.
    """
    try:
        return read(file.read_bytes())
    except (OSError, ValueError) as problem:
        raise click.UsageError(f"`{file}`: {problem}") from problem
