"""Places in a text as a client counts them: lines, and code units of the encoding that was agreed on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType

from lsprotocol import types

from mltspec.language.source import Span

_LINE_END = re.compile(r"\r\n|\n|\r")


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _utf16(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


UNITS: Mapping[str, Callable[[str], int]] = MappingProxyType({"utf-8": _utf8, "utf-16": _utf16, "utf-32": len})
"""How many units a text has in each encoding that the protocol knows."""


class Ruler:
    """Turns offsets of one text into positions and back; whatever a client sends ends inside the text."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self._units = len if text.isascii() else UNITS[encoding]

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        if "\r" not in self.text:
            return tuple(accumulate((len(line) + 1 for line in self.text.split("\n")[:-1]), initial=0))
        return (0, *(found.end() for found in _LINE_END.finditer(self.text)))

    def position(self, offset: int) -> types.Position:
        """Return the position of an offset."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        column = offset - start if self._units is len else self._units(self.text[start:offset])
        return types.Position(line, column)

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position; one beyond a line's end is its end, one inside a character its start."""
        if position.line < 0:
            return 0
        if position.line >= len(self._starts):
            return len(self.text)
        start, end = self._line(position.line)
        if self._units is len:
            return min(start + max(0, position.character), end)
        left, at = position.character, start
        while at < end:
            left -= self._units(self.text[at])
            if left < 0:
                break
            at += 1
        return at

    def _line(self, line: int) -> tuple[int, int]:
        start = self._starts[line]
        last = line + 1 == len(self._starts)
        end = len(self.text) if last else self._starts[line + 1]
        if not last:
            end -= 2 if self.text[end - 2 : end] == "\r\n" else 1
        return start, max(start, end)

    def range(self, span: Span) -> types.Range:
        """Return the range of a span."""
        return types.Range(self.position(span.start), self.position(span.end))

    def span(self, range: types.Range) -> Span:
        """Return the span of a range."""
        start, end = self.offset(range.start), self.offset(range.end)
        return Span(start, max(start, end))
