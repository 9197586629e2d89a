"""Spec files to a plan."""

from __future__ import annotations

import datetime
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mltspec import __version__
from mltspec.compile.declarations import collect, trains_on
from mltspec.compile.fault import SILENT
from mltspec.compile.files import Loaded, Used, find_specs, load, roots_of
from mltspec.compile.names import Names
from mltspec.compile.profile import Profile
from mltspec.compile.requests import Requests
from mltspec.compile.suites import Around, Writer
from mltspec.language.diagnostic import Diagnostic, Severity
from mltspec.language.suggest import closest
from mltspec.language.tree import Declaration, Statement, Suite
from mltspec.plan.plan import Expectation, Plan

__all__ = ["Compiled", "compile_specs", "find_specs"]


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
    today: datetime.date | None = None,
    shown_as: str | None = None,
    text: str | None = None,
) -> Compiled:
    """Compile specs into one plan. Nothing of the user's is imported or executed.

    Args:
        paths: spec files, as they shall be shown in messages.
        profile: the profile to run under; None takes the built-in one.
        seed: overrides the profile's seed.
        today: unused by the plan itself; excuses are held against it when a plan is run.
        shown_as: the name of a single spec in messages, where it is not its path.
        text: the text of a single spec that lies in no file.

    Raises:
        NoSuchProfile: ``profile`` is declared by none of the specs.
    """
    with _no_collecting():
        return _compile_all(paths, profile, seed, shown_as, text)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """What compiling makes stays alive; looking for garbage among it costs a fifth of the time for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _compile_all(
    paths: Sequence[Path], profile: str | None, seed: int | None, shown_as: str | None, text: str | None
) -> Compiled:
    requests, expectations = Requests(), list[Expectation]()
    diagnostics: list[Diagnostic] = []
    loaded = [load(path, shown_as, text=text) for path in paths]
    _check_profile(profile, loaded)
    taken: set[str] = set()
    for one in loaded:
        found, findings = _compile(one, profile, seed, requests)
        expectations += [e.model_copy(update={"id": f"{one.path.stem}:{e.id}"}) if e.id in taken else e for e in found]
        taken |= {expectation.id for expectation in expectations[-len(found) :]}
        diagnostics += findings
    plan = Plan(
        version=__version__,
        profile=profile or "default",
        requests=tuple(requests.all()),
        expectations=tuple(expectations),
    )
    return Compiled(plan, tuple(diagnostics))


def _check_profile(profile: str | None, loaded: Sequence[Loaded]) -> None:
    declared = {name for one in loaded for s in _statements(one) if (name := _profile_name(s))}
    if profile is not None and profile not in declared:
        near = closest(profile, sorted(declared))
        known = ", ".join(sorted(declared)) or "none is declared"
        raise NoSuchProfile(f"there is no profile `{profile}` ({f'did you mean `{near[0]}`?' if near else known})")


def _profile_name(statement: Statement) -> str:
    return statement.name.text if isinstance(statement, Declaration) and statement.keyword == "profile" else ""


def _is_generic(statement: Statement) -> bool:
    """A suite that names no model and no data is a pack's: it is run for whoever uses it."""
    if not isinstance(statement, Suite):
        return False
    return not {"for", "on"} & {getattr(item, "text", "") for item in statement.items}


def _statements(loaded: Loaded) -> list[Statement]:
    """Return a spec's statements and, first, those of the specs it uses without their own suites' subjects."""
    theirs = [statement for used in loaded.used for statement in _statements(used.loaded)]
    return [*theirs, *loaded.spec.statements]


def _compile(
    loaded: Loaded, profile: str | None, seed: int | None, requests: Requests
) -> tuple[list[Expectation], list[Diagnostic]]:
    diagnostics = list(loaded.diagnostics)
    names, borrowed = _borrow(loaded, diagnostics)
    names, findings = collect(loaded.spec.source, loaded.spec.statements, names)
    diagnostics += findings
    settings = _settings(names, profile, seed)
    model_data = _model_data(loaded, names)
    expectations: list[Expectation] = []
    for pack in borrowed:
        source = pack.loaded.spec.source
        writer = Writer(source, loaded.path, roots_of(loaded.path), settings, requests, model_data)
        writer.write([s for s in pack.loaded.spec.statements if _is_generic(s)], Around(names))
        # What a pack lacks here is this spec's to mend, so it is told once, where the pack is used.
        faults = {fault.name: replace(fault, span=pack.place) for fault in writer.faults if fault is not SILENT}
        diagnostics += [fault.of(loaded.spec.source) for fault in faults.values()]
        prefix = f"{pack.alias}." if pack.alias else ""
        expectations += [e.model_copy(update={"id": prefix + e.id}) for e in writer.expectations]
    own = Writer(loaded.spec.source, loaded.path, roots_of(loaded.path), settings, requests, model_data)
    own.write(loaded.spec.statements, Around(names))
    diagnostics += [fault.of(loaded.spec.source) for fault in own.faults if fault is not SILENT]
    return _of_profile([*expectations, *own.expectations], settings), diagnostics


def _borrow(loaded: Loaded, diagnostics: list[Diagnostic]) -> tuple[Names, list[Used]]:
    """Collect what used specs declare, under their alias; their suites that name no model come along."""
    names, borrowed = Names(), list[Used]()
    for used in loaded.used:
        other = used.loaded
        diagnostics += other.diagnostics
        inner, more = _borrow(other, diagnostics)
        theirs, findings = collect(other.spec.source, other.spec.statements, inner)
        diagnostics += findings
        prefix = f"{used.alias}." if used.alias else ""
        names = Names(
            {**names.declared, **{prefix + name: found for name, found in theirs.declared.items()}},
            {**names.lets, **{prefix + name: items for name, items in theirs.lets.items()}},
        )
        borrowed += [*(replace(each, place=used.place) for each in more), used]
    return names, borrowed


def _settings(names: Names, profile: str | None, seed: int | None) -> Profile:
    declared = names.declared.get(profile) if profile else None
    settings = declared.subject if declared is not None and isinstance(declared.subject, Profile) else Profile()
    return settings if seed is None else replace(settings, seed=seed)


def _model_data(loaded: Loaded, names: Names) -> dict[str, str]:
    """Say what each model is trained on: as it declares, else the one data set its suites name."""
    models = list(names.of("model"))
    found: dict[str, str] = {}
    for statement in _statements(loaded):
        if isinstance(statement, Declaration) and statement.keyword == "model":
            declared = trains_on(statement, names)
            if declared:
                found[statement.name.text] = declared
    named: dict[str, set[str]] = {}
    for statement in loaded.spec.statements:
        if isinstance(statement, Suite):
            words = [getattr(item, "text", "") for item in statement.items]
            model = words[words.index("for") + 1] if "for" in words[:-1] else (models[0] if len(models) == 1 else "")
            if "on" in words[:-1]:
                named.setdefault(model, set()).add(words[words.index("on") + 1])
    return {model: next(iter(data)) for model, data in named.items() if len(data) == 1} | found


def _of_profile(expectations: list[Expectation], settings: Profile) -> list[Expectation]:
    if not settings.tags:
        return expectations
    return [e for e in expectations if set(e.marks.tags) & set(settings.tags)]
