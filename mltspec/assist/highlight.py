"""What each word of a spec is, for its colour: more than a lexer can know, for it knows what is declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from mltspec.assist.desk import Page
from mltspec.assist.pieces import clause_words
from mltspec.checks.vocabulary import vocabulary
from mltspec.compile.forms import Literal, form
from mltspec.compile.names import Names
from mltspec.language.memo import Memo
from mltspec.language.tables import load
from mltspec.language.tokens import Token, lex

TYPES = (
    "keyword", "comment", "string", "number", "operator", "function", "parameter", "property",
    "class", "variable", "namespace", "macro",
)  # fmt: skip
"""Names of the protocol's types, in the order that a legend lists them."""

MODIFIERS = ("declaration", "documentation", "readonly")
DECLARED: Mapping[str, str] = MappingProxyType({"model": "class", "server": "class", "profile": "macro"})
FIXED: Mapping[str, str] = MappingProxyType(
    {
        "COMMENT": "comment", "DOC": "comment", "STRING": "string", "NUMBER": "number", "QUANTITY": "number",
        "DATE": "number", "COMPARE": "operator", "SIGN": "operator", "RANGE": "operator", "EQUAL": "operator",
    }
)  # fmt: skip
NAMED_AFTER = frozenset({"let", "model", "data", "baseline", "server", "pipeline", "profile", "attest", "each", "as"})
BLANK = frozenset({"WHITESPACE", "NEWLINE"})


class Colour(NamedTuple):
    """A word and what it is: an index of ``TYPES``, and bits of ``MODIFIERS``."""

    start: int
    end: int
    type: int
    modifiers: int = 0


class Highlighter:
    """Looks at lines; one that stands as it stood is not looked at again while the names are the same."""

    def __init__(self) -> None:
        self._lines: Memo[str, tuple[Colour, ...]] = Memo()
        self._names: Mapping[str, str] = {}

    def colours(self, page: Page) -> Iterator[Colour]:
        """Return the coloured words of a spec in their order."""
        names = _kinds(page.linked.names)
        if names != self._names:
            self._lines, self._names = Memo(), names
        self._lines.turn()
        start = 0
        for line in page.source.text.split("\n"):
            for colour in self._lines.known(line, self._line):
                yield Colour(start + colour.start, start + colour.end, colour.type, colour.modifiers)
            start += len(line) + 1

    def _line(self, line: str) -> tuple[Colour, ...]:
        tokens = [token for token in lex(line) if token.kind not in BLANK]
        return tuple(_of_line(tokens, self._names))


def _kinds(names: Names) -> dict[str, str]:
    found = {name: DECLARED.get(each.kind, "variable") for name, each in names.declared.items()}
    return found | dict.fromkeys(names.lets, "variable")


def _of_line(tokens: list[Token], names: Mapping[str, str]) -> Iterator[Colour]:
    phrase = _phrase(tokens)
    before = ""
    for i, token in enumerate(tokens):
        if token.kind in FIXED:
            modifiers = 1 << MODIFIERS.index("documentation") if token.kind == "DOC" else 0
            yield Colour(token.start, token.end, TYPES.index(FIXED[token.kind]), modifiers)
        elif token.kind == "WORD" or token.text in load().keywords:
            type, modifiers = _word(token, before, i, i in phrase, names, tokens)
            yield Colour(token.start, token.end, TYPES.index(type), modifiers)
        before = token.text


def _word(
    token: Token, before: str, i: int, in_phrase: bool, names: Mapping[str, str], tokens: list[Token]
) -> tuple[str, int]:
    text = token.text
    if before in NAMED_AFTER and i in (1, 2, 3) and (before not in ("each",) or tokens[0].text == "for"):
        return names.get(text, "namespace" if before == "as" else "variable"), 1 << MODIFIERS.index("declaration")
    if in_phrase:
        return "function", 0
    if token.kind != "WORD" and (i == 0 or text in ("each", "any", "in", "as") or before in ("{", "")):
        return "keyword", 0
    if text in names:
        return names[text], 1 << MODIFIERS.index("readonly")
    if text in clause_words() or token.kind != "WORD":
        return "parameter", 0
    return "property", 0


def _phrase(tokens: list[Token]) -> range:
    """Where the phrase of a line's ``expect`` stands: the longest that the vocabulary has."""
    at = next((i for i, token in enumerate(tokens) if token.kind == "EXPECT"), None)
    if at is None:
        return range(0)
    words = [token.text for token in tokens[at + 1 :]]
    longest = max(
        (len(p) for p in _phrases().get(words[0] if words else "", ()) if list(p) == words[: len(p)]), default=0
    )
    return range(at + 1, at + 1 + longest)


@cache
def _phrases() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for words in vocabulary().values():
        literal = tuple(token.word for token in form(words.phrase) if isinstance(token, Literal))
        if literal and not words.phrase.startswith("{"):
            found[literal[0]] = (*found.get(literal[0], ()), literal)
    return MappingProxyType(found)
