"""What stands under the cursor: what it means, what it stands for, and the defaults that will be used. Markdown."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from inspect import cleandoc
from pathlib import Path
from types import MappingProxyType

from mltspec.assist import targets
from mltspec.assist.cursor import STRINGS
from mltspec.assist.desk import Page
from mltspec.assist.pieces import Line, Piece, lines_of
from mltspec.assist.scopes import Binding, Scope, occurrence_at, scope_at
from mltspec.checks.vocabulary import Words
from mltspec.compile.expectations import understand
from mltspec.compile.fault import Faulty
from mltspec.compile.forms import Slot
from mltspec.compile.match import as_written
from mltspec.language.quantity import Amount, Dimension
from mltspec.language.source import Span
from mltspec.language.tree import Declaration, Expect, ForEach, Let, Number, Use

KEYWORDS: Mapping[str, str] = MappingProxyType(
    {
        "edition": "The year of the language that the file is written in. A later one never changes what it means.",
        "use": "Borrows another spec's names, and its suites that name no model: a pack (`std/…`), or a file.",
        "let": "Gives a value a name. It cannot be changed, and no other name may hide it.",
        "model": "A model: how it is built and, if declared, how it is trained and exported.",
        "data": "Rows to train on or to measure on, from Python or from a file.",
        "baseline": "What a model is compared with: another seed, or a stored version.",
        "server": "A serving system.",
        "pipeline": "A pipeline: stages from raw sources to serving, each with a folder that it writes into.",
        "profile": "Seeds, budgets and tags of a run: `mltspec run --profile NAME`.",
        "attest": "What a person did by hand: who, when, and where the record lies. Half a point in `mltspec score`.",
        "suite": "Claims that are selected and reported together.",
        "expect": "A claim that must hold. One line is one claim.",
        "each": "`for each x in [a, b]` repeats the claims in its block for every value.",
        "any": "`for any batch` searches for a batch that breaks a claim of its block.",
        "for": "`for each x in [a, b]` repeats claims; `for any batch` searches for a batch that breaks one.",
    }
)


@dataclass(frozen=True)
class Hover:
    """Some Markdown about a place."""

    text: str
    span: Span


def hover(page: Page, offset: int) -> Hover | None:
    """Return what is known about a place; None where there is nothing to say."""
    source = page.source
    token = next((t for t in page.tokens_at(offset) if t.kind not in ("WHITESPACE", "NEWLINE", "COMMENT", "DOC")), None)
    if token is None:
        return None
    if token.kind.lower() in KEYWORDS and token.kind != "WORD" and _begins_line(page, token.start):
        return Hover(f"`{token.text}`\n\n{KEYWORDS[token.kind.lower()]}", token.span)
    named = occurrence_at(page.linked.loaded, page.linked.names, offset)
    if named is not None:
        return Hover(_of_binding(named.binding, page), named.span)
    scope = scope_at(page.linked.loaded, page.linked.names, offset)
    if scope is None:
        return None
    if token.kind in STRINGS:
        return _of_string(page, scope, token.span, source.text[token.start + 1 : token.end - 1])
    for line in lines_of(scope.statement, scope.names):
        piece = line.at(offset)
        if piece is not None:
            return _of_piece(piece, line, scope)
    return None


def _begins_line(page: Page, offset: int) -> bool:
    before = page.source.text[page.source.line_start(offset) : offset].rstrip()
    return not before or before.endswith(("{", " for")) or before == "for"


def _of_piece(piece: Piece, line: Line, scope: Scope) -> Hover:
    if piece.clause is None and line.words is not None and isinstance(scope.statement, Expect):
        return Hover(_of_check(line.words, scope), piece.span)
    parts = []
    if piece.clause is not None:
        need = f" Default: `{piece.clause.default}`." if piece.clause.default else ""
        parts.append(f"`{as_written(piece.clause.form)}`\n\n{_sentence(piece.clause.help)}{need}")
    number = next((item for item in piece.items if isinstance(item, Number)), None)
    if number is not None and isinstance(piece.token, Slot):
        parts.append(_of_amount(number.amount))
    return Hover("\n\n".join(parts) or "not understood here", piece.span)


def _of_check(words: Words, scope: Scope) -> str:
    parts = [f"**{as_written(words.phrase)}**: {words.summary}"]
    expect = scope.statement
    if isinstance(expect, Expect):
        try:
            claim = understand(expect, scope.names, scope.in_batch)
        except Faulty as faulty:
            parts.append(f"*{faulty.fault.message}*")
        else:
            if claim.defaults:
                parts.append("Defaults that will be used: " + ", ".join(f"`{each}`" for each in claim.defaults))
            if expect.doc:
                parts.append(expect.doc)
    about = about_check(words.name)
    if about:
        parts.append(about)
    parts.append(f"`mltspec explain {words.name}`")
    return "\n\n".join(parts)


@cache
def about_check(name: str) -> str:
    """Return what a check's module says about it; the module is read, not imported."""
    from mltspec.checks.registry import ENTRIES

    module = next((entry.module for entry in ENTRIES if entry.name == name), "")
    spec = find_spec(f"mltspec.checks.{module}") if module else None
    if spec is None or spec.origin is None:
        return ""
    doc = ast.get_docstring(ast.parse(Path(spec.origin).read_bytes())) or ""
    return cleandoc(doc).partition("\n\n")[2]


def _of_amount(amount: Amount) -> str:
    dimension = amount.dimension
    if dimension is Dimension.NUMBER:
        return f"`{amount.text}`: a bare number"
    base = {Dimension.TIME: " s", Dimension.SIZE: " B", Dimension.RATE: " requests/s"}.get(dimension, "")
    return f"`{amount.text}`: {dimension}, {amount.base.normalize():f}{base}"


def _of_string(page: Page, scope: Scope, span: Span, text: str) -> Hover | None:
    statement = scope.statement
    if isinstance(statement, Use):
        used = next((used for used in page.linked.loaded.used if used.place == statement.path.span), None)
        if used is None:
            return None
        docs = [str(getattr(each, "doc", "")) for each in used.loaded.spec.statements]
        return Hover("\n\n".join([f"`{used.loaded.path.name}`", *filter(None, docs)]), span)
    about = targets.described(page.path, text) if ":" in text else ""
    return Hover(about, span) if about else None


def _of_binding(binding: Binding, page: Page) -> str:
    statement = binding.statement
    lines = binding.source.slice(statement.span).splitlines()
    code = "\n".join(lines[:12])
    match statement:
        case Let() | Declaration():
            doc = statement.doc if isinstance(statement, Declaration) else ""
        case ForEach():
            code, doc = lines[0].rstrip(" {"), "stands for each of these in turn"
        case _:
            code, doc = lines[0], ""
    place = "" if binding.source is page.source else f"\n\nfrom `{Path(binding.source.path).name}`"
    return f"```mlt\n{code}\n```\n\n{doc}".rstrip() + place


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
