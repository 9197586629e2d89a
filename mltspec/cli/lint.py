"""`mltspec lint`: find mistakes in specs without running anything."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Literal

import click

from mltspec import __version__
from mltspec.cli import specs
from mltspec.cli.color import Mode, color_option, wants_color
from mltspec.cli.exits import Exit
from mltspec.compile.specs import find_specs, lint_specs
from mltspec.language.render import as_json
from mltspec.report.paint import counted


@click.command(epilog="\b\nExamples:\n  mltspec lint\n  mltspec lint specs/delay.mlt --format json\n")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How findings are written.")
@click.option("--strict", is_flag=True, help="Warnings end with exit code 3 as well.")
@color_option
@click.pass_context
def command(
    ctx: click.Context, /, paths: tuple[Path, ...], form: Literal["text", "json"], strict: bool, color: Mode
) -> None:
    """Find mistakes in specs: by default in every spec below the current folder.

    Nothing is executed, imported or written. Exit code 3 says that there are errors.
    """
    files = find_specs(paths or (Path(),))
    if not files:
        print("no .mlt file found", file=sys.stderr)
        ctx.exit(Exit.NOTHING_RAN)
    found = lint_specs(files)
    if form == "json":
        report = {"version": __version__, "files": len(files), "diagnostics": [as_json(each) for each in found]}
        print(json.dumps(report, indent=2))
    else:
        specs.show(found, sys.stdout, wants_color(color, sys.stdout))
        print(f"{counted(len(files), 'file')}, {specs.tally(found)}")
    ctx.exit(Exit.SPEC if specs.has_errors(found, strict) else Exit.HELD)
