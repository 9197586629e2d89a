"""A clause that changes nothing where it stands: `where rows >= N` without slices.

A reader believes that small groups are left out; but there are no groups.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find least numbers of rows in claims that are not made by slice."""
    for claim in view.claims:
        if claim.values.get("least_rows") is not None and not claim.values.get("by"):
            yield Offence(
                "`where rows >= …` speaks of slices, and there are none",
                claim.span_of("where"),
                "has no effect",
                "add `by FEATURE`, or leave it out",
            )


RULE = Rule(
    look,
    bad="expect accuracy on holdout >= 0.8 where rows >= 200",
    good="expect accuracy on holdout by carrier >= 0.8 where rows >= 200",
)
