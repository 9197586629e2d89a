"""A profile's confidence that decides nothing, or everything.

No finite number of rows gives 100% confidence; and `confidence 5%` mostly means an error rate of 5%, which is a
confidence of 95%.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.quantity import Amount
from mltspec.language.source import Span
from mltspec.language.tree import Number
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.view import View, items_of, word_after


def look(view: View) -> Iterator[Offence]:
    """Look at the confidence of profiles; that of a claim is looked at when it is understood."""
    for profile in view.declarations("profile"):
        item = word_after(tuple(items_of(profile)), "confidence")
        if isinstance(item, Number):
            yield from _judged(item.amount, item.span)


def _judged(amount: Amount, span: Span) -> Iterator[Offence]:
    share = float(amount.base)
    if share >= 1 or share <= 0:
        yield Offence(f"{amount.text} confidence cannot be reached", span, help="write `95%`")
    elif share < 0.5:
        meant = f"{100 - amount.number:f}%" if amount.unit == "%" else ""
        yield Offence(
            f"with {amount.text} confidence a coin decides better",
            span,
            help="a confidence is one less the error rate",
            fixes=(replacement(span, meant),) if meant else (),
        )


RULE = Rule(look, bad="profile quick {\n  confidence 5%\n}", good="profile quick {\n  confidence 95%\n}")
