"""Two data sets that are read from one source.

Under two names they look like rows that were seen and rows that were not, and are the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.diagnostic import Label
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.subjects import Named, named
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find sources that stand again."""
    seen: dict[tuple[str, str], Named] = {}
    for each in named(view):
        if each.role != "data":
            continue
        first = seen.setdefault((each.kind, each.text), each)
        if first is not each:
            yield Offence(
                f"`{each.declaration.name.text}` is the same as `{first.declaration.name.text}`",
                each.span,
                "the same source",
                "declare it once, or point one of them elsewhere",
                (Label(first.span, "first here"),),
            )


RULE = Rule(
    look,
    bad='edition 2026\ndata history = python "flights.data:load"\ndata holdout = python "flights.data:load"',
    good='edition 2026\ndata history = python "flights.data:load"\ndata holdout = python "flights.data:holdout"',
)
