"""Slices that must have more rows than the whole file has.

No slice is ever judged, so the expectation ends as inconclusive on every run.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.rule import Offence, Rule
from mltspec.lint.subjects import table_of
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Hold least numbers of rows against CSV files; other data are not opened."""
    for claim in view.claims:
        least = claim.values.get("least_rows")
        table = table_of(view, claim.data) if least is not None else None
        if least is not None and table is not None and table.rows is not None and table.rows < least:
            yield Offence(
                f"`{claim.data}` has {table.rows:,} rows, so no slice of it has {least:,}",
                claim.span_of(str(least)),
                "no slice is judged",
            )


RULE = Rule(
    look,
    bad='data golden = csv "golden.csv" label late\nexpect accuracy on golden by carrier >= 0.8 where rows >= 200',
    good='data golden = csv "golden.csv" label late\nexpect accuracy on golden by carrier >= 0.8 where rows >= 2',
    files={"golden.csv": "carrier,late\nAA,1\nAA,0\nUA,1\n"},
)
