"""Two suites with one title.

Ids begin with the suite's title: expectations of both stand in reports as if they were one suite, and a second one of
a kind is refused for its id.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.diagnostic import Label
from mltspec.language.source import Span
from mltspec.language.tree import Suite
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find titles that stand again."""
    seen: dict[str, Span] = {}
    for statement in view.top:
        if isinstance(statement, Suite):
            title = statement.title
            first = seen.setdefault(title.value.strip().lower(), title.span)
            if first != title.span:
                yield Offence(
                    f"two suites are called `{title.value}`",
                    title.span,
                    "again here",
                    "give it a title of its own, or put its claims into the first one",
                    (Label(first, "first here"),),
                )


RULE = Rule(
    look,
    bad='suite "s" {\n  expect loss decreases\n}\nsuite "s" {\n  expect labels matter\n}',
    good='suite "s" {\n  expect loss decreases\n}\nsuite "t" {\n  expect labels matter\n}',
)
