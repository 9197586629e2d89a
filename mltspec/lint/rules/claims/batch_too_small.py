"""A search over batches of one row for a claim about several.

Rows of a batch cannot depend on each other where there is but one, so no batch can break the claim.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View

ABOUT_SEVERAL = frozenset({"rows-independent", "order-irrelevant"})


def look(view: View) -> Iterator[Offence]:
    """Find claims about rows of one batch in searches that draw single rows."""
    for claim in view.claims:
        batch = claim.setting.batch
        if claim.check in ABOUT_SEVERAL and batch is not None and batch["most"] < 2:
            yield Offence(
                "no batch has two rows, so this cannot fail",
                claim.place,
                help="search over `any batch of 1..64 rows`",
            )


RULE = Rule(
    look,
    bad="for any batch of 1..1 rows {\n  expect rows independent\n}",
    good="for any batch of 1..64 rows {\n  expect rows independent\n}",
)
