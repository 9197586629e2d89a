"""Data, a baseline, a server, a pipeline or a model that no expectation is about.

It was declared to be tested with. If it is left over, it misleads; if a claim about it was lost, the spec is weaker
than it looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mltspec.language.tree import Declaration
from mltspec.lint.editing import without_lines
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View

BY_CONVENTION = ("holdout",)
"""Names that some checks look for by themselves."""


def look(view: View) -> Iterator[Offence]:
    """Find names that stand nowhere else; the only model, data set or pipeline may be meant without its name."""
    if not view.is_expecting():
        return
    packs = bool(view.linked.packs)
    for statement in view.top:
        if not isinstance(statement, Declaration) or statement.keyword in ("profile", "attest"):
            continue
        name = statement.name.text
        is_only = (
            statement.keyword in ("model", "data", "pipeline") and len(view.linked.names.of(statement.keyword)) == 1
        )
        if view.mentions(name) or is_only or (packs and name in BY_CONVENTION):
            continue
        yield Offence(
            f"nothing uses {statement.keyword} `{name}`",
            statement.name.span,
            "declared here, and never used",
            fixes=(replace(without_lines(view.source, statement.span, "remove it"), safe=False),),
        )


RULE = Rule(
    look,
    bad='data extra = csv "extra.csv" label late\nexpect accuracy on holdout >= prod - 1pp',
    good='data extra = csv "extra.csv" label late\nexpect accuracy on holdout >= prod - 1pp\n'
    "expect accuracy on extra >= 0.7",
)
