"""Findings about a text as it was, shown in the text as it is, until they have been looked for again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mltspec.language import shifting
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.source import Source, Span

Placed = tuple[Diagnostic, Span]
"""A finding, and the span that holds every place it speaks of."""


def placed(found: Diagnostic) -> Placed:
    """Return a finding with the span of its places."""
    places = [found.primary.span, *(label.span for label in found.related)]
    places += [edit.span for fix in found.fixes for edit in fix.edits]
    return found, Span(min(place.start for place in places), max(place.end for place in places))


def carried(found: Iterable[Placed], before: str, source: Source) -> Iterator[Diagnostic]:
    """Return findings about ``before``, moved into ``source``; one that speaks of a changed line is left out."""
    changed, by = change(before, source.text)
    for each, place in found:
        if place.end < changed.start:
            yield replace(each, source=source)
        elif place.start > changed.end:
            yield shifting.diagnostic(each, by, source)


def change(before: str, after: str) -> tuple[Span, int]:
    """Return the whole lines of ``before`` that are not in ``after``, and how far what follows them was moved."""
    start = _common(before, after)
    most = min(len(before), len(after)) - start
    same = min(_common(before[::-1], after[::-1]), most)
    first = before.rfind("\n", 0, start) + 1
    end = len(before) - same
    last = before.find("\n", end)
    return Span(first, len(before) if last < 0 else last), len(after) - len(before)


def _common(left: str, right: str) -> int:
    """How many characters two texts have in common at their beginning, found by halving."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[:middle] == right[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
