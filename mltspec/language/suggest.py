"""Did you mean: the nearest words that would be right at a place."""

from __future__ import annotations

from collections.abc import Iterable

LIMIT = 3


def closest(word: str, candidates: Iterable[str]) -> list[str]:
    """Return at most three candidates that a slip of the finger could have turned into a word.

    A third of the letters may be wrong, one at least; a word that is further away gives nothing, since
    a wild guess is worse than none. Nearest first, then in alphabetical order.
    """
    allowed = max(1, len(word) // 3)
    found = []
    for candidate in set(candidates):
        if candidate == word or abs(len(candidate) - len(word)) > allowed:
            continue
        slips = distance(word.lower(), candidate.lower())
        if slips <= allowed and slips < max(len(word), len(candidate)):
            found.append((slips, candidate))
    return [candidate for _, candidate in sorted(found)[:LIMIT]]


def distance(left: str, right: str) -> int:
    """Count the letters to insert, drop, change or swap with a neighbour (optimal string alignment).

    Source: Damerau, "A technique for computer detection and correction of spelling errors", CACM 1964.
    """
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]
