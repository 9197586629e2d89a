"""What a spec's declarations name outside of it: Python targets, and files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mltspec.language.source import Span
from mltspec.language.tree import Declaration, Items, Text, Word
from mltspec.lint.python import Module, Target, find_name, read_module
from mltspec.lint.tables import Table, read_table
from mltspec.lint.view import View, once

FILES = ("csv", "parquet", "npz", "tfrecord", "recorded", "keras", "savedmodel")
DICTS = ("fit", "declares")
"""Clauses of a model whose target is a dict; all others name what is called."""


@dataclass(frozen=True)
class Named:
    """One target or file: ``kind`` is the source's (``python``, ``csv``), ``role`` what it is to its declaration.

    A role is the clause's first word: ``build``, ``train``, ``fit``; for data it is ``data``, for a stage ``pipeline``.
    """

    declaration: Declaration
    role: str
    kind: str
    text: str
    span: Span


@once
def named(view: View) -> Iterator[Named]:
    """Return everything that models, data and pipelines name outside of the spec."""
    for declaration in view.top:
        if isinstance(declaration, Declaration) and declaration.keyword in ("model", "data", "pipeline"):
            groups = [declaration.items, *(line.items for line in declaration.lines or ())]
            for items in groups:
                yield from _named(declaration, items)


def _named(declaration: Declaration, items: tuple[object, ...]) -> Iterator[Named]:
    words = [item.text if isinstance(item, Word) else "" for item in items]
    for at, word in enumerate(words):
        following = items[at + 1] if at + 1 < len(items) else None
        if word in ("python", *FILES) and isinstance(following, Text):
            before = [each for each in words[:at] if each and each != "as"]
            role = before[-1] if before and declaration.keyword == "model" else declaration.keyword
            yield Named(declaration, role, word, following.value, following.span)
        elif word == "reads" and following is not None:
            texts = following.items if isinstance(following, Items) else (following,)
            for text in texts:
                if isinstance(text, Text):
                    yield Named(declaration, "reads", "file", text.value, text.span)


@dataclass(frozen=True)
class Resolved:
    """A Python target with what was found of it: its module, and what its name is bound to there."""

    named: Named
    module: Module | None
    target: Target | None


@once
def targets(view: View) -> Iterator[Resolved]:
    """Return the Python targets, each looked for under the roots and read."""
    for each in named(view):
        if each.kind == "python" and ":" in each.text:
            module_name, _, name = each.text.partition(":")
            module = read_module(module_name, view.roots)
            yield Resolved(each, module, find_name(module, name, view.roots) if module else None)


def table_of(view: View, data: str) -> Table | None:
    """Return the table that a data set is read from; None where it is no CSV or cannot be read."""
    for each in named(view):
        if each.declaration.name.text == data and each.kind == "csv" and each.role == "data":
            return read_table(each.text, view.roots)
    return None
