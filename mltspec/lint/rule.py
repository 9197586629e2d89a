"""The shape of a rule: what it looks for, and the two specs that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mltspec.language.diagnostic import Edit, Fix, Label
from mltspec.language.source import Span

if TYPE_CHECKING:
    from mltspec.lint.view import View


@dataclass(frozen=True)
class Offence:
    """Something that a rule found. ``message`` is one sentence without a full stop, as in a diagnostic."""

    message: str
    span: Span
    label: str = ""
    help: str = ""
    related: tuple[Label, ...] = ()
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule; its module's docstring says what it is about (first line) and why it matters (the rest).

    Args:
        look: finds offences in a spec that compiles, or in what is sound of it.
        bad: a spec in which exactly this rule finds something, and nothing else does.
        good: one like it in which nothing is found.
        files: what lies beside both, by path.
        exact: both stand as they are, to the last character.
    """

    look: Callable[[View], Iterable[Offence]]
    bad: str
    good: str
    files: Mapping[str, str] = field(default_factory=dict)
    exact: bool = False


def replacement(span: Span, text: str, *, safe: bool = False) -> Fix:
    """Return the fix that writes a text in a place."""
    return Fix(f"write `{text}`", (Edit(span, text),), safe=safe)
