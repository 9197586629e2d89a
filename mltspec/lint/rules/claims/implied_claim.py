"""A bound beside a tighter one.

Where the tighter one holds this one holds as well, so it never tells anything new. A bound of severity `warn` beside
one that decides is another matter, and is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.diagnostic import Label
from mltspec.lint.bounds import Bound, bounds
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find bounds that follow from another one of the same metric."""
    groups: dict[object, list[Bound]] = {}
    for bound in bounds(view):
        if bound.compare in (">=", ">", "<=", "<"):
            groups.setdefault((bound.of, bound.compare[0], bound.claim.decides), []).append(bound)
    for group in groups.values():
        upward = group[0].compare.startswith(">")
        tightest = max(group, key=lambda each: (each.value if upward else -each.value, len(each.compare) == 1))
        for bound in group:
            if bound.value != tightest.value:
                yield Offence(
                    f"this follows from `{tightest.metric} {tightest.compare} {tightest.text}`",
                    bound.claim.place,
                    "the looser one",
                    "remove it, or mark one of them `severity warn`",
                    (Label(tightest.claim.place, "the tighter one"),),
                )


RULE = Rule(
    look,
    bad="expect auc on holdout >= 0.8\nexpect auc on holdout >= 0.9 id wanted",
    good="expect auc on holdout >= 0.8\nexpect auc on holdout >= 0.9 id wanted severity warn",
)
