"""A table that does not say which column is its label.

Which one is to be predicted is never guessed, so a run would end before anything is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.suggest import closest
from mltspec.language.tree import Word
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.subjects import table_of
from mltspec.lint.view import View, items_of

USUAL = ("label", "target", "y", "class", "outcome")


def look(view: View) -> Iterator[Offence]:
    """Find CSV and Parquet files without a label; arrays in an NPZ file have names of their own."""
    for declaration in view.declarations("data"):
        items = tuple(items_of(declaration))
        words = [item.text for item in items if isinstance(item, Word)]
        if words[:1] not in (["csv"], ["parquet"]) or "label" in words:
            continue
        table = table_of(view, declaration.name.text)
        columns = table.columns if table else ()
        likely = next((each for usual in USUAL for each in columns if each.lower() == usual), None)
        likely = likely or next(iter(closest("label", columns)), "COLUMN")
        yield Offence(
            f"nothing says which column of `{declaration.name.text}` is the label",
            declaration.name.span,
            help=f"add `label {likely}`",
        )


RULE = Rule(
    look,
    bad='edition 2026\ndata golden = csv "golden.csv"',
    good='edition 2026\ndata golden = csv "golden.csv" label late',
)
