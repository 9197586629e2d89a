"""Waivers: comments that say which findings are accepted, until when, and why.

    # mlt: allow never-fails until 2027-02-01 -- the bound comes with the next data delivery

On a line of its own a waiver covers the statement below it, all that is in its braces too; at the end of a line it
covers that line.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mltspec.language.source import Source, Span
from mltspec.language.tokens import Token
from mltspec.language.tree import Statement

FORM = "# mlt: allow RULE until 2027-02-01 -- reason"
_MARK = re.compile(r"#+\s*mlt\s*:")
_WAIVER = re.compile(
    r"#+\s*mlt\s*:\s*allow\s+(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)\s+until\s+(?P<until>\S+)\s+--\s+(?P<reason>\S.*)"
)


@dataclass(frozen=True)
class Waiver:
    """One waiver. ``covers`` is what it speaks of; ``fault`` says what is wrong with its form, empty if nothing is."""

    span: Span
    covers: Span
    rules: tuple[tuple[str, Span], ...] = ()
    until: datetime.date | None = None
    reason: str = ""
    fault: str = ""

    def allows(self, name: str, at: int, today: datetime.date) -> bool:
        """Whether a finding of that name at an offset is accepted on a day; the last day counts."""
        if self.until is None or self.until < today or not self.covers.start <= at <= self.covers.end:
            return False
        return any(rule == name for rule, _ in self.rules)


def waivers_of(source: Source, tokens: Sequence[Token], statements: Sequence[Statement]) -> list[Waiver]:
    """Return every waiver of a text; ``statements`` are all of its statements, outer before inner."""
    if "mlt" not in source.text:
        return []
    found = []
    for position, token in enumerate(tokens):
        if token.kind in ("COMMENT", "DOC") and _MARK.match(token.text):
            found.append(_read(token, _covered(source, tokens, position, statements)))
    return found


def _read(token: Token, covers: Span) -> Waiver:
    match = _WAIVER.match(token.text)
    if match is None:
        return Waiver(token.span, covers, fault=_missing(token.text))
    try:
        until = datetime.date.fromisoformat(match["until"])
    except ValueError:
        return Waiver(token.span, covers, fault=f"`{match['until']}` is no date")
    start = token.start + match.start("rules")
    rules = tuple(
        (rule[0], Span(start + rule.start(), start + rule.end())) for rule in re.finditer(r"[\w-]+", match["rules"])
    )
    return Waiver(token.span, covers, rules, until, match["reason"].strip())


def _missing(text: str) -> str:
    body = text.partition(":")[2].split("--")[0].split()
    if body[:1] != ["allow"]:
        return "`allow` is due after `mlt:`"
    if "until" not in body:
        return "no day is named on which it ends"
    if body[1:2] == ["until"]:
        return "no rule is named"
    if not text.partition("--")[2].strip():
        return "no reason is given"
    return "it is not written as a waiver"


def _covered(source: Source, tokens: Sequence[Token], position: int, statements: Sequence[Statement]) -> Span:
    token = tokens[position]
    line = Span(source.line_start(token.start), source.line_end(token.start))
    if source.text[line.start : token.start].strip():
        return line
    skipped = ("COMMENT", "DOC", "WHITESPACE", "NEWLINE")
    following = next((each for each in tokens[position + 1 :] if each.kind not in skipped), None)
    if following is None:
        return line
    below = Span(following.start, source.line_end(following.start))
    return next((each.span for each in statements if each.span.start == following.start), below)
