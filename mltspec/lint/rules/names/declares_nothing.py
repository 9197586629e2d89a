"""A spec of suites that declares no model and no data.

It is a pack: its claims are made about the subjects of whichever spec says `use`, and nothing is run for it alone. If
it was meant to be run, its declarations are missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.compile.linking import is_pack
from mltspec.language.tree import Suite
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find packs."""
    if is_pack(view.linked):
        first = next(each for each in view.top if isinstance(each, Suite))
        yield Offence(
            "this spec is a pack for others to use",
            first.title.span,
            "about no model of its own",
            'to run it by itself, declare `model name { build python "module:build" }` and `data`',
        )


RULE = Rule(
    look,
    bad='edition 2026\nsuite "s" {\n  expect loss decreases\n}',
    good='suite "s" {\n  expect loss decreases\n}',
)
