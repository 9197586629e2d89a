"""A claim that is made twice.

Two lines of the report say one thing, and an edit of one leaves the other as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.diagnostic import Label
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import Stated, View


def look(view: View) -> Iterator[Offence]:
    """Find claims with the same check, subjects and values."""
    seen: dict[str, Stated] = {}
    for claim in view.claims:
        about = claim.setting
        key = repr((claim.check, about.model, about.training, about.batch, sorted(claim.values.items(), key=str)))
        first = seen.setdefault(key, claim)
        if first.expect is not claim.expect:
            yield Offence(
                "this claim is made twice",
                claim.place,
                "again here",
                "remove one of them",
                (Label(first.place, "first here"),),
            )


RULE = Rule(
    look,
    bad='expect accuracy on holdout >= 0.8\nsuite "s" {\n  expect accuracy on holdout >= 0.8\n}',
    good='expect accuracy on holdout >= 0.8\nsuite "s" {\n  expect accuracy on history >= 0.8\n}',
)
