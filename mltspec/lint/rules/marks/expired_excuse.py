"""A skip or a known failure whose last day has passed.

It excuses nothing any more: the expectation is judged, or fails because its excuse has ended.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.excuses import excuses
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find days before today."""
    for excuse in excuses(view):
        if excuse.until is not None and excuse.until < view.today:
            yield Offence(
                f"this `{excuse.word}` ended on {excuse.until}",
                excuse.until_span,
                "has passed",
                "mend what it excused, or give a new day and a reason that still holds",
            )


RULE = Rule(
    look,
    bad='expect loss decreases skip because "data moves" until 2026-01-31',
    good='expect loss decreases skip because "data moves" until 2027-01-31',
)
