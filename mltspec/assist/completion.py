"""What may be written at a place: keywords, phrases, clauses, names, units, paths, and names in Python files.

Only what is valid there is offered, and it works in broken lines, which is where it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mltspec.assist import pieces, targets
from mltspec.assist.cursor import Cursor, cursor_at, items_of
from mltspec.assist.desk import Page
from mltspec.assist.pieces import DECLARED, Due, Line
from mltspec.assist.scopes import Scope, scope_at
from mltspec.assist.templates import PHRASES, STATEMENTS, Template, as_snippet
from mltspec.checks.vocabulary import vocabulary
from mltspec.compile.dimensions import SPEECH
from mltspec.compile.expectations import MARKS
from mltspec.compile.forms import Literal, Sign, Slot
from mltspec.compile.match import as_written
from mltspec.compile.names import Names
from mltspec.compile.suites import BATCH, HEAD
from mltspec.language.quantity import UNITS, Dimension
from mltspec.language.source import Span
from mltspec.language.tokens import Token
from mltspec.language.tree import Number

COMPARISONS = (">=", "<=", ">", "<", "=", "!=")
_QUOTED = re.compile(r"`(\w+)`")
METRICS = ("accuracy", "auc", "loss", "mae", "mse", "precision", "quality", "recall")


class Kind(StrEnum):
    """What an offer is, for the sign beside it."""

    KEYWORD = "keyword"
    PHRASE = "phrase"
    CLAUSE = "clause"
    NAME = "name"
    METRIC = "metric"
    UNIT = "unit"
    OPERATOR = "operator"
    FILE = "file"
    FOLDER = "folder"
    MODULE = "module"
    CALLABLE = "callable"


@dataclass(frozen=True)
class Offer:
    """Something that may be written. ``text`` replaces ``span``; as a snippet if ``snippet`` is set."""

    label: str
    kind: Kind
    text: str
    span: Span
    detail: str = ""
    doc: str = ""
    snippet: str = ""
    order: int = 0


def complete(page: Page, offset: int) -> list[Offer]:
    """Return what may be written at an offset, the likeliest first."""
    cursor = cursor_at(page.source, offset)
    if cursor.comment:
        return []
    if cursor.string is not None:
        return list(_in_string(page, cursor))
    scope = scope_at(page.linked.loaded, page.linked.names, offset)
    offers = [replace(offer, order=i) for i, offer in enumerate(_offers(page, cursor, scope))]
    fitting = [offer for offer in offers if offer.label.startswith(cursor.typed) and offer.label != cursor.typed]
    unique: dict[tuple[str, Kind], Offer] = {}
    for offer in fitting:
        unique.setdefault((offer.label, offer.kind), offer)
    return list(unique.values())


def _offers(page: Page, cursor: Cursor, scope: Scope | None) -> Iterator[Offer]:
    names = scope.names if scope else page.linked.names
    inner = cursor.blocks[-1][0].kind if cursor.blocks and cursor.blocks[-1] else ""
    before = cursor.before
    if inner in ("MODEL", "DATA", "BASELINE", "SERVER", "PIPELINE", "PROFILE"):
        yield from _declared(inner.lower(), before, names, cursor, inside=True)
    elif inner == "EXPECT":
        yield from _in_block(cursor, names)
    elif not before:
        yield from _statements(cursor, names)
    else:
        yield from _statement(page, cursor, names)


def _statements(cursor: Cursor, names: Names) -> Iterator[Offer]:
    inside = bool(cursor.blocks)
    for template in STATEMENTS:
        if template.inside if inside else template.top:
            yield _of_template(template, cursor)
    if inside:
        in_batch = any(len(block) > 1 and block[1].kind == "ANY" for block in cursor.blocks)
        yield from _phrases(cursor, in_batch, "expect ")


def _statement(page: Page, cursor: Cursor, names: Names) -> Iterator[Offer]:
    first, rest = cursor.before[0], cursor.before[1:]
    match first.kind:
        case "EXPECT":
            yield from _expect(cursor, rest, names)
        case "SUITE" if rest:
            if rest[-1].text == "[" or _in_list(rest):
                yield from _known_tags(page, cursor)
            else:
                yield from _due(pieces.clauses(HEAD.all, items_of(rest[1:]), names), cursor, names)
        case "FOR" if not rest:
            yield from (_keyword(word, cursor) for word in ("each", "any"))
        case "FOR" if rest[0].kind == "ANY":
            if len(rest) == 1:
                yield _keyword("batch", cursor)
            else:
                yield from _due(pieces.clauses(BATCH.all, items_of(rest[2:]), names), cursor, names)
        case "FOR" if rest[0].kind == "EACH":
            yield from ([_keyword("in", cursor)] if len(rest) == 2 else _values(names, cursor))
        case "EDITION":
            yield Offer("2026", Kind.KEYWORD, "2026", cursor.span)
        case "LET" if "=" in [token.text for token in rest]:
            yield from _values(names, cursor)
        case "DATA" | "BASELINE" | "SERVER" | "MODEL" if "=" in [token.text for token in rest]:
            yield from _declared(first.kind.lower(), rest[2:], names, cursor, inside=False)


def _expect(cursor: Cursor, rest: Sequence[Token], names: Names) -> Iterator[Offer]:
    in_batch = any(len(block) > 1 and block[1].kind == "ANY" for block in cursor.blocks)
    if not rest:
        yield from _phrases(cursor, in_batch)
        yield from _metrics(cursor, names)
        return
    yield from _due(pieces.expectation(items_of(tuple(rest)), names), cursor, names)


def _in_block(cursor: Cursor, names: Names) -> Iterator[Offer]:
    head = pieces.expectation(items_of(cursor.blocks[-1][1:]), names)
    if head.words is not None:
        yield from _due(pieces.block(head.words, items_of(cursor.before), names), cursor, names)


def _declared(kind: str, before: Sequence[Token], names: Names, cursor: Cursor, *, inside: bool) -> Iterator[Offer]:
    first, among = DECLARED.get(kind, (None, ()))
    line = pieces.clauses(among, items_of(tuple(before)), names, None if inside else first)
    yield from _due(line, cursor, names)


# ----------------------------------------------------------------- what a form wants next


def _due(line: Line, cursor: Cursor, names: Names) -> Iterator[Offer]:
    marks = {clause.form for clause in MARKS}
    ordered = sorted(line.due, key=lambda due: due.clause is not None and due.clause.form in marks)
    for due in ordered:
        yield from _of_due(due, cursor, names)


def _of_due(due: Due, cursor: Cursor, names: Names) -> Iterator[Offer]:
    token, clause = due.token, due.clause
    if isinstance(token, Literal | Sign):
        snippet = as_snippet(due.rest)
        text = pieces.written(due.rest)
        help_text = clause.help if clause else ""
        default = f"default: {clause.default}" if clause and clause.default else ""
        yield Offer(text, Kind.CLAUSE, text, cursor.span, default, help_text, snippet)
        return
    if token.kind in ("name", "names") and clause is not None:
        for word in _QUOTED.findall(clause.help):
            yield Offer(word, Kind.NAME, word, cursor.span, "", clause.help)
    yield from _of_slot(token, cursor, names)


def _of_slot(slot: Slot, cursor: Cursor, names: Names) -> Iterator[Offer]:
    match slot.kind:
        case "amount":
            yield from _amounts(slot.dimensions, cursor, names)
        case "choice":
            yield from (Offer(choice, Kind.KEYWORD, choice, cursor.span) for choice in slot.choices)
        case "compare":
            yield from (Offer(sign, Kind.OPERATOR, sign, cursor.span) for sign in COMPARISONS)
        case "data" | "model" | "server" | "pipeline":
            yield from _of_kind(slot.kind, cursor, names)
        case "stage":
            stages = dict.fromkeys(name for each in names.of("pipeline").values() for name in each.stages)
            yield from (Offer(name, Kind.NAME, name, cursor.span, "stage") for name in stages)
        case "baseline" if cursor.before[-1].text in ("+", "-"):
            yield from _amounts((Dimension.POINTS,), cursor, names)
        case "baseline":
            yield from _of_kind("baseline", cursor, names)
        case "metric":
            yield from _metrics(cursor, names)
        case "origin":
            yield from (_source(kind, cursor) for kind in targets.SOURCES)
        case "target":
            yield _source("python", cursor)
        case "allowed" | "run":
            yield Offer(slot.kind, Kind.KEYWORD, slot.kind, cursor.span)
        case "batch":
            yield Offer("1..64 rows", Kind.UNIT, "1..64 rows", cursor.span)
        case "range":
            yield Offer("0..1", Kind.UNIT, "0..1", cursor.span)


def _amounts(dimensions: Sequence[str], cursor: Cursor, names: Names) -> Iterator[Offer]:
    """Units for the number that is typed, and names that stand for a quantity of the right dimension."""
    digits = cursor.typed.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ%/ ")
    number = digits if digits[:1].isdigit() else "" if cursor.typed else "5"
    for dimension in dimensions if number else ():
        for unit in _units(dimension):
            snippet = "" if digits else f"${{1:{number}}}{unit}"
            yield Offer(number + unit, Kind.UNIT, number + unit, cursor.span, SPEECH[dimension].a, "", snippet)
    for name, items in names.lets.items():
        if len(items) == 1 and isinstance(items[0], Number) and items[0].amount.dimension in dimensions:
            yield Offer(name, Kind.NAME, name, cursor.span, items[0].amount.text)


def _units(dimension: str) -> list[str]:
    preferred = list(SPEECH[dimension].units)
    if dimension in (Dimension.TIME, Dimension.SIZE):
        preferred += [name for name, unit in UNITS.items() if unit.dimension == dimension and len(name) <= 3]
    return list(dict.fromkeys(preferred))


def _of_kind(kind: str, cursor: Cursor, names: Names) -> Iterator[Offer]:
    yield from (Offer(name, Kind.NAME, name, cursor.span, kind) for name in names.of(kind))


def _values(names: Names, cursor: Cursor) -> Iterator[Offer]:
    for name in (*names.lets, *names.declared):
        yield Offer(name, Kind.NAME, name, cursor.span)


def _metrics(cursor: Cursor, names: Names) -> Iterator[Offer]:
    yield from (Offer(metric, Kind.METRIC, metric, cursor.span, "metric") for metric in METRICS)
    yield from (Offer(name, Kind.NAME, name, cursor.span) for name in names.lets)


def _phrases(cursor: Cursor, in_batch: bool, lead: str = "") -> Iterator[Offer]:
    for words in vocabulary().values():
        if words.in_batch is in_batch and not words.phrase.startswith("{"):
            label = lead + as_written(words.phrase)
            snippet = lead + PHRASES.get(words.name, "") if words.name in PHRASES else ""
            yield Offer(label, Kind.PHRASE, label, cursor.span, words.summary, words.summary, snippet)


def _known_tags(page: Page, cursor: Cursor) -> Iterator[Offer]:
    for tag in sorted(page.tags):
        yield Offer(tag, Kind.NAME, tag, cursor.span, "tag")


def _in_list(tokens: Sequence[Token]) -> bool:
    kinds = [token.kind for token in tokens]
    return kinds.count("LSQB") > kinds.count("RSQB")


def _keyword(word: str, cursor: Cursor) -> Offer:
    return Offer(word, Kind.KEYWORD, word, cursor.span)


def _source(kind: str, cursor: Cursor) -> Offer:
    example = "module:callable" if kind == "python" else f"data/rows.{kind}"
    return Offer(kind, Kind.KEYWORD, kind, cursor.span, "", "", f'{kind} "${{1:{example}}}"')


def _of_template(template: Template, cursor: Cursor) -> Offer:
    return Offer(template.label, Kind.KEYWORD, template.label, cursor.span, template.detail, "", template.snippet)


# ----------------------------------------------------------------- in quotes


def _in_string(page: Page, cursor: Cursor) -> Iterator[Offer]:
    typed = cursor.string or ""
    span = Span(cursor.offset - len(typed), cursor.offset)
    last = cursor.before[-1] if cursor.before else None
    if last is None:
        return
    if last.kind == "USE":
        found = targets.specs(page.path, typed)
    elif last.text == "python":
        found = targets.python(page.path, typed)
    elif last.text in targets.SOURCES:
        found = targets.files(page.path, typed)
    else:
        return
    for label, kind, detail in found:
        yield Offer(label, Kind(kind), label, span, detail)
