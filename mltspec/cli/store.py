"""`mltspec store`: look after the folder that keeps evidence between runs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import click

from mltspec.checks.wording import plural
from mltspec.cli.exits import Exit
from mltspec.cli.options import store_option
from mltspec.engine.store import Store
from mltspec.engine.upkeep import collect, contents, damages
from mltspec.language.quantity import Amount, Dimension, parse_amount
from mltspec.language.render import printable


@click.group(
    epilog="\b\nExamples:\n  mltspec store stats\n  mltspec store verify --repair\n"
    "  mltspec store gc --older-than 30d --at-most 5GB\n"
)
def command() -> None:
    """Look after the evidence that runs have kept: how much there is, whether it is sound, what may go.

    Removing evidence loses no verdict that could not be had again: a run gathers what it lacks.
    """


def _of(dimension: Dimension, example: str) -> Callable[[click.Context, click.Parameter, str | None], Amount | None]:
    """Return what reads an option's text as a quantity of a dimension, written as in a spec."""

    def read(ctx: click.Context, param: click.Parameter, text: str | None) -> Amount | None:
        if text is None:
            return None
        try:
            amount = parse_amount(re.sub(r"\s+", " ", text))
        except ValueError as problem:
            raise click.BadParameter(f"{problem}; for example `{example}`") from problem
        if amount.dimension is not dimension:
            raise click.BadParameter(f"`{text}` is not a {dimension}; for example `{example}`")
        return amount

    return read


@command.command()
@store_option
def stats(store: Path) -> None:
    """Show what the store holds, by kind of evidence."""
    found = contents(_opened(store))
    kinds: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0])
    for piece in found.pieces:
        kinds[piece.kind][0] += 1
        kinds[piece.kind][1] += piece.seconds
        kinds[piece.kind][2] += piece.size_bytes + sum(
            found.objects[digest].stat().st_size for digest in piece.objects if digest in found.objects
        )
    width = max((len(kind) for kind in kinds), default=0)
    for kind, (count, seconds, size) in sorted(kinds.items(), key=lambda each: -each[1][2]):
        shown = printable(kind).ljust(width)
        print(f"{shown}  {plural(int(count), 'piece'):>10}  {_size(size):>9}  took {seconds:.0f} s")
    loose = found.objects.keys() - found.named
    print(f"{plural(len(found.pieces), 'piece')} and {plural(len(found.objects), 'file')}: {_size(found.size_bytes())}")
    if loose:
        print(f"{plural(len(loose), 'file')} belong to no piece any more; `mltspec store gc` removes them")


@command.command()
@click.option("--repair", is_flag=True, help="Remove what is damaged, so that the next run gathers it again.")
@store_option
@click.pass_context
def verify(ctx: click.Context, store: Path, repair: bool) -> None:
    """Read every file and tell of each that is not what was written. Exit code 1 if there is one that stays."""
    opened = _opened(store)
    bad = list(damages(opened))
    for each in bad:
        print(f"{printable(str(each.file.relative_to(opened.folder)))}: {each.what}")
        if repair:
            each.file.unlink(missing_ok=True)
    if not bad:
        print("every file is what was written")
    elif repair:
        print(f"removed {plural(len(bad), 'file')}; the next run gathers again what it needs")
    else:
        print(f"{plural(len(bad), 'file')} damaged; `mltspec store verify --repair` removes them")
    ctx.exit(Exit.FAILED if bad and not repair else Exit.HELD)


@command.command()
@click.option(
    "--older-than", metavar="TIME", callback=_of(Dimension.TIME, "30d"), help="Remove what was not used for so long."
)
@click.option(
    "--at-most",
    metavar="SIZE",
    callback=_of(Dimension.SIZE, "5GB"),
    help="Then remove what was used longest ago, until so much is left.",
)
@store_option
def gc(store: Path, older_than: Amount | None, at_most: Amount | None) -> None:
    """Remove evidence that is damaged, old or too much, and files that belong to none.

    What was used within the last hour stays: a run may be at work with it.
    """
    freed = collect(
        _opened(store),
        None if older_than is None else float(older_than.base),
        None if at_most is None else int(at_most.base),
    )
    print(
        f"removed {plural(freed.entries, 'piece')} and {plural(freed.objects, 'file')}: {_size(freed.size_bytes)} freed"
    )


def _opened(folder: Path) -> Store:
    if not folder.is_dir():
        raise click.UsageError(
            f"there is no store at `{folder}`; `mltspec run` makes one, or name another with `--store`"
        )
    return Store(folder, read_only=True)


def _size(size_bytes: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size_bytes < 1000 or unit == "GB":
            return f"{size_bytes:.0f} {unit}" if unit == "B" else f"{size_bytes:.1f} {unit}"
        size_bytes /= 1000
    raise AssertionError
