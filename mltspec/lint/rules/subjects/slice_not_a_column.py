"""A feature to slice by that is no column of the CSV file it is measured on.

There would be no slice, and where nothing is measured nothing holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.suggest import closest
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.subjects import table_of
from mltspec.lint.view import View

ALWAYS = "label"
"""A slice that every data set has."""


def look(view: View) -> Iterator[Offence]:
    """Hold features against the first line of CSV files; other data are not opened."""
    for claim in view.claims:
        by = claim.values.get("by")
        table = table_of(view, claim.data) if isinstance(by, list) else None
        for name in by if table is not None and isinstance(by, list) else ():
            if table is None or name == ALWAYS or name in table.columns:
                continue
            near = [each for each in closest(name, table.columns) if each.isidentifier()]
            span = claim.span_of(name)
            columns = ", ".join(f"`{each}`" for each in table.columns[:8])
            yield Offence(
                f"`{claim.data}` has no column `{name}`",
                span,
                "no such column",
                "" if near else f"columns: {columns}",
                fixes=tuple(replacement(span, each) for each in near[:1]) if span != claim.place else (),
            )


RULE = Rule(
    look,
    bad='data golden = csv "golden.csv" label late\nexpect auc on golden by carier >= 0.8',
    good='data golden = csv "golden.csv" label late\nexpect auc on golden by carrier >= 0.8',
    files={"golden.csv": "carrier,late\nAA,1\n"},
)
