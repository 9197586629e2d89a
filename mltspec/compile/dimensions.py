"""How dimensions are spoken of, and what to write when one is missing or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mltspec.compile.fault import Fault
from mltspec.language.diagnostic import Label
from mltspec.language.quantity import Amount, Dimension
from mltspec.language.source import Span


@dataclass(frozen=True)
class Speech:
    """Words about a dimension: with its article, what it is measured in, and units to choose from."""

    a: str
    measured_in: str
    units: tuple[str, ...]


SPEECH: dict[str, Speech] = {
    Dimension.NUMBER: Speech("a bare number", "a bare number", ("",)),
    Dimension.TIME: Speech("a time", "measured in seconds", ("s", "ms", "min")),
    Dimension.RATIO: Speech("a ratio", "measured in percent", ("%", "x")),
    Dimension.POINTS: Speech("a number of percentage points", "measured in percentage points", ("pp",)),
    Dimension.SIZE: Speech("a size", "measured in bytes", ("MB", "MiB")),
    Dimension.RATE: Speech("a rate", "measured in requests per second", (" requests/s",)),
} | {
    name: Speech(f"a number of {name}", f"measured in {name}", (f" {name}",))
    for name in ("steps", "epochs", "rows", "runs", "seeds", "requests", "drills", "bins", "examples")
}


def mismatch(
    subject: str, subject_span: Span, wanted: Sequence[str], amount: Amount, span: Span, compared: bool
) -> Fault:
    """Return the fault of a quantity that has another dimension than is due, with both places labelled."""
    digits = amount.text[: len(amount.text) - len(amount.unit)].strip() if amount.unit else amount.text
    choices = tuple(digits + unit for name in wanted for unit in SPEECH[name].units)
    wants = " or ".join(SPEECH[name].a for name in wanted)
    related = (Label(subject_span, SPEECH[wanted[0]].measured_in),)
    if not amount.unit:
        return Fault(
            name="bound-without-unit",
            message=f"`{subject}` {'is' if compared else 'takes'} {wants}, but {amount.text} has no unit",
            span=span,
            label="this has no unit",
            related=related,
            help=f"write {' or '.join(f'`{choice}`' for choice in choices)}",
            replacements=choices,
        )
    is_one = SPEECH[amount.dimension].a
    return Fault(
        name="dimension-mismatch",
        message=f"{subject} is {wants}, but {amount.text} is {is_one}"
        if compared
        else f"`{subject}` takes {wants}, but {amount.text} is {is_one}",
        span=span,
        label=f"this is {is_one}",
        related=related,
        help=f"write {SPEECH[wanted[0]].a}, for example `{choices[0]}`",
    )
