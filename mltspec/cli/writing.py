"""Writes reports to the files that were asked for and, in a job of GitHub Actions, to where it looks for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mltspec.report.writing import obstacle, write_whole

if TYPE_CHECKING:
    from mltspec.report.json_report import RunReport


def refuse_unwritable(forms: Mapping[str, Path]) -> None:
    """Say before a long run, not after it, that its report could not be written.

    Raises:
        click.UsageError: a file cannot be written.
    """
    for file in forms.values():
        trouble = obstacle(file)
        if trouble:
            raise click.UsageError(f"cannot write `{file}`: {trouble}")


def write_forms(run: RunReport, forms: Mapping[str, Path]) -> None:
    """Write a run's report in each form.

    Raises:
        click.UsageError: a file cannot be written.
    """
    from mltspec.report.forms import written  # records of pydantic, which `mltspec score` does without

    for form, file in forms.items():
        try:
            write_whole(file, written(run, form))
        except OSError as problem:
            raise click.UsageError(f"cannot write `{file}`: {problem.strerror or problem}") from problem


def in_actions() -> bool:
    """Return whether this is a job of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def tell_actions(run: RunReport) -> None:
    """Annotate the lines of specs that did not hold, and add to the job's summary."""
    from mltspec.report.forms import written

    click.echo(written(run, "github"), nl=False)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        try:
            with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(written(run, "markdown"))
        except OSError as problem:
            click.echo(f"cannot write the job's summary `{summary}`: {problem.strerror or problem}", err=True)
