"""Blank space at the end of a line.

Nobody sees it, and it makes differences of lines that are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltspec.language.diagnostic import Edit, Fix
from mltspec.language.source import Span
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View

_TRAILING = re.compile(r"[ \t\f\v]+(?=\r?$)", re.MULTILINE)


def look(view: View) -> Iterator[Offence]:
    """Find blanks before a line's end."""
    for found in _TRAILING.finditer(view.source.text):
        span = Span(*found.span())
        yield Offence("blank space ends the line", span, fixes=(Fix("remove it", (Edit(span, ""),)),))


RULE = Rule(look, bad="expect loss decreases  ", good="expect loss decreases")
