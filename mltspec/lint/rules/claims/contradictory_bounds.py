"""Two bounds of one metric that cannot both hold.

Whatever the model does, one of the two fails.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.diagnostic import Label
from mltspec.lint.bounds import Bound, bounds
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find lower bounds above upper ones."""
    seen: dict[object, list[Bound]] = {}
    for bound in bounds(view):
        for other in seen.setdefault(bound.of, []):
            if _excludes(bound, other) and _excludes(other, bound):
                yield Offence(
                    f"{bound.metric} cannot be {bound.compare} {bound.text} and {other.compare} {other.text}",
                    bound.claim.place,
                    "contradicts the other",
                    related=(Label(other.claim.place, "the other"),),
                )
        seen[bound.of].append(bound)


def _excludes(one: Bound, other: Bound) -> bool:
    """Whether the edge of one bound lies outside the other, which looks the other way."""
    facing = {one.compare[:1], other.compare[:1]} == {"<", ">"} or "=" in (one.compare, other.compare)
    touching = one.value == other.value and not (one.allows(one.value) and other.allows(one.value))
    return facing and (touching or not other.allows(one.value))


RULE = Rule(
    look,
    bad="expect auc on holdout >= 0.9\nexpect auc on holdout <= 0.8 id not_too_good",
    good="expect auc on holdout >= 0.8\nexpect auc on holdout <= 0.99 id not_too_good",
)
