"""Tag expressions: ``commit and not (slow or gpu)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

Holds = Callable[[Collection[str]], bool]

_PIECE = re.compile(r"\s*(?:([()])|([^\s()]+))")
_DEEPEST = 100


class BadTags(ValueError):  # noqa: N818 - told to the user as it is
    """A tag expression that makes no sense; the message says where."""


@dataclass(frozen=True)
class TagExpression:
    """What an expression asks of an expectation's tags, and the tags it names."""

    holds: Holds
    names: tuple[str, ...]


def parse_tags(text: str) -> TagExpression:
    """Read an expression of tags, ``and``, ``or``, ``not`` and parentheses; ``and`` binds closer than ``or``.

    Raises:
        BadTags: it is not one.
    """
    reader = _Reader(text, [bracket or word for bracket, word in _PIECE.findall(text)])
    holds = reader.either()
    if reader.at < len(reader.pieces):
        raise BadTags(f"`{text}`: expected `and` or `or` before `{reader.pieces[reader.at]}`")
    return TagExpression(holds, tuple(dict.fromkeys(reader.names)))


@dataclass
class _Reader:
    text: str
    pieces: list[str]
    at: int = 0
    names: list[str] = field(default_factory=list)
    depth: int = 0

    def either(self) -> Holds:
        left = self.both()
        while self._next("or"):
            left = _or(left, self.both())
        return left

    def both(self) -> Holds:
        left = self.one()
        while self._next("and"):
            left = _and(left, self.one())
        return left

    def one(self) -> Holds:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadTags("the tag expression is nested too deep")
        try:
            if self._next("not"):
                return _not(self.one())
            if self._next("("):
                inner = self.either()
                if not self._next(")"):
                    raise BadTags(f"`{self.text}`: a `)` is missing")
                return inner
            return self._tag()
        finally:
            self.depth -= 1

    def _tag(self) -> Holds:
        piece = self.pieces[self.at] if self.at < len(self.pieces) else ""
        if piece in ("", "and", "or", ")"):
            raise BadTags(f"`{self.text}`: expected a tag {f'before `{piece}`' if piece else 'at the end'}")
        self.at += 1
        self.names.append(piece)
        return lambda tags: piece in tags

    def _next(self, word: str) -> bool:
        found = self.at < len(self.pieces) and self.pieces[self.at] == word
        self.at += found
        return found


def _or(left: Holds, right: Holds) -> Holds:
    return lambda tags: left(tags) or right(tags)


def _and(left: Holds, right: Holds) -> Holds:
    return lambda tags: left(tags) and right(tags)


def _not(inner: Holds) -> Holds:
    return lambda tags: not inner(tags)
