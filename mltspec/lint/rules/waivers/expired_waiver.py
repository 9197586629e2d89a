"""A waiver whose last day has passed.

What it waived counts again. Mend that, or give a new day and a reason that still holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find waivers that ended before today."""
    for waiver in view.waivers:
        if waiver.until is not None and waiver.until < view.today:
            yield Offence(f"this waiver ended on {waiver.until}", waiver.span, "waives nothing any more")


RULE = Rule(
    look,
    bad="# mlt: allow never-fails until 2026-01-31 -- the bound comes later\nexpect accuracy on holdout >= 0",
    good="# mlt: allow never-fails until 2027-01-31 -- the bound comes later\nexpect accuracy on holdout >= 0",
)
