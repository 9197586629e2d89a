"""A skip or a known failure that never ends.

What is excused for ever is forgotten. A day on which it ends makes somebody look again.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.excuses import excuses
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find excuses that name no day."""
    for excuse in excuses(view):
        if excuse.until is None:
            yield Offence(
                f"this `{excuse.word}` never ends",
                excuse.span,
                help=f'write `{excuse.word} because "…" until 2027-01-31`',
            )


RULE = Rule(
    look,
    bad='expect loss decreases xfail because "known since March"',
    good='expect loss decreases xfail because "known since March" until 2027-01-31',
)
