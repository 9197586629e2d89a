"""A comparison written as `≤`, `≥` or `≠`.

All three are understood, but they cannot be typed or searched for everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.build import ASCII
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find operators outside of ASCII."""
    for token in view.tokens:
        if token.kind == "COMPARE" and token.text in ASCII:
            plain = ASCII[token.text]
            yield Offence(
                f"`{token.text}` is written `{plain}`", token.span, fixes=(replacement(token.span, plain, safe=True),)
            )


RULE = Rule(look, bad="expect accuracy on holdout ≥ 0.8", good="expect accuracy on holdout >= 0.8")
