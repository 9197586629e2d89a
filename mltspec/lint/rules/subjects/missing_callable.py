"""A Python target whose module is there and does not define the name.

A run would end before anything is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.source import Span
from mltspec.language.suggest import closest
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.subjects import targets
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Read the module of every target."""
    for target in targets(view):
        if target.module is None or target.target is not None:
            continue
        name, _, wanted = target.named.text.partition(":")
        end = target.named.span.end - 1
        span = Span(end - len(wanted), end)
        near = closest(wanted, target.module.bound)
        yield Offence(
            f"`{name}` defines no `{wanted}`",
            span,
            "not defined",
            "" if near else f"look into {target.module.file.name}",
            fixes=tuple(replacement(span, each) for each in near[:1]),
        )


RULE = Rule(
    look,
    bad='edition 2026\ndata history = python "flights.data:trainning"',
    good='edition 2026\ndata history = python "flights.data:training"',
    files={"flights/data.py": "def training():\n    return [[0.0]], [[1.0]]\n"},
)
