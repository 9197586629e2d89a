"""Expectations as they were chosen on the command line, with what was found in their specs."""

from __future__ import annotations

from dataclasses import dataclass

from mltspec.cli import specs
from mltspec.cli.selection import Selection, select
from mltspec.cli.targets import files_of, read_targets
from mltspec.language.diagnostic import Diagnostic
from mltspec.plan.plan import Expectation, Plan


@dataclass(frozen=True)
class Chosen:
    """The whole plan, what was chosen of it, and every finding."""

    plan: Plan
    expectations: tuple[Expectation, ...]
    diagnostics: tuple[Diagnostic, ...]


def chosen(paths: tuple[str, ...], tag: str | None, text: str | None, profile: str | None, seed: int | None) -> Chosen:
    """Compile the specs that were named and choose from them.

    Raises:
        click.UsageError: a line, an id, a tag or a profile names nothing.
    """
    targets = tuple(read_targets(paths))
    compiled = specs.compiled(files_of(targets), profile, seed)
    found = select(Selection(targets, tag, text), compiled.plan, {}) if compiled.plan.expectations else []
    return Chosen(compiled.plan, tuple(found), compiled.diagnostics)
