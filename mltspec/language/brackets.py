"""Braces and brackets are matched before parsing, so that the parser never meets an unbalanced one.

One forgotten brace would otherwise make every later line an error. Where the counts disagree, the
indentation tells which brace was forgotten: a statement that begins no further right than the line
which opened a block cannot be inside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.language.diagnostic import MOST, Diagnostic, Edit, Fix, Label
from mltspec.language.source import Source, Span
from mltspec.language.tokens import Token

PAIRS = {"LBRACE": "RBRACE", "LSQB": "RSQB"}
NESTING = 64
"""How deep brackets may nest. No spec needs more, and what walks the tree may recurse."""

UNBALANCED = frozenset(("unclosed-brace", "unclosed-bracket", "unmatched-brace", "unmatched-bracket"))
TOP = frozenset(["EDITION", "USE", "MODEL", "DATA", "BASELINE", "SERVER", "PIPELINE", "PROFILE", "SUITE"])
INNER = frozenset(["LET", "EXPECT", "FOR"])
HOLDS_STATEMENTS = frozenset(("SUITE", "FOR"))


class _Open:
    """A bracket that waits for its partner."""

    __slots__ = ("indent", "keyword", "token")

    def __init__(self, token: Token, indent: int, keyword: str) -> None:
        self.token = token
        self.indent = indent
        self.keyword = keyword


class Balance:
    """One pass over the significant tokens of a source."""

    def __init__(self, source: Source, tokens: Sequence[Token], *, by_indent: bool) -> None:
        self.source = source
        self.tokens = tokens
        self.by_indent = by_indent
        self.result: list[Token] = []
        self.diagnostics: list[Diagnostic] = []
        self._open: list[_Open] = []
        self._too_deep = 0
        self._indent = 0
        self._keyword = ""
        self._blocks = 0

    def run(self) -> None:
        """Match every bracket; add what is missing, drop what is too much."""
        fresh = True
        for position, token in enumerate(self.tokens):
            kind = token.kind
            if kind == "NEWLINE":
                if not fresh and self.by_indent:
                    self._end_line(position)
                fresh = True
                if not self._too_deep and not (self._open and self._open[-1].token.kind == "LSQB"):
                    self.result.append(token)
                continue
            if fresh:
                if kind == "LBRACE":
                    self._lonely_brace(token)
                else:
                    self._begin_line(token)
                fresh = False
            if kind in PAIRS:
                self._opening(token)
            elif kind in ("RBRACE", "RSQB"):
                self._closing(token)
            elif not self._too_deep:
                self.result.append(token)
        end = self.tokens[-1].end if self.tokens else 0
        while self._open:
            self._unclosed(end)

    def _begin_line(self, token: Token) -> None:
        self._indent = token.start - self.source.line_start(token.start)
        self._keyword = token.kind
        self._blocks = 0
        if not self.by_indent or self._too_deep:
            return
        if token.kind in TOP or token.kind in INNER:
            while self._open and self._cannot_hold(self._open[-1], token):
                self._unclosed(token.start)
        elif token.kind == "RBRACE" and any(opened.indent == self._indent for opened in self._open):
            while self._open[-1].indent > self._indent:
                self._unclosed(token.start)

    def _end_line(self, position: int) -> None:
        """Add the brace that a suite or a loop lacks, where the next line is indented like its content."""
        if self._keyword not in HOLDS_STATEMENTS or self._too_deep or self._blocks:
            return
        following = position
        while following < len(self.tokens) and self.tokens[following].kind == "NEWLINE":
            following += 1
        if following == len(self.tokens) or self.tokens[following].kind == "LBRACE":
            return
        start = self.tokens[following].start
        if start - self.source.line_start(start) <= self._indent:
            return
        end = self.tokens[position - 1].end
        fix = Fix("insert `{`", (Edit(Span(end, end), " {"),), safe=False)
        message = "the block of this statement is not opened"
        self._report("missing-brace", message, Span(end, end), "a `{` is due here", fix)
        self._opening(Token("LBRACE", "{", end, end))

    def _lonely_brace(self, brace: Token) -> None:
        """Read a `{` on a line of its own as the end of the line above."""
        above = len(self.result)
        while above and self.result[above - 1].kind == "NEWLINE":
            above -= 1
        if above in (0, len(self.result)) or self.result[above - 1].kind in ("LBRACE", "RBRACE"):
            return
        del self.result[above:]
        gap = Span(self.result[-1].end, brace.start)
        fixes = () if self.source.slice(gap).strip() else (Fix("move it up", (Edit(gap, " "),)),)
        message = "a `{` ends the line of the statement that it belongs to"
        self._report("brace-on-its-own-line", message, brace.span, "move it to the line above", *fixes)

    def _cannot_hold(self, opened: _Open, token: Token) -> bool:
        if opened.token.kind == "LSQB":
            return self._indent <= opened.indent
        at_home = token.kind in INNER and opened.keyword in HOLDS_STATEMENTS
        return self._indent < opened.indent or (self._indent == opened.indent and not at_home)

    def _opening(self, token: Token) -> None:
        while token.kind == "LBRACE" and self._open and self._open[-1].token.kind == "LSQB":
            self._unclosed(token.start)
        if self._too_deep or len(self._open) >= NESTING:
            if not self._too_deep:
                self._report("nested-too-deeply", f"blocks may nest {NESTING} deep at most", token.span, "too deep")
            self._too_deep += 1
            return
        self._blocks += token.kind == "LBRACE"
        self._open.append(_Open(token, self._indent, self._keyword))
        self.result.append(token)

    def _closing(self, token: Token) -> None:
        if self._too_deep:
            self._too_deep -= 1
            return
        while token.kind == "RBRACE" and self._open and self._open[-1].token.kind == "LSQB":
            self._unclosed(token.start)
        if self._open and PAIRS[self._open[-1].token.kind] == token.kind:
            self._open.pop()
            self.result.append(token)
            return
        if len(self.diagnostics) >= MOST:
            return
        name = "unmatched-brace" if token.kind == "RBRACE" else "unmatched-bracket"
        fix = Fix(f"remove `{token.text}`", (Edit(token.span, ""),), safe=False)
        self._report(name, f"this `{token.text}` closes nothing", token.span, "nothing is open here", fix)

    def _unclosed(self, before: int) -> None:
        """Close the innermost bracket in front of an offset and say where it was opened."""
        opened = self._open.pop().token
        closer = PAIRS[opened.kind]
        if opened.kind == "LBRACE":
            self._report("unclosed-brace", "this `{` is never closed", opened.span, "the block begins here")
            self.result.append(Token("NEWLINE", "", before, before))
            self.result.append(Token(closer, "}", before, before))
            self.result.append(Token("NEWLINE", "", before, before))
            return
        self._report("unclosed-bracket", "this `[` is never closed", opened.span, "the list begins here")
        self._close_list_at_line_end(opened)
        if before > self.source.line_end(self.result[-1].end):
            self.result.append(Token("NEWLINE", "", before, before))

    def _close_list_at_line_end(self, opened: Token) -> None:
        """End a list where its line ends: what follows was meant as statements of their own."""
        tail: list[Token] = []
        while self.result[-1] is not opened:
            tail.append(self.result.pop())
        tail.reverse()
        line_end = self.source.line_end(opened.start)
        inside = [token for token in tail if token.start < line_end]
        self.result += inside
        at = inside[-1].end if inside else opened.end
        self.result.append(Token("RSQB", "]", at, at))
        rest = tail[len(inside) :]
        line = self.source.position(opened.start)[0]
        for token in rest:  # newlines inside the list were dropped on the way
            if self.source.position(token.start)[0] != line:
                line = self.source.position(token.start)[0]
                self.result.append(Token("NEWLINE", "", token.start, token.start))
            self.result.append(token)

    def _report(self, name: str, message: str, span: Span, label: str, *fixes: Fix) -> None:
        if len(self.diagnostics) < MOST:
            self.diagnostics.append(Diagnostic(name, message, self.source, Label(span, label), fixes=fixes))


def balance(source: Source, tokens: Sequence[Token]) -> tuple[list[Token], list[Diagnostic]]:
    """Return the tokens with every bracket matched, and what had to be said about it."""
    plain = Balance(source, tokens, by_indent=False)
    plain.run()
    if UNBALANCED.isdisjoint(found.name for found in plain.diagnostics):
        return plain.result, plain.diagnostics
    careful = Balance(source, tokens, by_indent=True)
    careful.run()
    return careful.result, careful.diagnostics
