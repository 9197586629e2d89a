"""Applying fixes to a text."""

from __future__ import annotations

from collections.abc import Iterable

from mltspec.language.diagnostic import Fix


def apply(text: str, fixes: Iterable[Fix]) -> str:
    """Apply fixes to the text they were made for; of two that overlap, the first one wins whole.

    A fix whose edits cannot all be made is left out altogether: half a repair is a new mistake.
    """
    taken: list[tuple[int, int, str]] = []
    for fix in fixes:
        edits = [(edit.span.start, edit.span.end, edit.text) for edit in fix.edits]
        if all(_apart(edit, other) for edit in edits for other in taken):
            taken += edits
    for start, end, replacement in sorted(taken, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _apart(edit: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    if edit[:2] == other[:2]:
        return False
    return edit[1] <= other[0] or other[1] <= edit[0]
