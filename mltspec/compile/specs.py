"""Spec files to a plan, or to nothing but findings.

Linting makes no records of pydantic, and so does not import what only plans need: that is half of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mltspec import __version__
from mltspec.compile.expectations import understand
from mltspec.compile.fault import SILENT
from mltspec.compile.files import Loaded, Used, find_specs, load, roots_of
from mltspec.compile.linking import Linked, is_generic, link, statements_of
from mltspec.compile.names import Names
from mltspec.compile.profile import Profile
from mltspec.compile.suites import Around, Hearer, Understand, Writer
from mltspec.language.diagnostic import Diagnostic, Severity
from mltspec.language.source import Source
from mltspec.language.suggest import closest
from mltspec.language.tree import Declaration, Statement
from mltspec.language.uncollected import uncollected

if TYPE_CHECKING:
    from mltspec.compile.requests import Requests
    from mltspec.plan.plan import Expectation, Plan

H = TypeVar("H", bound=Hearer)

__all__ = ["Compiled", "compile_specs", "find_specs", "findings"]


@dataclass(frozen=True)
class Compiled:
    """A plan of all that is sound, and every finding on the way there."""

    plan: Plan
    diagnostics: tuple[Diagnostic, ...]

    @property
    def sound(self) -> bool:
        """Whether the plan may run: no finding is an error."""
        return all(diagnostic.severity is not Severity.ERROR for diagnostic in self.diagnostics)


class NoSuchProfile(ValueError):  # noqa: N818 - a fact about the specs, told to the user
    """A profile was asked for that no spec declares; the message offers those that are."""


def compile_specs(
    paths: Sequence[Path],
    *,
    profile: str | None = None,
    seed: int | None = None,
    shown_as: str | None = None,
    text: str | None = None,
    built_by: tuple[str, str] | None = None,
) -> Compiled:
    """Compile specs into one plan. Nothing of the user's is imported or executed.

    Args:
        paths: spec files, as they shall be shown in messages.
        profile: the profile to run under; None takes the built-in one.
        seed: overrides the profile's seed.
        shown_as: the name of a single spec in messages, where it is not its path.
        text: the text of a single spec that lies in no file.
        built_by: what takes the place of what the specs' models are built by: kind and target of an origin.

    Raises:
        NoSuchProfile: ``profile`` is declared by none of the specs.
    """
    from mltspec.compile.requests import Requests
    from mltspec.plan.plan import Plan

    with uncollected():
        requests = Requests()
        expectations: list[Expectation] = []
        diagnostics: list[Diagnostic] = []
        loaded = [load(path, shown_as, text=text) for path in paths]
        _check_profile(profile, loaded)
        taken: set[str] = set()
        for linked in map(link, loaded):
            if built_by is not None:
                linked = replace(linked, names=linked.names.built_by(*built_by))
            found, findings = _plan(linked, _settings(linked.names, profile, seed), requests)
            stem = linked.loaded.path.stem
            found = [e.model_copy(update={"id": f"{stem}:{e.id}"}) if e.id in taken else e for e in found]
            taken |= {expectation.id for expectation in found}
            expectations += found
            diagnostics += findings
        plan = Plan(
            version=__version__,
            profile=profile or "default",
            requests=tuple(requests.all()),
            expectations=tuple(expectations),
        )
        return Compiled(plan, tuple(diagnostics))


def _afresh(source: Source) -> Understand:
    return understand


def findings(
    linked: Linked, reader: Callable[[Source], Understand] = _afresh, hearer: Hearer | None = None
) -> list[Diagnostic]:
    """Return every finding about a spec that was linked.

    ``reader`` returns what reads the claims of a source; ``hearer`` is told of those that the spec makes itself.
    """
    diagnostics = list(linked.diagnostics)
    for used in linked.packs:
        diagnostics += _read_pack(linked, used, None, reader(used.loaded.spec.source))
    return diagnostics + _read_own(linked, hearer, reader(linked.loaded.spec.source))


def _check_profile(profile: str | None, loaded: Sequence[Loaded]) -> None:
    declared = {name for one in loaded for s in statements_of(one) if (name := _profile_name(s))}
    if profile is not None and profile not in declared:
        near = closest(profile, sorted(declared))
        known = ", ".join(sorted(declared)) or "none is declared"
        raise NoSuchProfile(f"there is no profile `{profile}` ({f'did you mean `{near[0]}`?' if near else known})")


def _profile_name(statement: Statement) -> str:
    return statement.name.text if isinstance(statement, Declaration) and statement.keyword == "profile" else ""


def _settings(names: Names, profile: str | None, seed: int | None) -> Profile:
    declared = names.declared.get(profile) if profile else None
    settings = declared.subject if declared is not None and isinstance(declared.subject, Profile) else Profile()
    return settings if seed is None else replace(settings, seed=seed)


def _plan(linked: Linked, settings: Profile, requests: Requests) -> tuple[list[Expectation], list[Diagnostic]]:
    from mltspec.compile.planning import Planner

    diagnostics = list(linked.diagnostics)
    roots = roots_of(linked.loaded.path)
    found: list[Expectation] = []
    for prefix, planner, findings in heard(linked, lambda source: Planner(source, roots, settings, requests)):
        found += [e.model_copy(update={"id": prefix + e.id}) if prefix else e for e in planner.expectations]
        diagnostics += findings
    return [e for e in found if not settings.tags or set(e.marks.tags) & set(settings.tags)], diagnostics


def heard(linked: Linked, hearer_of: Callable[[Source], H]) -> Iterator[tuple[str, H, list[Diagnostic]]]:
    """Read a spec's claims to hearers, one for each pack that it uses and one for its own.

    Yields what stands before a pack's ids, the hearer, and what was found; ``linked.diagnostics`` are not among it.
    """
    for used in linked.packs:
        hearer = hearer_of(used.loaded.spec.source)
        findings = _read_pack(linked, used, hearer)
        yield f"{used.alias}." if used.alias else "", hearer, findings
    hearer = hearer_of(linked.loaded.spec.source)
    yield "", hearer, _read_own(linked, hearer)


def _read_pack(
    linked: Linked, used: Used, hearer: Hearer | None, understand: Understand = understand
) -> list[Diagnostic]:
    """Read a pack's suites for the spec that uses it.

    What a pack lacks here is this spec's to mend, so it is told once, where the pack is used.
    """
    writer = Writer(used.loaded.spec.source, linked.loaded.path, linked.model_data, hearer, understand)
    writer.write([s for s in used.loaded.spec.statements if is_generic(s)], Around(linked.names))
    faults = {fault.name: replace(fault, span=used.place) for fault in writer.faults if fault is not SILENT}
    return [fault.of(linked.loaded.spec.source) for fault in faults.values()]


def _read_own(linked: Linked, hearer: Hearer | None, understand: Understand = understand) -> list[Diagnostic]:
    spec = linked.loaded.spec
    writer = Writer(spec.source, linked.loaded.path, linked.model_data, hearer, understand)
    writer.write(spec.statements, Around(linked.names))
    return [fault.of(spec.source) for fault in writer.faults if fault is not SILENT]
