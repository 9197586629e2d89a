"""A waiver for a rule that does not exist, or for what cannot be waived.

What keeps a spec from being read or run is no matter of opinion, and neither are findings about waivers.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.compile.catalogue import diagnostics
from mltspec.language.suggest import closest
from mltspec.lint.registry import BY_NAME, COMPILER_WARNINGS
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find names in waivers that waive nothing."""
    for waiver in view.waivers:
        for name, span in waiver.rules:
            if name in COMPILER_WARNINGS or (name in BY_NAME and BY_NAME[name].group != "waivers"):
                continue
            if name in BY_NAME or name in diagnostics():
                yield Offence(f"`{name}` cannot be waived", span, "mend what it finds")
                continue
            near = closest(name, BY_NAME)
            yield Offence(
                f"there is no rule `{name}`",
                span,
                "waives nothing",
                "" if near else "`mltspec explain` lists all rules",
                fixes=tuple(replacement(span, each) for each in near[:1]),
            )


RULE = Rule(
    look,
    bad="# mlt: allow never-fail until 2027-02-01 -- the bound comes later\nexpect accuracy on holdout >= 0",
    good="# mlt: allow never-fails until 2027-02-01 -- the bound comes later\nexpect accuracy on holdout >= 0",
)
