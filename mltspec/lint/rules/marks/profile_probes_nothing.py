"""A profile under which no batch is probed.

Every search over batches then ends as inconclusive.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.tree import Number
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View, items_of, word_after


def look(view: View) -> Iterator[Offence]:
    """Find profiles with 0 examples."""
    for profile in view.declarations("profile"):
        number = word_after(tuple(items_of(profile)), "examples")
        if isinstance(number, Number) and number.amount.number == 0:
            yield Offence("no batch is probed under this profile", number.span, help="200 are the default")


RULE = Rule(look, bad="profile quick {\n  examples 0\n}", good="profile quick {\n  examples 20\n}")
