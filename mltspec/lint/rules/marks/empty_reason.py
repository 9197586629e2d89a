"""A skip or a known failure that gives no reason, or none that tells anything.

Whoever meets it later cannot know whether it may go.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.excuses import excuses
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View

SAYS_NOTHING = frozenset({"", "todo", "tbd", "fixme", "xxx", "wip", "later", "skip", "xfail", "broken", "flaky", "?"})


def look(view: View) -> Iterator[Offence]:
    """Find reasons that are none."""
    for excuse in excuses(view):
        if excuse.reason.strip(" .!…-").lower() in SAYS_NOTHING:
            yield Offence(
                f"`{excuse.reason}` is no reason" if excuse.reason.strip() else "no reason is given",
                excuse.reason_span,
                help="say what is broken, and who is on it",
            )


RULE = Rule(
    look,
    bad='expect loss decreases skip because "todo" until 2027-01-31',
    good='expect loss decreases skip because "the new sensor drifts" until 2027-01-31',
)
