"""Something wrong with a run of items, before it is tied to a source."""

from __future__ import annotations

from dataclasses import dataclass

from mltspec.language.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from mltspec.language.source import Source, Span


@dataclass(frozen=True)
class Fault:
    """A diagnostic without its source. ``replacements`` are texts that mend the primary span."""

    name: str
    message: str
    span: Span
    label: str = ""
    related: tuple[Label, ...] = ()
    help: str = ""
    replacements: tuple[str, ...] = ()
    safe: bool = False
    severity: Severity = Severity.ERROR

    def of(self, source: Source) -> Diagnostic:
        """Return the diagnostic."""
        fixes = tuple(
            Fix(f"write `{text}`", (Edit(self.span, text),), safe=self.safe and len(self.replacements) == 1)
            for text in self.replacements
        )
        return Diagnostic(
            name=self.name,
            message=self.message,
            source=source,
            primary=Label(self.span, self.label),
            related=self.related,
            severity=self.severity,
            help=self.help,
            fixes=fixes,
        )


class Faulty(Exception):  # noqa: N818 - carries a fault of the spec, not of the program
    """Raised while reading a statement; the statement is left out of the plan and the fault reported."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def twice(fault: str, name: str, span: Span, first: Span) -> Fault:
    """Return the fault of something that stands twice, with both places."""
    return Fault(
        fault,
        f"`{name}` stands twice",
        span,
        label="again here",
        related=(Label(first, "first here"),),
        help="give one of them another name",
    )


SILENT = Fault("silent", "what it refers to is faulty itself and was reported there", Span(0, 0))
"""An unresolved name poisons silently: one mistake, one error."""
