"""A sound spec as its formatter sees it: the pieces that may not change, and the brackets that hold them together.

A piece is a token that is kept, or a comment. Blank space, line ends and the commas of lists are not pieces: where
those stand is for the style to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mltspec.language.tokens import Token

BLANK = " \t\f\v\r"
"""What a comment may lose at its end: the blank space of the grammar, and no other."""

COMMENTS = frozenset(("COMMENT", "DOC"))
OPENERS = frozenset(("LBRACE", "LSQB"))
CLOSERS = frozenset(("RBRACE", "RSQB"))


@dataclass(slots=True)
class Piece:
    """A token that is kept, with its place in the text.

    ``lines`` counts the line ends before it, ``keyword`` is the kind of the first token of its statement or line,
    ``partner`` the index of the bracket that closes it; ``comma`` says that an element ends here and another follows.
    """

    kind: str
    text: str
    start: int
    lines: int
    keyword: str
    partner: int = 0
    comma: bool = False

    @property
    def end(self) -> int:
        """The offset behind it; blank space at the end of a comment is no part of it."""
        return self.start + len(self.text)


@dataclass
class Pieces:
    """All pieces; the openers with a comment inside, and those with a line end inside that ends a statement."""

    all: list[Piece] = field(default_factory=list)
    commented: set[int] = field(default_factory=set)
    parted: set[int] = field(default_factory=set)


def cut(tokens: Sequence[Token]) -> Pieces:
    """Return the pieces of a text's tokens without blank space, every bracket of which has its partner."""
    found = Pieces()
    opened: list[int] = []
    lines, keyword = 0, ""
    for token in tokens:
        kind = token.kind
        in_list = bool(opened) and found.all[opened[-1]].kind == "LSQB"
        if kind == "NEWLINE":
            lines += 1
            if not in_list:
                keyword = ""
                found.parted.update(opened)
        elif kind == "COMMA" and in_list:
            _last_but_comments(found.all).comma = True
        else:
            if kind in COMMENTS:
                found.commented.update(opened)
            elif kind in CLOSERS:
                found.all[opened.pop()].partner = len(found.all)
                _last_but_comments(found.all).comma = False
            if kind in OPENERS:
                opened.append(len(found.all))
            keyword = keyword or kind
            text = token.text.rstrip(BLANK) if kind in COMMENTS else token.text
            found.all.append(Piece(kind, text, token.start, lines, keyword))
            lines = 0
            keyword = "" if kind == "LBRACE" or kind in COMMENTS else keyword
    return found


def _last_but_comments(pieces: Sequence[Piece]) -> Piece:
    return next(piece for piece in reversed(pieces) if piece.kind not in COMMENTS)
