"""Two baselines that are one: the same seed, or the same version of a store.

A spec that compares with both compares with one of them twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.compile.reading import shown
from mltspec.language.diagnostic import Label
from mltspec.language.source import Span
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View, items_of


def look(view: View) -> Iterator[Offence]:
    """Find baselines that are declared in the same words."""
    seen: dict[tuple[str, ...], tuple[str, Span]] = {}
    for baseline in view.declarations("baseline"):
        words = tuple(shown(item) for item in items_of(baseline))
        name, span = seen.setdefault(words, (baseline.name.text, baseline.name.span))
        if name != baseline.name.text:
            yield Offence(
                f"`{baseline.name.text}` is the same as `{name}`",
                baseline.name.span,
                "again here",
                "remove it, or let it be another one",
                (Label(span, "first here"),),
            )


RULE = Rule(look, bad="baseline other = run seed 1", good="baseline other = run seed 2")
