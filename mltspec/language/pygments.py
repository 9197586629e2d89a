"""A lexer for Pygments, so that specs are coloured in documents: ``pygmentize -l mlt``, Sphinx, MkDocs.

It cuts the text as the parser does, so it cannot know another language than the parser. Pygments finds it by the entry
point of this package.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pygments.lexer import Lexer
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Whitespace,
)

from mltspec.language.parts import Part, parts
from mltspec.language.tokens import lex

TOKENS = {
    Part.KEYWORD: Keyword,
    Part.KIND: Keyword.Declaration,
    Part.NAME: Name.Variable,
    Part.MARK: Name.Attribute,
    Part.WORD: Text,
    Part.NUMBER: Number,
    Part.UNIT: Keyword.Type,
    Part.DATE: Literal.Date,
    Part.STRING: String.Double,
    Part.OPERATOR: Operator,
    Part.PUNCTUATION: Punctuation,
    Part.COMMENT: Comment.Single,
    Part.DOC: String.Doc,
    Part.BLANK: Whitespace,
    Part.ERROR: Error,
}


class MltLexer(Lexer):
    """Specs of mltspec."""

    name = "mltspec"
    aliases: ClassVar[list[str]] = ["mlt", "mltspec"]
    filenames: ClassVar[list[str]] = ["*.mlt"]
    mimetypes: ClassVar[list[str]] = ["text/x-mlt"]

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, Any, str]]:
        """Yield offset, kind and text of each piece; together they are the text."""
        for each in parts(lex(text)):
            yield each.start, TOKENS[each.part], each.text
