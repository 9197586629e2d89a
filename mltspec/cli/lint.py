"""`mltspec lint`: find mistakes in specs without running anything, and mend them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from mltspec.cli.color import Mode, color_option, wants_color
from mltspec.cli.exits import Exit
from mltspec.cli.forms import FORMS, Destination, read_forms, write
from mltspec.cli.specs import has_errors, tally
from mltspec.compile.files import find_specs
from mltspec.language.diagnostic import Severity
from mltspec.lint.linting import Finding
from mltspec.lint.settings import BadSettings, Settings, known, level, settings_of

EPILOG = """
\b
Examples:
  mltspec lint                                     every spec below this folder
  mltspec lint specs/delay.mlt --fix               mend what can be mended safely
  mltspec lint --select claims --ignore style
  mltspec lint --severity unused-let=error
  mltspec lint --format github --format sarif=lint.sarif --format gitlab=quality.json
  mltspec explain never-fails                      what a finding means

\b
A finding is accepted for a time by a remark above it, or at the end of its line:
  # mlt: allow never-fails until 2027-02-01 -- the bound comes with the next delivery
"""


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--select", multiple=True, metavar="RULES", help="Only these rules or groups, parted by commas.")
@click.option("--ignore", multiple=True, metavar="RULES", help="All but these rules or groups.")
@click.option("--severity", multiple=True, metavar="RULE=LEVEL", help="Make a rule an `error`, a `warning` or `info`.")
@click.option("--fix", is_flag=True, help="Make every fix that cannot change what a spec means.")
@click.option("--unsafe-fixes", is_flag=True, help="Make the other fixes too; look at what they did.")
@click.option("--diff", is_flag=True, help="Show what fixes would change, and write nothing.")
@click.option(
    "--format",
    "forms",
    multiple=True,
    metavar="FORM[=FILE]",
    help=f"How findings are written, here or to a file; may be given several times. One of {', '.join(FORMS)}.",
)
@click.option("--show-waived", is_flag=True, help="Show what was waived as well, with the reason.")
@click.option("--strict", is_flag=True, help="Warnings end with exit code 3 as well.")
@click.option("--isolated", is_flag=True, help="Read no mltspec.toml and no pyproject.toml.")
@color_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[str, ...],
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    forms: tuple[str, ...],
    show_waived: bool,
    strict: bool,
    isolated: bool,
    color: Mode,
) -> None:
    """Find mistakes in specs: by default in every spec below the current folder.

    Nothing is executed or imported, and nothing is written but what is asked for. Exit code 3 says that there are
    errors; it does not depend on the form.
    """
    destinations = read_forms(forms)
    if diff and any(each.file is None and each.form != "text" for each in destinations):
        raise click.UsageError("--diff shows a difference, where `--format` would write: name a file, `FORM=FILE`")
    try:
        settings = _settings(select, ignore, severity, isolated)
        files = _files(paths, settings)
        if not files:
            print("no .mlt file found", file=sys.stderr)
            ctx.exit(Exit.NOTHING_RAN)
        if fix or unsafe_fixes or diff:
            from mltspec.cli.mending import mended

            found = mended(files, settings, unsafe=unsafe_fixes, write=not diff)
        else:
            from mltspec.cli.share import lint_all

            found = lint_all(files, settings)
    except BadSettings as problem:
        raise click.UsageError(str(problem)) from problem
    _show(found, destinations, len(files), show_waived, color)
    counting = [each.diagnostic for each in found if each.counts]
    ctx.exit(Exit.SPEC if has_errors(counting, strict) else Exit.HELD)


def _settings(
    select: Sequence[str], ignore: Sequence[str], severity: Sequence[str], isolated: bool
) -> Callable[[Path], Settings]:
    chosen, left_out = known(_parts(select), "--select"), known(_parts(ignore), "--ignore")
    levels: dict[str, Severity] = {}
    for each in _parts(severity):
        name, equals, value = each.partition("=")
        if not equals:
            raise BadSettings(f"--severity: write RULE=LEVEL, for example `{name}=error`")
        levels[name] = level(name, value, "--severity")
    by_folder: dict[Path, Settings] = {}

    def settings(path: Path) -> Settings:
        folder = path if path.is_dir() else path.parent
        if folder not in by_folder:
            found = Settings() if isolated else settings_of(folder)
            by_folder[folder] = found.changed(chosen, left_out, levels)
        return by_folder[folder]

    return settings


def _parts(given: Sequence[str]) -> list[str]:
    return [part.strip() for each in given for part in each.split(",") if part.strip()]


def _files(paths: Sequence[Path], settings: Callable[[Path], Settings]) -> list[Path]:
    """A file that is named is linted; one that was found may be excluded."""
    named = set(paths)
    found = find_specs(paths or (Path(),))
    return [file for file in found if file in named or not settings(file).excludes(file)]


def _show(
    found: Sequence[Finding], destinations: Sequence[Destination], files: int, show_waived: bool, color: Mode
) -> None:
    for destination in destinations:
        if destination.form == "text":
            stream = sys.stdout
            _text(found, files, show_waived, wants_color(color, stream))
        else:
            write(found, destination, files)


def _text(found: Sequence[Finding], files: int, show_waived: bool, color: bool) -> None:
    from mltspec.cli.specs import show
    from mltspec.lint.fixing import can_mend
    from mltspec.report.paint import counted

    for each in found:
        if each.counts or show_waived:
            show([each.diagnostic], sys.stdout, color)
        if each.waiver and show_waived:
            print(f"waived until {each.waiver.until}: {each.waiver.reason}\n")
    counting = [each.diagnostic for each in found if each.counts]
    waived = len(found) - len(counting)
    parts = [counted(files, "file"), tally(counting)]
    parts += [f"{waived} waived"] if waived else []
    fixable = sum(map(can_mend, counting))
    hint = f"; `--fix` mends {fixable} of them" if fixable else ""
    print(f"{', '.join(parts)}{hint}")
