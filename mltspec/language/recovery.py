"""Parsing that goes on after a mistake: report it, mend it if a token or two will do, else skip the line.

Statements begin with a keyword and end with their line, so a mistake never costs more than its own line;
and where that line opens a block of statements, the block is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.language.diagnostic import MOST, Diagnostic, Edit, Fix, Label
from mltspec.language.faults import STATEMENTS, Fault, describe, fault_at
from mltspec.language.foreign import ADVICE, KEYWORDS
from mltspec.language.machine import Machine
from mltspec.language.source import Source, Span
from mltspec.language.suggest import closest
from mltspec.language.tables import END
from mltspec.language.tokens import Token
from mltspec.language.tree import Spec

STAND_INS = {
    "STRING": '""',
    "NUMBER": "2026",
    "EQUAL": "=",
    "COMMA": ",",
    "IN": "in",
    "EACH": "each",
    "WORD": "batch",
}


class Recovery:
    """Feeds tokens to a machine and puts it back on its feet."""

    def __init__(
        self, source: Source, machine: Machine, tokens: Sequence[Token], reported: Sequence[Diagnostic]
    ) -> None:
        self.source = source
        self.machine = machine
        end = len(source.text)
        self.tokens = [*tokens, Token(END, "", end, end)]
        self.diagnostics: list[Diagnostic] = []
        self._lines = {source.position(one.primary.span.start)[0] for one in reported}

    def run(self) -> Spec:
        """Parse all tokens."""
        position = 0
        while (position := self.machine.feed_all(self.tokens, position)) < len(self.tokens):
            position = self._recover(position)
        result = self.machine.result
        return result if isinstance(result, Spec) else Spec(self.source, ())

    def _recover(self, position: int) -> int:
        """Deal with the token that does not fit; return the position to go on from."""
        token = self.tokens[position]
        if token.kind.startswith("ERROR") or len(self.diagnostics) >= MOST:
            return self._skip(position)
        keyword = self._meant_keyword(position)
        if keyword:
            self.machine.feed(Token(keyword.upper(), keyword, token.start, token.end))
            return position + 1
        fault = fault_at(self.machine.state, token)
        self._report(fault, position)
        if fault.insert and self.machine.accepts(*fault.insert, token.kind):
            for kind in fault.insert:
                self.machine.feed(Token(kind, STAND_INS.get(kind, ""), token.start, token.start))
            return position
        return self._skip(position)

    # ------------------------------------------------------------- mending

    def _meant_keyword(self, position: int) -> str:
        """The keyword that a statement's first word was meant to be, having said so; empty if none."""
        token = self.tokens[position]
        if token.kind != "WORD" or not self._begins_statement(position):
            return ""
        possible = [kind.lower() for kind in sorted(STATEMENTS) if self.machine.accepts(kind)]
        foreign = KEYWORDS.get(token.text, "")
        meant = [foreign] if foreign in possible else closest(token.text, possible)[:1]
        if not meant:
            return ""
        keyword = meant[0]
        fix = Fix(f"write `{keyword}`", (Edit(token.span, keyword),))
        if foreign:
            name, message = "word-from-another-tool", f"`{token.text}` is a word from another tool"
            label, help_text = f"here it is `{keyword}`", ADVICE.get(token.text, "")
        else:
            name, message = "unknown-statement", f"`{token.text}` does not begin a statement"
            label, help_text = "no statement begins like this", f"did you mean `{keyword}`?"
        self._add(Diagnostic(name, message, self.source, Label(token.span, label), help=help_text, fixes=(fix,)))
        return keyword

    def _begins_statement(self, position: int) -> bool:
        return position == 0 or self.tokens[position - 1].kind in ("NEWLINE", "LBRACE")

    # ------------------------------------------------------------- skipping

    def _skip(self, position: int) -> int:
        """Drop the rest of a statement, but not the statements in its block."""
        self.machine.retreat()
        depth = 0
        start = position
        while True:
            kind = self.tokens[position].kind
            if kind == END or (depth == 0 and kind in ("NEWLINE", "RBRACE")):
                break
            if kind == "LBRACE":
                if depth == 0 and self._keep_block(position):
                    return position + 1
                depth += 1
            elif kind == "RBRACE":
                depth -= 1
            position += 1
        fits = self.machine.accepts(self.tokens[position].kind)
        return position if fits or position > start else position + 1

    def _keep_block(self, brace: int) -> bool:
        """Let a block of statements stand although its header is broken."""
        inside = brace + 1
        while self.tokens[inside].kind == "NEWLINE":
            inside += 1
        if self.tokens[inside].kind not in STATEMENTS or not self.machine.accepts("SUITE"):
            return False
        opener = self.tokens[brace]
        self.machine.feed(Token("SUITE", "suite", opener.start, opener.start))
        self.machine.feed(Token("STRING", '""', opener.start, opener.start))
        return self.machine.feed(opener)

    # ------------------------------------------------------------- reporting

    def _report(self, fault: Fault, position: int) -> None:
        token = self.tokens[position]
        span = token.span
        if token.kind in ("NEWLINE", END):
            after = self.tokens[position - 1].end if position else 0
            span = Span(after, after)
        fixes: tuple[Fix, ...] = ()
        if fault.text and self.machine.accepts(*fault.insert, token.kind):
            text = fault.text if span.start != span.end else " " + fault.text.strip()
            shown = "a line break" if text == "\n" else f"`{text.strip()}`"
            fixes = (Fix(f"insert {shown}", (Edit(Span(span.start, span.start), text),), safe=False),)
        met = describe(token)
        message, label, help_text = (text.replace("{met}", met) for text in (fault.message, fault.label, fault.help))
        self._add(Diagnostic(fault.name, message, self.source, Label(span, label), help=help_text, fixes=fixes))

    def _add(self, diagnostic: Diagnostic) -> None:
        """Keep the first diagnostic of a line: what follows on it is mostly a consequence."""
        line = self.source.position(diagnostic.primary.span.start)[0]
        if line not in self._lines:
            self._lines.add(line)
            self.diagnostics.append(diagnostic)
