"""An item that stands twice in one list.

It adds nothing, and perhaps another one was meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.compile.reading import shown
from mltspec.language.diagnostic import Edit, Fix, Label
from mltspec.language.source import Span
from mltspec.language.tree import Item, Items
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View, items_of


def look(view: View) -> Iterator[Offence]:
    """Find repeated items of bracketed lists."""
    for statement in view.statements:
        for item in items_of(statement):
            if isinstance(item, Items):
                yield from _repeated(item)


def _repeated(items: Items) -> Iterator[Offence]:
    seen: dict[str, Span] = {}
    before: Item | None = None
    for item in items.items:
        text = shown(item)
        if text in seen and before is not None and not isinstance(item, Items):
            gap = Span(before.span.end, item.span.end)
            yield Offence(
                f"{text} stands twice in the list",
                item.span,
                "again here",
                related=(Label(seen[text], "first here"),),
                fixes=(Fix("remove it", (Edit(gap, ""),)),),
            )
        seen.setdefault(text, item.span)
        before = item


RULE = Rule(
    look,
    bad='suite "s" tags [commit, slow, commit] {\n  expect loss decreases\n}',
    good='suite "s" tags [commit, slow] {\n  expect loss decreases\n}',
)
