"""Edits that rules have in common."""

from __future__ import annotations

from mltspec.language.diagnostic import Edit, Fix
from mltspec.language.source import Source, Span


def without_lines(source: Source, span: Span, title: str) -> Fix:
    """Return the fix that takes a statement away with its lines; unsafe where a remark would go with it."""
    start, end = source.line_start(span.start), source.line_end(max(span.start, span.end - 1))
    rest = source.text[start : span.start] + source.text[span.end : end]
    if rest.strip() and not rest.strip().startswith("#"):
        return Fix(title, (Edit(span, ""),), safe=False)
    newline = 2 if source.text[end : end + 2] == "\r\n" else len(source.text[end : end + 1])
    return Fix(title, (Edit(Span(start, end + newline), ""),), safe=not rest.strip())


def without_remark(source: Source, span: Span) -> Fix:
    """Return the fix that takes a remark from the end of its line, with the blank space before it."""
    line = source.text[source.line_start(span.start) : span.start]
    return Fix("remove the waiver", (Edit(Span(span.start - (len(line) - len(line.rstrip())), span.end), ""),))
