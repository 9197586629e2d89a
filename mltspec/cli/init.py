"""`mltspec init`: write the spec that `mltspec check` would run, ready to edit."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from mltspec.cli.check import subject
from mltspec.compile.discover import spec_of


@click.command(epilog="\b\nExamples:\n  mltspec init train.py\n  mltspec init flights.model -o specs/flights.mlt\n")
@click.argument("module")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write it; `-` prints it."
)
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
def command(module: str, output: Path | None, force: bool) -> None:
    """Write a spec for a Python module (a .py file or a dotted name) that follows the conventional names."""
    found = subject(module)
    target = output or found.spec_path
    if str(target) == "-":
        click.echo(spec_of(found), nl=False)
        return
    if target.exists() and not force:
        raise click.UsageError(f"`{target}` is there already; give another name with -o, or --force")
    try:
        target.write_text(spec_of(found), encoding="utf-8")
    except OSError as problem:
        raise click.UsageError(f"cannot write `{target}`: {problem.strerror}") from problem
    shown = shlex.quote(os.path.relpath(target)) if target.resolve().is_relative_to(Path.cwd()) else str(target)
    click.echo(f"wrote {shown}; run it with `mltspec run {shown}`")
