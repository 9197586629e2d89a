"""The one style of a spec: what stands between its pieces.

Nothing is printed anew. Between two pieces stands what the style wants there, and each piece stays as it was typed: so
a literal cannot change and a comment cannot be lost, whatever this file gets wrong.

* Two spaces a level. One space between words; none inside ``[ ]``, around ``..`` and after a number's own sign.
* A statement has a line of its own; at most one empty line stands between two, none at the edges of a block. A suite,
  with the comments that lead it, is set apart by an empty line before and after it.
* Statements of a suite or a loop stand on lines of their own; ``{ … }`` around a single line stays as it was written
  where it fits. Nothing is lined up over several lines: to change one would be to change its neighbours.
* A list that fits and holds no comment stands on one line; else each element has a line, the last one a comma too.
* Two spaces stand before a comment at the end of a line; one on its own line is indented as its neighbours are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from mltspec.language.pieces import CLOSERS, COMMENTS, OPENERS, Piece, Pieces

WIDTH = 100
"""Characters up to which a list or a block may stand on one line. A comment at its end is not counted."""

STEP = "  "
EMPTY_LINE = 2
HOLDS_STATEMENTS = frozenset(("SUITE", "FOR"))
OPERANDS = frozenset(("WORD", "NUMBER", "QUANTITY", "DATE", "STRING"))
BEFORE_A_NUMBERS_SIGN = frozenset(("COMPARE", "EQUAL", "COMMA", "RANGE", "SIGN", "IN"))


@dataclass(slots=True)
class Gap:
    """What stands before a piece: a comma or none, line ends or none, and spaces. ``edge``: the first in a block."""

    comma: str = ""
    lines: int = 0
    blank: str = ""
    edge: bool = False


def gaps(pieces: Pieces) -> list[Gap]:
    """Return what the style wants before each piece."""
    layout = _Layout(pieces)
    found = [layout.step(at, piece) for at, piece in enumerate(pieces.all)]
    _set_suites_apart(pieces.all, found)
    return found


@dataclass(slots=True)
class _Frame:
    """An open bracket: whether its content stands on lines of its own, and the indentation of its line."""

    broken: bool
    home: str
    is_list: bool


class _Layout:
    """One pass from left to right; knows the column, and which brackets are open."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self.frames = [_Frame(True, "", False)]
        self.indent = ""
        self.column = 0
        self.edge = True
        self.spaces = [_space(pieces.all, at) for at in range(len(pieces.all))]
        self.widths = list(accumulate(map(_flat_width, pieces.all, self.spaces)))

    def step(self, at: int, piece: Piece) -> Gap:
        """Return what stands before the next piece, and pass it."""
        gap = self._gap(at, piece)
        if gap.lines or not at:
            self.indent, self.column = gap.blank, len(gap.blank)
            self.edge = False
        elif piece.kind not in COMMENTS:
            self.column += len(gap.comma) + len(gap.blank)
        if piece.kind in OPENERS:
            self._enter(at, piece)
        elif piece.kind in CLOSERS:
            self.frames.pop()
            self.edge = False
        if piece.kind not in COMMENTS:
            self.column += len(piece.text)
        return gap

    def _gap(self, at: int, piece: Piece) -> Gap:
        frame = self.frames[-1]
        comma = "," if at and self.pieces.all[at - 1].comma else ""
        if not at:
            return Gap()
        if piece.kind in COMMENTS and not piece.lines:
            return Gap(comma, 0, STEP)
        if piece.kind in CLOSERS:
            return Gap(comma, 1, frame.home) if frame.broken else Gap("", 0, self.spaces[at])
        if frame.broken and (frame.is_list or self.edge or piece.lines):
            inside = frame.home + STEP if len(self.frames) > 1 else ""
            return Gap(comma, 1 if self.edge else min(max(piece.lines, 1), EMPTY_LINE), inside, self.edge)
        return Gap("", 0, self.spaces[at])

    def _enter(self, at: int, piece: Piece) -> None:
        broken = self._is_broken(at, piece)
        self.frames.append(_Frame(broken, self.indent, piece.kind == "LSQB"))
        self.edge = broken
        if broken and piece.kind == "LSQB":
            last = piece.partner - 1
            while self.pieces.all[last].kind in COMMENTS:
                last -= 1
            self.pieces.all[last].comma = last > at

    def _is_broken(self, at: int, piece: Piece) -> bool:
        if at in self.pieces.commented:
            return True
        if piece.partner == at + 1:
            return False
        if piece.kind == "LBRACE" and (at in self.pieces.parted or piece.keyword in HOLDS_STATEMENTS):
            return True
        alone = piece.kind == "LSQB" and piece.partner == at + 2
        return not alone and self.column + 1 + self.widths[piece.partner] - self.widths[at] > WIDTH


def _flat_width(piece: Piece, space: str) -> int:
    return len(piece.text) + len(space)


def _space(pieces: list[Piece], at: int) -> str:
    """Return what stands before a piece on one line with the one before it, the comma of a list included."""
    if not at:
        return ""
    before, piece = pieces[at - 1], pieces[at]
    if before.comma:
        return ", "
    if piece.kind in ("RSQB", "COMMA") or before.kind == "LSQB":
        return ""
    if before.kind == "LBRACE" and piece.kind == "RBRACE":
        return ""
    if before.kind == "SIGN":
        own = at == 1 or pieces[at - 2].kind in BEFORE_A_NUMBERS_SIGN or before.lines or pieces[at - 2].kind == "LBRACE"
        return "" if own and piece.kind in OPERANDS else " "
    if piece.kind == "RANGE":
        return "" if before.kind in OPERANDS and at + 1 < len(pieces) and _may_end_a_range(pieces[at + 1]) else " "
    if before.kind == "RANGE":
        return "" if at > 1 and pieces[at - 2].kind in OPERANDS and _may_end_a_range(piece) else " "
    return " "


def _may_end_a_range(piece: Piece) -> bool:
    return piece.kind in OPERANDS or piece.kind == "SIGN"


def _is_alone(pieces: list[Piece], at: int) -> bool:
    """Whether a piece is a comment on a line of its own."""
    return pieces[at].kind in COMMENTS and (pieces[at].lines > 0 or not at)


def _set_suites_apart(pieces: list[Piece], found: list[Gap]) -> None:
    for at, piece in enumerate(pieces):
        if piece.kind == "SUITE":
            first = at
            while first and found[first].lines == 1 and _is_alone(pieces, first - 1):
                first -= 1
            if first and not found[first].edge:
                found[first].lines = EMPTY_LINE
        elif piece.kind == "LBRACE" and piece.keyword == "SUITE":
            after = piece.partner + 1
            while after < len(pieces) and not found[after].lines:
                after += 1
            if after < len(pieces) and pieces[after].kind != "RBRACE":
                found[after].lines = EMPTY_LINE
