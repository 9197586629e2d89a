"""A tolerance smaller than one rounding of a 32-bit float.

Numbers of the models' usual type near 1 lie 1.2e-7 apart. A tolerance below that asks for equality of every bit, on
some days in vain; where that is meant, `is exact` or no tolerance at all says so.

Source: IEEE 754-2019, table 3.5 (binary32: 24 bits of precision).
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.quantity import Dimension, parse_amount
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View

EPSILON = 2.0**-23


def look(view: View) -> Iterator[Offence]:
    """Find tolerances that only equal numbers keep, in claims and in the lines of their blocks."""
    for claim in view.claims:
        rows = claim.values.get(claim.claim.words.block_field, ()) if claim.claim.words.block else ()
        for values in (claim.values, *rows):
            within = values.get("within")
            amount = parse_amount(within["text"]) if isinstance(within, dict) else None
            if amount is None or amount.dimension not in (Dimension.NUMBER, Dimension.POINTS, Dimension.RATIO):
                continue
            if 0 < float(amount.base) < EPSILON:
                yield Offence(
                    f"a tolerance of {amount.text} is below the rounding of a 32-bit float",
                    claim.span_of(amount.text),
                    f"one rounding is {EPSILON:.1e}",
                    "write `1e-6` or more",
                )


RULE = Rule(
    look,
    bad="for any batch of 1..64 rows {\n  expect rows independent within 1e-9\n}",
    good="for any batch of 1..64 rows {\n  expect rows independent within 1e-5\n}",
)
