"""A metric that must be equal, or unequal, to a number.

A metric is a sum of rounded numbers: another order of rows, thread or processor changes its last digits, so `=` fails
and `!=` holds for no reason of the model's.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.tree import Operator
from mltspec.lint.bounds import bounds
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find equality between metrics and numbers."""
    for bound in bounds(view):
        if bound.compare not in ("=", "!="):
            continue
        measure = bound.measure
        signs = (i.span for i in bound.claim.expect.items if isinstance(i, Operator) and i.text == bound.compare)
        span = next(signs, bound.claim.place)
        wanted = (">=" if measure.higher else "<=") if measure and bound.compare == "=" else ""
        yield Offence(
            f"`{bound.metric} {bound.compare} {bound.text}` compares a rounded number exactly",
            span,
            help="give a bound with `>=` or `<=`",
            fixes=(replacement(span, wanted),) if wanted else (),
        )


RULE = Rule(look, bad="expect accuracy on holdout = 0.9", good="expect accuracy on holdout >= 0.9")
