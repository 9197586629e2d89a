"""A bound that no model can be shown to meet on so few rows.

An interval has a width even where a model makes no mistake at all, or answers every row as its baseline does. Where
that width alone is more than the bound leaves, every sound model ends as inconclusive: the bound decides nothing.
The number of rows is that of a CSV file, of a stored baseline, or of the least slice that is judged.

Source: Wilson, JASA 22, 1927; Tango, Statistics in Medicine 17, 1998: their intervals of n rows without a mistake, or
without a difference, end at n / (n + z**2) and -z**2 / (n + z**2).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from mltspec.language.quantity import Dimension, parse_amount
from mltspec.lint.bounds import METRIC, against_baselines
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.rules.claims.bound_finer_than_rows import COUNTED
from mltspec.lint.stored import rows_stored
from mltspec.lint.subjects import table_of
from mltspec.lint.view import Stated, View

CONFIDENCE = 0.95
"""Where a claim against a baseline says nothing else; a profile may ask for more, never for less to be right."""

DEFAULT_MARGIN = 0.01


def look(view: View) -> Iterator[Offence]:
    """Hold bounds of shares of right answers, and margins between two, against the rows at hand."""
    for claim in view.claims:
        if claim.check == METRIC and claim.values["metric"] in COUNTED and claim.values.get("confidence"):
            yield from _value(view, claim)
    for claim in against_baselines(view):
        if claim.values["metric"] in COUNTED and claim.values["compare"] in (">=", ">"):
            yield from _margin(view, claim)


def _value(view: View, claim: Stated) -> Iterator[Offence]:
    amount, rows = claim.amount("bound"), _rows(view, claim, None)
    if amount is None or rows is None or claim.values["compare"] not in (">=", ">"):
        return
    bound, square = float(amount.base), _square(claim)
    if 0 < bound < 1 and rows / (rows + square) < bound:
        yield Offence(
            f"{_told(claim, rows)} without a mistake show no more than {rows / (rows + square):.2%}, so none is ever "
            f"shown to be `{claim.values['compare']} {amount.text}`",
            claim.span_of(amount.text),
            "never decided for a sound model",
            f"take {math.ceil(square * bound / (1 - bound)):,} rows or more, or a looser bound",
        )


def _margin(view: View, claim: Stated) -> Iterator[Offence]:
    bound = claim.values["bound"]
    written = bound.get("margin")
    amount = parse_amount(written["text"]) if written else None
    if amount is not None and (bound.get("sign") != "-" or amount.dimension is Dimension.RATIO):
        return  # a demand to be better, or a share of a value that is not known here
    margin = DEFAULT_MARGIN if amount is None else float(amount.base)
    rows, square = _rows(view, claim, bound["baseline"]), _square(claim)
    if rows is None or not 0 < margin < 1:
        return
    if square / (rows + square) > margin:
        yield Offence(
            f"on {_told(claim, rows)} a model that answers all of them as `{bound['baseline']}` does may still be "
            f"{square / (rows + square):.2%} worse, more than the margin allows",
            claim.span_of(amount.text) if amount else claim.place,
            "never decided for an equal model",
            f"take {math.ceil(square * (1 - margin) / margin):,} rows or more, or a wider margin",
        )


def _rows(view: View, claim: Stated, baseline: str | None) -> int | None:
    """Return the most rows that the smallest part that is judged may have."""
    if claim.values.get("by"):
        least = claim.values.get("least_rows")
        return None if least is None else int(least)
    table = table_of(view, claim.data)
    if table is not None and table.rows is not None:
        return table.rows
    return None if baseline is None else rows_stored(view, baseline, claim.values["metric"], claim.data)


def _told(claim: Stated, rows: int) -> str:
    return f"slices of {rows:,} rows" if claim.values.get("by") else f"{rows:,} rows of `{claim.data}`"


def _square(claim: Stated) -> float:
    """Return z**2 of the confidence that is asked for."""
    from statistics import NormalDist  # costs what few lints need

    written = claim.amount("confidence")
    confidence = float(written.base) if written else CONFIDENCE
    return NormalDist().inv_cdf(confidence) ** 2 if 0.5 < confidence < 1 else 0.0


RULE = Rule(
    look,
    bad="expect accuracy on holdout by carrier >= prod - 1pp where rows >= 100",
    good="expect accuracy on holdout by carrier >= prod - 1pp where rows >= 300",
)
