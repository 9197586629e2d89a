"""A bound closer to perfect than one row of the data.

With 50 rows an accuracy is a multiple of 2%: `>= 99%` asks for no mistake at all, and one odd row decides a release.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.bounds import bounds
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.subjects import table_of
from mltspec.lint.view import View

COUNTED = frozenset({"accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy"})
"""Metrics that are a number of rows over all rows."""


def look(view: View) -> Iterator[Offence]:
    """Hold bounds of shares against the number of rows in CSV files; other data are not opened."""
    for bound in bounds(view):
        if bound.metric not in COUNTED or not bound.compare.startswith(">") or not 0 < bound.value < 1:
            continue
        table = table_of(view, bound.claim.data)
        if table is not None and table.rows and (1 - bound.value) * table.rows < 1 - 1e-9:
            yield Offence(
                f"`{bound.claim.data}` has {table.rows:,} rows: one mistake is {1 / table.rows:.2%}, more than "
                f"`{bound.compare} {bound.text}` allows",
                bound.span,
                "asks for no mistake at all",
                "use more rows, a looser bound, or `>= 100%` if that is meant",
            )


RULE = Rule(
    look,
    bad='data golden = csv "golden.csv" label late\nexpect accuracy on golden >= 0.9',
    good='data golden = csv "golden.csv" label late\nexpect accuracy on golden >= 0.6',
    files={"golden.csv": "carrier,late\nAA,1\nAA,0\nUA,1\n"},
)
