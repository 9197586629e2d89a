"""A `let` that nothing refers to.

A reader takes it for a bound that holds somewhere. Either a claim lost it, and is weaker than it looks, or it is left
over.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.tree import Let
from mltspec.lint.editing import without_lines
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find names that stand nowhere but where they are defined."""
    if not view.is_expecting():
        return
    for statement in view.statements:
        if isinstance(statement, Let) and not view.mentions(statement.name.text):
            yield Offence(
                f"nothing uses `{statement.name.text}`",
                statement.name.span,
                "defined here, and never used",
                fixes=(without_lines(view.source, statement.span, "remove it"),),
            )


RULE = Rule(
    look,
    bad='let drop = 0.5pp\nsuite "s" {\n  expect loss decreases\n}',
    good='let least = 0.8\nsuite "s" {\n  expect accuracy on holdout >= least\n}',
)
