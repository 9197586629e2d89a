"""A skip or a known failure that ends more than a year from now.

By then nobody knows why it is there; it is one that never ends, with a date.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from mltspec.lint.excuses import excuses
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View

LONGEST = datetime.timedelta(days=366)


def look(view: View) -> Iterator[Offence]:
    """Find days that are far away."""
    for excuse in excuses(view):
        if excuse.until is not None and excuse.until - view.today > LONGEST:
            yield Offence(
                f"this `{excuse.word}` ends on {excuse.until}, more than a year from now",
                excuse.until_span,
                help="choose a day on which somebody shall look again",
            )


RULE = Rule(
    look,
    bad='expect loss decreases skip because "data moves" until 2999-12-31',
    good='expect loss decreases skip because "data moves" until 2027-01-31',
)
