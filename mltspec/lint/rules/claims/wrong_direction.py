"""A metric that is held on its good side: `accuracy <= 0.9`, `loss >= 0.1`.

The better the model, the sooner the claim fails. Mostly the comparison was turned round; where a suspiciously good
value is to be caught, a waiver says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltspec.language.source import Span
from mltspec.language.tree import Item, Operator
from mltspec.lint.bounds import OPPOSITE, against_baselines, bounds
from mltspec.lint.measures import MEASURES
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.view import Stated, View


def look(view: View) -> Iterator[Offence]:
    """Find upper bounds of what should be high, and lower ones of what should be low, where no other side is held."""
    both = {(bound.of, bound.compare[0]) for bound in bounds(view)}
    for bound in bounds(view):
        if (bound.of, OPPOSITE.get(bound.compare, " ")[0]) not in both:
            yield from _turned(bound.claim, bound.metric, bound.compare)
    for claim in against_baselines(view):
        yield from _turned(claim, claim.values["metric"], claim.values["compare"])


def _turned(claim: Stated, metric: str, compare: str) -> Iterator[Offence]:
    measure = MEASURES.get(metric)
    if measure is None or compare not in OPPOSITE or measure.higher == compare.startswith(">"):
        return
    span = _sign(claim.expect.items, compare) or claim.place
    better = "higher" if measure.higher else "lower"
    yield Offence(
        f"{metric} is better when it is {better}, and this holds it on that side",
        span,
        "a better model fails it",
        fixes=(replacement(span, OPPOSITE[compare]),),
    )


def _sign(items: Sequence[Item], compare: str) -> Span | None:
    return next((item.span for item in items if isinstance(item, Operator) and item.text == compare), None)


RULE = Rule(look, bad="expect accuracy on holdout <= 0.9", good="expect accuracy on holdout >= 0.9")
