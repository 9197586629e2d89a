r"""Formatting: the edits that bring a spec into the one style, and nothing else.

    format_text('suite "a"   {expect x<=1}')  # suite "a" {\n  expect x <= 1\n}\n

Only blank space, line ends, the last comma of a list, and ``≤ ≥ ≠`` are ever changed; the style itself stands in
``layout``. Line ends are those of the file's first line; a byte-order mark stays; the last line is ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mltspec.language.build import ASCII
from mltspec.language.diagnostic import Diagnostic, Edit, Severity
from mltspec.language.layout import gaps
from mltspec.language.parse import finished, parse_statements
from mltspec.language.pieces import BLANK, COMMENTS, cut
from mltspec.language.source import Source, Span
from mltspec.language.tokens import BYTE_ORDER_MARK, Token, lex
from mltspec.language.uncollected import uncollected


class NotFormatted(ValueError):  # noqa: N818 - a fact about the text, told to its author
    """The text has errors, so what was meant is not known. ``errors`` are its diagnostics of that severity."""

    def __init__(self, errors: Sequence[Diagnostic]) -> None:
        super().__init__(errors[0].message)
        self.errors = tuple(errors)


def format_text(text: str, path: str = "<spec>") -> str:
    """Return a spec in the one style; formatting it again changes nothing.

    Raises:
        NotFormatted: the text has errors of syntax.
    """
    with uncollected():
        tokens = _sound(Source(path, text))
        edits = tuple(_edits(text, tokens))
        if not edits:
            return text
        formatted = applied(text, edits)
        if _meaning(lex(formatted, spaces=False)) != _meaning(tokens):
            raise AssertionError("formatting would have changed more than blank space")
        return formatted


def format_edits(text: str, path: str = "<spec>", lines: range | None = None) -> tuple[Edit, ...]:
    """Return the edits that ``format_text`` makes, in the order of the text and apart from each other.

    ``lines`` (counted from 1) asks only for those that touch these lines; a list over several lines is taken whole.

    Raises:
        NotFormatted: the text has errors of syntax.
    """
    source = Source(path, text)
    tokens = _sound(source)
    edits = tuple(_edits(text, tokens))
    return edits if lines is None else tuple(_within(source, tokens, edits, lines))


def _sound(source: Source) -> tuple[Token, ...]:
    """Return the tokens of a text, blank space left out: where it is sound, that is not worth keeping."""
    tokens = tuple(lex(source.text, spaces=False))
    errors = [found for found in finished(*parse_statements(source, tokens), tokens).diagnostics if _is_error(found)]
    if errors:
        raise NotFormatted(errors)
    return tokens


def _is_error(found: Diagnostic) -> bool:
    return found.severity is Severity.ERROR


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with edits made that are apart from each other and in its order."""
    kept: list[str] = []
    at = 0
    for edit in edits:
        kept += (text[at : edit.span.start], edit.text)
        at = edit.span.end
    return "".join([*kept, text[at:]])


# ------------------------------------------------------------------ edits


def _edits(text: str, tokens: Sequence[Token]) -> Iterator[Edit]:
    line_end = next((token.text for token in tokens if token.kind == "NEWLINE"), "\n")
    pieces = cut(tokens)
    at = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
    for piece, gap in zip(pieces.all, gaps(pieces), strict=True):
        breaks = line_end * gap.lines
        if text[at : piece.start] != gap.comma + breaks + gap.blank:
            yield from _gap_edits(text, at, piece.start, gap.comma, breaks, gap.blank)
        if piece.text in ASCII:
            yield Edit(Span(piece.start, piece.end), ASCII[piece.text])
        at = piece.end
    end = line_end if pieces.all else ""
    if text[at:] != end:
        yield from _gap_edits(text, at, len(text), "", end, "")


def _gap_edits(text: str, start: int, end: int, comma: str, breaks: str, blank: str) -> Iterator[Edit]:
    """Yield what makes a gap as wanted: by line where both have lines, so that each line's edit stands alone."""
    found = text[start:end]
    first, last = found.find("\n"), found.rfind("\n")
    if comma or not breaks or first < 0 or found.strip(BLANK + "\n"):
        yield Edit(Span(start, end), comma + breaks + blank)
        return
    first -= found[:first].endswith("\r")
    for left, right, wanted in ((0, first, ""), (first, last + 1, breaks), (last + 1, len(found), blank)):
        if found[left:right] != wanted:
            yield Edit(Span(start + left, start + right), wanted)


def _within(source: Source, tokens: Sequence[Token], edits: Iterable[Edit], lines: range) -> Iterator[Edit]:
    first, last = lines.start, lines.stop - 1
    for start, end in _statements_over_lines(source, tokens):
        if start <= last and end >= first:
            first, last = min(first, start), max(last, end)
    for edit in edits:
        if source.position(edit.span.start)[0] <= last and source.position(edit.span.end)[0] >= first:
            yield edit


def _statements_over_lines(source: Source, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of what only a list holds together over a line's end."""
    depth, start = 0, 0
    for token in tokens:
        depth += (token.kind == "LSQB") - (token.kind == "RSQB")
        ends = token.kind == "NEWLINE" and not depth
        if ends or token is tokens[-1]:
            first, last = source.position(start)[0], source.position(token.start)[0]
            if first < last:
                yield first, last
            start = token.end


# ------------------------------------------------------------------ what must not change


def _meaning(tokens: Iterable[Token]) -> list[str]:
    """Return what formatting must leave as it is: the words, the comments, and where statements end.

    The commas of a list and line ends inside one say nothing, nor do those at the edges of a block.
    """
    said: list[str] = []
    depth = 0
    for token in tokens:
        kind = token.kind
        depth += (kind == "LSQB") - (kind == "RSQB")
        if kind in COMMENTS:
            said.append(token.text.rstrip(BLANK))
        elif kind == "NEWLINE":
            if not depth and said and said[-1] not in ("\n", "{"):
                said.append("\n")
        elif not (kind == "COMMA" and depth):
            if kind == "RBRACE" and said[-1] == "\n":
                said.pop()
            said.append(ASCII.get(token.text, token.text))
    return said[:-1] if said and said[-1] == "\n" else said
