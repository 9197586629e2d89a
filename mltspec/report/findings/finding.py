"""A finding as every form of it is written from: about a spec, or about an expectation that did not hold."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mltspec.language.diagnostic import Diagnostic, Fix, Label, Severity
from mltspec.language.source import Source, Span


@dataclass(frozen=True)
class Region:
    """A part of a file; lines and columns count from 1, columns in code points, the end is not part of it."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Remark:
    """What is said about another place in the same file."""

    region: Region
    text: str


@dataclass(frozen=True)
class Change:
    """Replace a region by a text."""

    region: Region
    text: str


@dataclass(frozen=True)
class Repair:
    """A change that mends the finding; only a ``safe`` one is made unasked."""

    title: str
    changes: tuple[Change, ...]
    safe: bool


@dataclass(frozen=True)
class Kind:
    """What a name of findings stands for: one sentence, why it matters, and how much by default."""

    name: str
    what: str
    why: str
    severity: Severity
    group: str = ""


@dataclass(frozen=True)
class Finding:
    """One finding. ``file`` is its path as the reader knows it, ``region`` None where the whole file is meant.

    ``identity`` is what the finding is about in words that stay when lines move (the line's own text, an
    expectation's id): fingerprints are made of it. ``waived`` is the reason why it counts no more, None if it does.
    """

    name: str
    severity: Severity
    message: str
    file: str
    region: Region | None
    identity: str
    label: str = ""
    help: str = ""
    related: tuple[Remark, ...] = ()
    repairs: tuple[Repair, ...] = ()
    waived: str | None = None

    @property
    def text(self) -> str:
        """The message and, on a line of its own, what helps."""
        return f"{self.message}\n{self.help}" if self.help else self.message


def of_diagnostic(diagnostic: Diagnostic, waived: str | None = None) -> Finding:
    """Return a finding about a spec."""
    source, place = diagnostic.source, diagnostic.primary.span
    line = source.line(source.position(place.start)[0])
    return Finding(
        name=diagnostic.name,
        severity=diagnostic.severity,
        message=diagnostic.message,
        file=source.path,
        region=_region(source, place) if source.text else None,
        identity=f"{' '.join(line.split())}|{source.slice(place)}",
        label=diagnostic.primary.text,
        help=diagnostic.help,
        related=tuple(_remark(source, label) for label in diagnostic.related),
        repairs=tuple(_repair(source, fix) for fix in diagnostic.fixes),
        waived=waived,
    )


def _region(source: Source, span: Span) -> Region:
    return Region(*source.position(span.start), *source.position(span.end))


def _remark(source: Source, label: Label) -> Remark:
    return Remark(_region(source, label.span), label.text)


def _repair(source: Source, fix: Fix) -> Repair:
    changes = tuple(Change(_region(source, edit.span), edit.text) for edit in fix.edits)
    return Repair(fix.title, changes, fix.safe)


def counting(findings: Iterable[Finding]) -> list[Finding]:
    """Return those that were not waived."""
    return [each for each in findings if each.waived is None]


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return a name for each finding that stays the same while lines move; 32 hex digits.

    Of several that are told apart by nothing but their order, that order is part of it.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    made = []
    for each in findings:
        key = (each.name, portable(each.file), each.identity)
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        made.append(hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32])
    return made


def portable(file: str) -> str:
    """Return a path with slashes, relative to the current folder where it lies below it."""
    path = Path(file)
    if path.is_absolute():
        here = Path.cwd()
        path = path.relative_to(here) if path.is_relative_to(here) else path
    return path.as_posix()
