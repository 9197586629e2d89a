"""Specs to findings: what does not compile, and what compiles and is suspicious all the same.

Nothing of the user's is imported or executed, and nothing is written.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mltspec.compile.files import Reader, load, parse_file
from mltspec.compile.linking import Linked, is_pack, link
from mltspec.compile.specs import findings
from mltspec.language.diagnostic import Diagnostic, Label, Severity
from mltspec.language.uncollected import uncollected
from mltspec.lint.registry import ENTRIES, Entry
from mltspec.lint.settings import Settings, settings_of
from mltspec.lint.view import Hearing, View
from mltspec.lint.waivers import Waiver, waivers_of

WAIVERS = "waivers"
USERS = frozenset({"no-model", "no-training-data", "unknown-name"})
"""What is found wrong in a pack only because it is read without the spec that uses it."""


@dataclass(frozen=True)
class Finding:
    """A finding, and the waiver that accepts it, if one does; its fixes are those of the diagnostic."""

    diagnostic: Diagnostic
    waiver: Waiver | None = None

    @property
    def name(self) -> str:
        """The offence."""
        return self.diagnostic.name

    @property
    def counts(self) -> bool:
        """Whether it was not waived."""
        return self.waiver is None


def lint(
    paths: Sequence[Path],
    settings: Callable[[Path], Settings] = settings_of,
    *,
    read: Reader = parse_file,
    today: datetime.date | None = None,
) -> list[Finding]:
    """Return every finding about specs, those that were waived too.

    Args:
        paths: spec files, as they shall be shown in messages.
        settings: returns the settings that hold for a file.
        read: returns a parsed spec for a path; an editor's returns what is typed there.
        today: the day on which waivers and excuses are judged.

    Raises:
        BadSettings: a file of settings cannot be followed.
    """
    with uncollected():
        linked = ((path, link(load(path, read=read))) for path in paths)
        return distinct(each for path, one in linked for each in lint_linked(one, settings(path), today=today))


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings once each: what is wrong with a spec that several use is told once, as its own waivers say."""
    found: dict[tuple[str, int, int, str, str], Finding] = {}
    for each in findings:
        at = each.diagnostic.primary.span
        key = (each.diagnostic.source.path, at.start, at.end, each.name, each.diagnostic.message)
        if key not in found or not each.counts:
            found[key] = each
    return list(found.values())


def lint_linked(
    linked: Linked,
    settings: Settings,
    *,
    today: datetime.date | None = None,
    compiled: Callable[[Linked, Hearing], list[Diagnostic]] = lambda linked, hearing: findings(linked, hearer=hearing),
    between: Callable[[], None] = lambda: None,
) -> list[Finding]:
    """Return every finding about one spec, in the order of its text; then those about specs that it uses.

    ``compiled`` returns what the compiler finds and tells of the claims; an editor's need not begin afresh each time.
    ``between`` is called before each rule; what it raises ends the linting, which nobody may want any more.
    """
    settings = settings.of_file(linked.loaded.path)
    hearing = Hearing()
    diagnostics = compiled(linked, hearing)
    own = [each for each in diagnostics if each.source is linked.loaded.spec.source]
    broken = any(each.severity is Severity.ERROR for each in own)
    view = View(linked, hearing.claims, (), today or datetime.date.today())
    view = replace(view, waivers=waivers_of(view.source, view.tokens, view.statements))
    active = [each for each in ENTRIES if settings.applies(each.name, each.group) and not (broken and each.whole)]
    own = _chosen(own, settings, is_pack(linked))
    own += [each for entry in active if entry.group != WAIVERS for each in _applied(entry, view, settings, between)]
    waived = [Finding(each, _waiver(each, view)) for each in own]
    used = frozenset((each.waiver, each.name) for each in waived if each.waiver)
    judged = replace(view, used=used, active=frozenset(each.name for each in active))
    about = [each for entry in active if entry.group == WAIVERS for each in _applied(entry, judged, settings, between)]
    waived += [Finding(each) for each in about]
    waived.sort(key=lambda each: (each.diagnostic.primary.span.start, each.diagnostic.primary.span.end))
    theirs = [each for each in diagnostics if each.source is not linked.loaded.spec.source]
    return waived + [Finding(each) for each in theirs]


def _chosen(diagnostics: Sequence[Diagnostic], settings: Settings, pack: bool) -> list[Diagnostic]:
    """The compiler's warnings follow the settings; its errors stop a spec from running, whatever these say.

    What a pack lacks is there in the specs that use it.
    """
    return [
        each
        for each in diagnostics
        if not (pack and each.name in USERS)
        and (each.severity is Severity.ERROR or settings.applies(each.name, "language"))
    ]


def _applied(entry: Entry, view: View, settings: Settings, between: Callable[[], None]) -> Iterator[Diagnostic]:
    between()
    severity = settings.weigh(entry.name, entry.group, entry.severity)
    seen = set()
    for each in entry.rule.look(view):
        key = (each.span, each.message)
        if key in seen:
            continue  # a claim in a loop is seen once for each turn
        seen.add(key)
        yield Diagnostic(
            name=entry.name,
            message=each.message,
            source=view.source,
            primary=Label(each.span, each.label),
            related=each.related,
            severity=severity,
            help=each.help,
            fixes=each.fixes,
        )


def _waiver(diagnostic: Diagnostic, view: View) -> Waiver | None:
    at = diagnostic.primary.span.start
    return next((each for each in view.waivers if each.allows(diagnostic.name, at, view.today)), None)
