"""`mltspec score`: the ML Test Score of the infrastructure section, from runs on record."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mltspec.cli.exits import Exit
from mltspec.cli.times import limit
from mltspec.cli.writing import refuse_unwritable
from mltspec.language.render import printable
from mltspec.report.score import Record, Score, badge, recorded, score
from mltspec.report.writing import write_whole

if TYPE_CHECKING:
    from mltspec.compile.names import Attested

RIGHT = 4


@click.command(
    epilog="\b\nExamples:\n  mltspec score nightly/*.json\n  mltspec score run.json specs    counts attestations, too\n"
    "  mltspec score run.json --badge score.svg\n"
)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="RUN.json... [SPECS]..."
)
@click.option("--within", callback=limit, default="30d", show_default=True, help="How old a record may be.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--badge", "image", type=click.Path(path_type=Path), metavar="FILE", help="Write an SVG badge.")
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[Path, ...], within: float, as_json: bool, image: Path | None) -> None:
    """Score the infrastructure tests by the JSON reports of runs (`mltspec run --json RUN.json`).

    A test earns a point where an expectation of its kind passed in a report that is young enough, and half a point
    where SPECS attest that it was done by hand in the last half year. What is missing is told with a line of spec that
    would earn it. Exit code 0 says that the score was counted, whatever it is.
    """
    if image is not None:
        refuse_unwritable({"badge": image})
    runs = [_read(path) for path in paths if path.suffix == ".json"]
    found = score(runs, timedelta(seconds=within), attested=_attested(ctx, [p for p in paths if p.suffix != ".json"]))
    if image is not None:
        write_whole(image, badge(found))
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    else:
        for line in _lines(found):
            print(line)
    ctx.exit(Exit.HELD)


def _attested(ctx: click.Context, paths: list[Path]) -> tuple[Attested, ...]:
    if not paths:
        return ()
    from mltspec.cli import specs
    from mltspec.cli.attested import attestations
    from mltspec.cli.color import wants_color
    from mltspec.compile.files import find_specs

    found, diagnostics = attestations(find_specs(paths))
    if specs.has_errors(diagnostics):
        specs.show(diagnostics, sys.stderr, wants_color("auto", sys.stderr))
        ctx.exit(Exit.SPEC)
    return found


def _read(file: Path) -> Record:
    try:
        return recorded(file.read_bytes())
    except OSError as problem:
        raise click.UsageError(f"cannot read `{file}`: {problem.strerror}") from problem
    except ValueError as problem:
        raise click.UsageError(f"`{file}` is {problem}") from problem


def _lines(found: Score) -> Iterator[str]:
    yield f"infrastructure: {found.points:g} of {found.of} points, from records of the last {found.oldest_days:g} days"
    yield ""
    for each in found.tests:
        yield f"{each.points:>{RIGHT}g}  {each.test} {each.title}"
        if each.earned_by:
            yield f"      passed on {each.on}: {printable(each.earned_by)}"
        if each.attested:
            yield f"      attested {printable(each.attested)}"
        if each.earns:
            yield f"      {'the other half' if each.attested else 'missing; would earn it'}: {each.earns}"
        for text in each.failing:
            yield f"      but: {printable(text)}"
    yield ""
    if found.ignored:
        yield f"note: {found.ignored} of the reports are too old, of the future, or say no time"
    yield from (f"note: not counted: {printable(text)}" for text in found.refused)
    yield f"note: {found.remark}"
    told = ", ".join(
        f"{name.replace('_', ' ')} {points:g}" for name, points in found.sections.items() if points is not None
    )
    unknown = [name for name, points in found.sections.items() if points is None]
    if found.final is not None:
        yield f"final score: {found.final:g}, of infrastructure {found.points:g}, {told}"
    else:
        yield f"      not attested: {', '.join(unknown)}{f'; attested: {told}' if told else ''}"
