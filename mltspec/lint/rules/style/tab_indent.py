"""Tabs before a line's first word.

They are as wide as each reader's editor makes them; columns of two spaces are the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltspec.language.diagnostic import Edit, Fix
from mltspec.language.source import Span
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View

_INDENT = re.compile(r"^[ ]*\t[ \t]*(?=\S)", re.MULTILINE)


def look(view: View) -> Iterator[Offence]:
    """Find indentation with tabs in it."""
    for found in _INDENT.finditer(view.source.text):
        span = Span(*found.span())
        spaces = found[0].replace("\t", "  ")
        yield Offence("tabs indent the line", span, fixes=(Fix("write two spaces for each", (Edit(span, spaces),)),))


RULE = Rule(look, bad='suite "s" {\n\texpect loss decreases\n}', good='suite "s" {\n  expect loss decreases\n}')
