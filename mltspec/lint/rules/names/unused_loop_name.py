"""A loop whose name stands nowhere in it.

Each turn claims the same again: the report is longer, and nothing more is tested.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.tree import ForEach
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find loops whose turns are all alike."""
    for statement in view.statements:
        if not isinstance(statement, ForEach) or not statement.body:
            continue
        inside = (t for t in view.tokens if t.kind == "WORD" and statement.values.span.end <= t.start)
        if not any(t.text == statement.name.text and t.end <= statement.span.end for t in inside):
            yield Offence(
                f"`{statement.name.text}` stands nowhere in the loop",
                statement.name.span,
                "every turn claims the same",
                f"use `{statement.name.text}` in a claim, or take the claims out of the loop",
            )


RULE = Rule(
    look,
    bad='suite "s" {\n  for each m in [auc, accuracy] {\n    expect auc on holdout >= 0.5\n  }\n}',
    good='suite "s" {\n  for each m in [auc, accuracy] {\n    expect m on holdout >= 0.5\n  }\n}',
)
