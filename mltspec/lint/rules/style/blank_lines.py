"""More than one blank line in a row, or blank lines at the beginning or the end of a file.

One is enough to part what does not belong together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltspec.language.diagnostic import Edit, Fix
from mltspec.language.source import Span
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View

_BLANKS = re.compile(r"(?:^[ \t]*\r?\n){2,}|\A(?:[ \t]*\r?\n)+|(?<=\n)(?:[ \t]*\r?\n)+\Z", re.MULTILINE)


def look(view: View) -> Iterator[Offence]:
    """Find runs of blank lines."""
    text = view.source.text
    for found in _BLANKS.finditer(text):
        start, end = found.span()
        outside = start == 0 or end == len(text)
        kept = end if outside else end - (2 if text[end - 2 : end] == "\r\n" else 1)
        yield Offence(
            "blank lines stand here" if outside else "more than one blank line stands here",
            Span(start, kept),
            fixes=(Fix("remove them", (Edit(Span(start, kept), ""),)),),
        )


RULE = Rule(
    look, bad="expect loss decreases\n\n\nexpect labels matter", good="expect loss decreases\n\nexpect labels matter"
)
