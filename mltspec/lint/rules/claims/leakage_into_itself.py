"""A search for training rows in the training data.

All of them are there: the claim never holds. The data that must not be seen is another one.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find `no leakage into` the data that the model is trained on."""
    for claim in view.claims:
        if claim.check == "no-leakage" and claim.values.get("into") == claim.setting.training:
            others = [each.name.text for each in view.declarations("data") if each.name.text != claim.setting.training]
            yield Offence(
                f"`{claim.setting.training}` is what the model is trained on",
                claim.span_of(claim.setting.training),
                "all of its rows are",
                f"for example `into {others[0]}`" if others else "declare the data that is held out",
            )


RULE = Rule(look, bad="expect no leakage into history", good="expect no leakage into holdout")
