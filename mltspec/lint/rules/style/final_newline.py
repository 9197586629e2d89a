"""A file whose last line does not end.

Tools that join or count lines get it wrong, and the next edit changes two lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.diagnostic import Edit, Fix
from mltspec.language.source import Span
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Look at the last character."""
    text = view.source.text
    if text and not text.endswith("\n"):
        end = Span(len(text), len(text))
        yield Offence(
            "the last line does not end", Span(len(text) - 1, len(text)), fixes=(Fix("end it", (Edit(end, "\n"),)),)
        )


RULE = Rule(look, bad="expect loss decreases", good="expect loss decreases\n", exact=True)
