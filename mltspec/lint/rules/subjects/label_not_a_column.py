"""A label that is no column of its CSV file.

A run would end before anything is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.suggest import closest
from mltspec.language.tree import Text, Word
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.subjects import table_of
from mltspec.lint.view import View, items_of, word_after


def look(view: View) -> Iterator[Offence]:
    """Hold labels against the first line of CSV files; other files are not opened."""
    for declaration in view.declarations("data"):
        label = word_after(tuple(items_of(declaration)), "label")
        table = table_of(view, declaration.name.text) if isinstance(label, Word | Text) else None
        if table is None or not isinstance(label, Word | Text):
            continue
        name = label.text if isinstance(label, Word) else label.value
        if name in table.columns:
            continue
        near = [each for each in closest(name, table.columns) if each.isidentifier()]
        columns = ", ".join(f"`{each}`" for each in table.columns[:8])
        yield Offence(
            f"`{declaration.name.text}` has no column `{name}`",
            label.span,
            "no such column",
            "" if near else f"columns: {columns}",
            fixes=tuple(replacement(label.span, each) for each in near[:1]),
        )


RULE = Rule(
    look,
    bad='edition 2026\ndata golden = csv "golden.csv" label lates',
    good='edition 2026\ndata golden = csv "golden.csv" label late',
    files={"golden.csv": "hour,late\n1,1\n"},
)
