"""`mltspec fmt`: bring specs into the one style."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from mltspec.cli import specs
from mltspec.cli.color import Mode, color_option, wants_color
from mltspec.cli.exits import Exit
from mltspec.cli.patch import show_diff
from mltspec.compile.fault import Fault
from mltspec.compile.files import find_specs, read_spec
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.formatting import NotFormatted, applied, format_edits, format_text
from mltspec.language.render import printable
from mltspec.language.source import Source, Span
from mltspec.report.paint import counted
from mltspec.report.writing import write_whole

EPILOG = """
\b
Examples:
  mltspec fmt                                    every spec below this folder
  mltspec fmt --check --diff specs               in CI: show what is not formatted, and fail
  mltspec fmt - --stdin-name specs/delay.mlt     from an editor, stdin to stdout
  mltspec fmt specs/delay.mlt --lines 10:20      these lines alone

\b
Exit codes:
    0  all specs are in the style     2  wrong usage, or a file could not be written
    1  --check or --diff: not all     3  a spec has errors, and was left as it is     5  no spec found
"""


def _lines(ctx: click.Context, param: click.Parameter, value: str | None) -> range | None:
    """Read ``FIRST:LAST``, counted from 1."""
    if value is None:
        return None
    read = re.fullmatch(r"([1-9][0-9]{0,8})(?::([1-9][0-9]{0,8}))?", value)
    if not read or int(read[2] or read[1]) < int(read[1]):
        raise click.BadParameter(f"`{value}` is no range of lines; write 10:20", ctx, param)
    return range(int(read[1]), int(read[2] or read[1]) + 1)


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), metavar="[PATH | -]...")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 says that a spec is not in the style.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change, with the exit code of --check.")
@click.option(
    "--lines", callback=_lines, metavar="FIRST:LAST", help="Format only these lines of one spec, counted from 1."
)
@click.option("--stdin-name", default="<stdin>", metavar="NAME", help="What messages call the text that `-` reads.")
@color_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[Path, ...],
    check: bool,
    diff: bool,
    lines: range | None,
    stdin_name: str,
    color: Mode,
) -> None:
    """Bring specs into the one style: by default every spec below the current folder.

    Only blank space, line ends, the last comma of a list, and ≤ ≥ ≠ are changed; comments stay where they are. A spec
    with errors of syntax is left alone.
    """
    piped = Path("-") in paths
    files = [Path("-")] if piped else find_specs(paths or (Path(),))
    if (piped and len(paths) > 1) or (lines and len(files) != 1):
        raise click.UsageError("`-` and --lines stand for one spec; give no other")
    if not files:
        print("no .mlt file found", file=sys.stderr)
        ctx.exit(Exit.NOTHING_RAN)
    each = [_format(file, stdin_name if piped else str(file), lines) for file in files]
    specs.show([found for one in each for found in one.errors], sys.stderr, wants_color(color, sys.stderr))
    changed = [one for one in each if one.text != one.formatted]
    if diff:
        for one in changed:
            show_diff(one.name, one.text, one.formatted, sys.stdout, wants_color(color, sys.stdout))
    elif piped and not check and not each[0].errors:
        sys.stdout.buffer.write(each[0].formatted.encode())
    unwritten = [] if check or diff or piped else [one for one in changed if not _write(one)]
    if not piped:
        _tell(each, changed, unwritten, dry=check or diff, stream=sys.stderr if diff else sys.stdout)
    ctx.exit(_code(each, changed, unwritten, dry=check or diff))


@dataclass(frozen=True)
class _Formatted:
    """A spec before and after; the same twice where it has errors."""

    file: Path
    name: str
    text: str
    formatted: str
    errors: tuple[Diagnostic, ...] = ()


def _format(file: Path, name: str, lines: range | None) -> _Formatted:
    text, fault = _stdin() if str(file) == "-" else read_spec(file, name)
    if fault is not None:
        return _Formatted(file, name, "", "", (fault.of(Source(name, "")),))
    try:
        formatted = applied(text, format_edits(text, name, lines)) if lines else format_text(text, name)
    except NotFormatted as refused:
        return _Formatted(file, name, text, text, refused.errors)
    return _Formatted(file, name, text, formatted)


def _stdin() -> tuple[str, Fault | None]:
    try:
        return sys.stdin.buffer.read().decode("utf-8"), None
    except UnicodeDecodeError:
        return "", Fault("not-a-spec", "what was piped in is no text in UTF-8", Span(0, 0), help="pipe in a spec")


def _write(one: _Formatted) -> bool:
    try:
        if not os.access(one.file, os.W_OK):
            raise PermissionError(0, "it is read-only")
        write_whole(one.file, one.formatted)
    except OSError as problem:
        print(f"cannot write {printable(one.name)}: {problem.strerror}", file=sys.stderr)
        return False
    return True


def _tell(
    each: Sequence[_Formatted],
    changed: Sequence[_Formatted],
    unwritten: Sequence[_Formatted],
    *,
    dry: bool,
    stream: TextIO,
) -> None:
    done = [one for one in changed if one not in unwritten]
    for one in done:
        print(f"{'would format' if dry else 'formatted'} {printable(one.name)}", file=stream)
    broken = sum(bool(one.errors) for one in each)
    parts = [
        (len(done), "would be formatted" if dry else "formatted"),
        (len(each) - len(changed) - broken, "already in the style"),
        (broken + len(unwritten), "left alone"),
    ]
    print(", ".join(f"{counted(count, 'file')} {what}" for count, what in parts if count), file=stream)


def _code(
    each: Sequence[_Formatted], changed: Sequence[_Formatted], unwritten: Sequence[_Formatted], *, dry: bool
) -> Exit:
    if any(one.errors for one in each):
        return Exit.SPEC
    if unwritten:
        return Exit.USAGE
    return Exit.FAILED if dry and changed else Exit.HELD
