"""A waiver that is not written as one.

It waives nothing, and a reader believes it does. A waiver names its rules, the day on which it ends, and a reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View
from mltspec.lint.waivers import FORM


def look(view: View) -> Iterator[Offence]:
    """Find remarks that begin as waivers do and go on otherwise."""
    for waiver in view.waivers:
        if waiver.fault:
            yield Offence(f"this waives nothing: {waiver.fault}", waiver.span, help=f"write `{FORM}`")


RULE = Rule(
    look,
    bad="# mlt: allow never-fails -- for now\nexpect accuracy on holdout >= 0.8",
    good="# mlt: allow never-fails until 2027-02-01 -- the bound comes with the next delivery\n"
    "expect accuracy on holdout >= 0.8",
)
