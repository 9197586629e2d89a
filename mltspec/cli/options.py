"""Options that several verbs have: which expectations are meant, and under which profile."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

from mltspec.report.forms import FORMS

F = TypeVar("F", bound=Callable[..., Any])

_CHOOSING = (
    click.argument("paths", nargs=-1, metavar="[PATH | PATH:LINE | PATH::ID]..."),
    click.option("--tag", metavar="EXPR", help="Only what is tagged so: `commit and not (slow or gpu)`."),
    click.option("-k", "text", metavar="TEXT", help="Only what has TEXT in its id or its line."),
    click.option("--profile", metavar="NAME", help="Seeds, budgets and tags as the profile has them."),
    click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Override the profile's seed."),
)
_STORE = click.option(
    "--store",
    type=click.Path(path_type=Path),
    default=Path(".mltspec"),
    show_default=True,
    help="Where evidence is kept.",
)


FORM_OPTIONS = tuple(
    click.option(f"--{name}", type=click.Path(path_type=Path), metavar="FILE", help=form.help)
    for name, form in FORMS.items()
)
"""One option for each form of report."""


def forms_of(typed: dict[str, Any]) -> dict[str, Path]:
    """Take the forms that were asked for out of what was typed: the file of each."""
    files = {name: typed.pop(name) for name in FORMS}
    return {name: file for name, file in files.items() if file is not None}


def choosing(function: F) -> F:
    """Add the options that choose expectations."""
    return reduce(lambda inner, option: option(inner), reversed(_CHOOSING), function)


def store_option(function: F) -> F:
    """Add ``--store``."""
    return _STORE(function)
