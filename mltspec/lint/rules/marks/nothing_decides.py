"""A suite none of whose expectations can make a run fail.

Each is skipped, only warns or runs dry: the suite is green whatever happens.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.tree import Suite
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import Stated, View


def look(view: View) -> Iterator[Offence]:
    """Find suites without an expectation that decides."""
    for suite in view.top:
        if not isinstance(suite, Suite):
            continue
        inside = [c for c in view.claims if suite.span.start <= c.expect.span.start < suite.span.end]
        if inside and not any(map(_decides, inside)):
            yield Offence(
                f"no expectation of `{suite.title.value}` decides",
                suite.title.span,
                "every one is skipped, only warns or runs dry",
                "let one of them decide",
            )


def _decides(claim: Stated) -> bool:
    return claim.decides and "skip_because" not in claim.setting.marks | claim.claim.marks


RULE = Rule(
    look,
    bad='suite "s" severity warn {\n  expect loss decreases\n}',
    good='suite "s" severity warn {\n  expect loss decreases severity error\n}',
)
