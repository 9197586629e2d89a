"""Something wrong with a spec: one object for every way of showing it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mltspec.language.source import Source, Span

MOST = 50
"""How many diagnostics a step of reading gives for one file: whoever has more begins at the top anyway."""


class Severity(StrEnum):
    """How much a diagnostic matters. Only errors stop a spec from running."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Label:
    """A remark at a place: the primary one says what is wrong, others say why."""

    span: Span
    text: str


@dataclass(frozen=True)
class Edit:
    """Replace a span by a text."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """A change that mends the finding. Only safe fixes are applied unasked."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


@dataclass(frozen=True)
class Diagnostic:
    """A finding about a spec.

    ``name`` is the offence in kebab-case (``unknown-name``); ``message`` is one sentence without a
    full stop; ``primary`` carries the caret; ``related`` labels may lie in the same source only.
    """

    name: str
    message: str
    source: Source
    primary: Label
    related: tuple[Label, ...] = ()
    severity: Severity = Severity.ERROR
    help: str = ""
    fixes: tuple[Fix, ...] = ()
