"""Runs chosen expectations and keeps what was judged; shared by the plugin and by ``assert_spec``."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from mltspec.checks.registry import BY_NAME, KINDS
from mltspec.cli.framework import advice
from mltspec.cli.selection import trimmed
from mltspec.cli.targets import bare_id
from mltspec.compile.specs import Compiled, compile_specs
from mltspec.engine.run import run
from mltspec.engine.settings import Settings, cores
from mltspec.language.render import render
from mltspec.plan.events import Event, Judged
from mltspec.plan.plan import Expectation
from mltspec.report.finding import finding
from mltspec.report.outcome import Overall, decides, overall
from mltspec.report.paint import Paint


class SpecError(Exception):
    """A spec is wrong; the message shows every finding."""


def compiled(
    file: Path, profile: str | None = None, seed: int | None = None, built_by: tuple[str, str] | None = None
) -> Compiled:
    """Compile a spec, named as it is from the current folder; ``built_by`` takes the place of its models' origin.

    Raises:
        SpecError: it is wrong.
    """
    here = Path.cwd()
    shown = file.relative_to(here) if file.is_relative_to(here) else file
    found = compile_specs([shown], profile=profile, seed=seed, built_by=built_by)
    if not found.sound:
        raise SpecError("\n\n".join(map(render, found.diagnostics)))
    return found


def judged(
    found: Compiled,
    expectations: Sequence[Expectation],
    store: Path,
    workers: int | None = None,
    maxfail: int | None = None,
) -> list[Judged]:
    """Run expectations and return those that were judged, with evidence taken from the store where it has it.

    Raises:
        KeyboardInterrupt: somebody interrupted the run.
        SpecError: the framework that gathering needs is not installed.
    """
    missing = advice()
    if missing:
        raise SpecError(missing)
    told: list[Judged] = []

    def tell(event: Event) -> None:
        if isinstance(event, Judged):
            told.append(event)

    settings = Settings(
        workers=workers or cores(), store=store, maxfail=maxfail, today=date.today(), reproduce=_reproduce
    )
    outcome = run(trimmed(found.plan, expectations), settings, BY_NAME, KINDS, tell)
    if outcome.interrupted:
        raise KeyboardInterrupt
    return told


def text_of(event: Judged) -> str:
    """Return what the report of `mltspec run` says of an expectation that does not hold."""
    return "\n".join(finding(event, Paint()))


def holds(event: Judged) -> bool:
    """Return whether an expectation is no reason to fail a test."""
    return not decides(event.expectation.marks) or overall([event]) in (Overall.PASSED, Overall.NOTHING_RAN)


def _reproduce(expectation: Expectation) -> str:
    where = f"{expectation.at.file}::{bare_id(expectation)}"
    return shlex.join(["mltspec", "run", where, "--seed", str(expectation.seed)])
