"""Which year's language a spec is written in.

A later edition never changes what an older file means; so every file says which it was written for.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.language.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from mltspec.language.source import Source, Span
from mltspec.language.tokens import BYTE_ORDER_MARK, Token
from mltspec.language.tree import Edition, Spec

EDITIONS = ("2026",)
NEWEST = EDITIONS[-1]


def check_edition(spec: Spec, tokens: Sequence[Token]) -> tuple[Spec, list[Diagnostic]]:
    """Say what is wrong with a spec's edition; of an unknown one, no statement is kept.

    ``tokens`` are those of the text as it was typed: where the word stands in a broken statement, that
    statement has been reported already.
    """
    stated = [statement for statement in spec.statements if isinstance(statement, Edition)]
    if not stated:
        written = any(token.kind == "EDITION" for token in tokens)
        return spec, [] if written or not spec.statements else [_missing(spec)]
    for edition in stated:
        if edition.year not in EDITIONS:
            return Spec(spec.source, ()), [_unknown(spec.source, edition)]
    found = [_repeated(spec.source, again, stated[0]) for again in stated[1:]]
    first = spec.statements[0]
    if first is not stated[0]:
        found.append(_not_first(spec.source, stated[0], first.span))
    return spec, found


def _top(source: Source) -> Span:
    offset = len(BYTE_ORDER_MARK) if source.text.startswith(BYTE_ORDER_MARK) else 0
    return Span(offset, offset)


def _missing(spec: Spec) -> Diagnostic:
    fix = Fix(f"begin the file with `edition {NEWEST}`", (Edit(_top(spec.source), f"edition {NEWEST}\n"),))
    return Diagnostic(
        "missing-edition",
        "the file does not say which edition it is written for",
        spec.source,
        Label(Span(spec.statements[0].span.start, spec.statements[0].span.start + 1), f"read as {NEWEST}"),
        severity=Severity.WARNING,
        fixes=(fix,),
    )


def _unknown(source: Source, edition: Edition) -> Diagnostic:
    year = Span(edition.span.end - len(edition.year), edition.span.end)
    known = " and ".join(EDITIONS)
    newer = edition.year.isdigit() and edition.year > NEWEST
    return Diagnostic(
        "unknown-edition",
        f"there is no edition {edition.year}",
        source,
        Label(year, f"this mltspec knows {known}"),
        help="a newer mltspec may know it" if newer else "",
        fixes=(Fix(f"write `{NEWEST}`", (Edit(year, NEWEST),), safe=False),),
    )


def _repeated(source: Source, again: Edition, first: Edition) -> Diagnostic:
    return Diagnostic(
        "repeated-edition",
        "a file has one edition",
        source,
        Label(again.span, "stated again"),
        (Label(first.span, "first stated here"),),
        fixes=(Fix("remove this line", (Edit(_whole_line(source, again.span), ""),)),),
    )


def _not_first(source: Source, edition: Edition, first: Span) -> Diagnostic:
    move = (
        Edit(_top(source), source.slice(edition.span) + "\n"),
        Edit(_whole_line(source, edition.span), ""),
    )
    return Diagnostic(
        "edition-not-first",
        "the edition stands before everything else",
        source,
        Label(edition.span, "too late: what stands above has been read already"),
        (Label(Span(first.start, first.start + 1), "the file begins here"),),
        fixes=(Fix("move it to the top", move),),
    )


def _whole_line(source: Source, span: Span) -> Span:
    """A statement with its line's end, if it has the line to itself; else the statement alone."""
    start, end = source.line_start(span.start), source.line_end(span.start)
    if source.text[start:end].strip() != source.slice(span):
        return span
    follows = source.text[end : end + 2]
    return Span(start, end + (2 if follows == "\r\n" else len(follows[:1])))
