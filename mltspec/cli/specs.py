"""Specs to a plan, for every verb: compiled, with the findings shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

import click

from mltspec.compile.specs import Compiled, NoSuchProfile, compile_specs
from mltspec.language.diagnostic import Diagnostic, Severity
from mltspec.language.render import render
from mltspec.report.paint import counted


def compiled(paths: Sequence[Path], profile: str | None = None, seed: int | None = None) -> Compiled:
    """Compile specs.

    Raises:
        click.UsageError: there is no such profile.
    """
    try:
        return compile_specs(paths, profile=profile, seed=seed)
    except NoSuchProfile as problem:
        raise click.UsageError(str(problem)) from problem


def show(diagnostics: Iterable[Diagnostic], stream: TextIO, color: bool) -> None:
    """Print diagnostics, a blank line after each."""
    for each in diagnostics:
        print(render(each, color=color), end="\n\n", file=stream)


def tally(diagnostics: Sequence[Diagnostic]) -> str:
    """Return ``2 errors, 1 warning``, or ``no findings``."""
    counts = [(sum(each.severity is severity for each in diagnostics), severity) for severity in Severity]
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
    return ", ".join(counted(count, words[severity]) for count, severity in counts if count) or "no findings"


def has_errors(diagnostics: Iterable[Diagnostic], strict: bool = False) -> bool:
    """Return whether any of them stops a spec from running; ``strict`` counts warnings too."""
    stopping = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return any(each.severity in stopping for each in diagnostics)
