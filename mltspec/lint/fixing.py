"""Mending specs: fixes are made, the result is linted again, until nothing is left that can be mended."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mltspec.compile.fault import Fault
from mltspec.compile.files import Reader, parse_file
from mltspec.language.diagnostic import Diagnostic, Edit, Fix, Severity
from mltspec.language.fixing import apply
from mltspec.language.parse import Parsed, parse
from mltspec.language.source import Source
from mltspec.lint.linting import Finding, lint
from mltspec.lint.settings import Settings, settings_of

MOST_ROUNDS = 12
"""One fix may uncover another; a chain longer than this would be one that runs in a circle."""


@dataclass(frozen=True)
class Mended:
    """A spec as it was and as it would be; ``fixed`` counts the findings that were mended."""

    path: Path
    before: str
    after: str
    fixed: int
    left: tuple[Finding, ...]


def mend(
    path: Path,
    settings: Callable[[Path], Settings] = settings_of,
    *,
    unsafe: bool = False,
    read: Reader = parse_file,
    today: datetime.date | None = None,
) -> Mended:
    """Return a spec with its findings mended; nothing is written.

    A fix that would leave more errors than there were is not made.

    Raises:
        BadSettings: a file of settings cannot be followed.
    """
    parsed = read(path, str(path))
    if isinstance(parsed, Fault):
        return Mended(path, "", "", 0, tuple(lint([path], settings, read=read, today=today)))
    before = text = parsed.spec.source.text
    found = lint([path], settings, read=_with(path, text, read), today=today)
    fixed = 0

    def made(text: str, fixes: Sequence[Fix]) -> tuple[str, list[Finding]]:
        mended = apply(text, fixes)
        return mended, lint([path], settings, read=_with(path, mended, read), today=today)

    for _ in range(MOST_ROUNDS):
        fixes = [_in_style_of(text, fix) for each in found if (fix := chosen(each, parsed.spec.source.path, unsafe))]
        mended, after = made(text, fixes)
        if _errors(after) > _errors(found):
            mended, after = made(text, [fix for fix in fixes if _errors(made(text, [fix])[1]) <= _errors(found)])
        if mended == text or _errors(after) > _errors(found):
            break
        fixed += max(len(found) - len(after), 1)
        text, found = mended, after
    return Mended(path, before, text, fixed, tuple(found))


def chosen(finding: Finding, path: str, unsafe: bool) -> Fix | None:
    """Return the fix that is made unasked: a safe one, or with ``unsafe`` the only one there is."""
    diagnostic = finding.diagnostic
    if not finding.counts or diagnostic.source.path != path:
        return None
    safe = [fix for fix in diagnostic.fixes if fix.safe]
    if safe:
        return safe[0]
    return diagnostic.fixes[0] if unsafe and len(diagnostic.fixes) == 1 else None


def can_mend(diagnostic: Diagnostic) -> bool:
    """Whether a finding has a fix that would be made unasked."""
    return any(fix.safe for fix in diagnostic.fixes)


def _errors(findings: list[Finding]) -> int:
    return sum(each.diagnostic.severity is Severity.ERROR for each in findings)


def _with(path: Path, text: str, read: Reader) -> Reader:
    """A reader that has another text for one file."""
    there = path.resolve()

    def reader(wanted: Path, name: str) -> Parsed | Fault:
        return parse(Source(name, text)) if wanted.resolve() == there else read(wanted, name)

    return reader


def _in_style_of(text: str, fix: Fix) -> Fix:
    """Line ends that a fix brings along are those of the file."""
    if "\r\n" not in text:
        return fix
    edits = tuple(Edit(edit.span, edit.text.replace("\r\n", "\n").replace("\n", "\r\n")) for edit in fix.edits)
    return Fix(fix.title, edits, fix.safe)
