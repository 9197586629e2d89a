"""`--fix`: mended specs are written, or shown as a difference."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from mltspec.language.render import printable
from mltspec.lint.fixing import Mended, mend
from mltspec.lint.linting import Finding
from mltspec.lint.settings import Settings
from mltspec.report.paint import counted
from mltspec.report.writing import write_whole


def mended(files: Sequence[Path], settings: Callable[[Path], Settings], *, unsafe: bool, write: bool) -> list[Finding]:
    """Mend specs and return what is left; without ``write`` they stay as they are, and the difference is printed.

    Raises:
        click.FileError: a spec cannot be written.
        BadSettings: a file of settings cannot be followed.
    """
    left: list[Finding] = []
    fixed = 0
    for file in files:
        result = mend(file, settings, unsafe=unsafe)
        left += result.left
        fixed += result.fixed
        if result.after == result.before:
            continue
        if write:
            _write(result)
        else:
            sys.stdout.writelines(_difference(result))
    if fixed:
        print(f"{counted(fixed, 'finding')} {'mended' if write else 'would be mended'}", file=sys.stderr)
    return left


def _write(result: Mended) -> None:
    try:
        write_whole(result.path, result.after)
    except OSError as problem:
        raise click.FileError(str(result.path), problem.strerror) from problem


def _difference(result: Mended) -> list[str]:
    name = str(result.path)
    lines = difflib.unified_diff(result.before.splitlines(), result.after.splitlines(), name, name, lineterm="")
    return [f"{printable(line)}\n" for line in lines]
