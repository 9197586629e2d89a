"""A baseline that is whatever version is the latest.

Each release may then be a little worse than the one before, within the margin, and after ten of them the model is ten
margins worse. A version that is named stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.tree import Word
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View, items_of, word_after

LATEST = "latest"


def look(view: View) -> Iterator[Offence]:
    """Find baselines from a store without a version."""
    for baseline in view.declarations("baseline"):
        items = tuple(items_of(baseline))
        version = word_after(items, "version")
        moves = version is None or (isinstance(version, Word) and version.text == LATEST)
        if word_after(items, "store") is not None and moves:
            yield Offence(
                f"`{baseline.name.text}` is another model after each one that is saved",
                version.span if version else baseline.name.span,
                "the latest",
                "name the version that was released",
            )


RULE = Rule(
    look,
    bad='baseline released = store "delay" version latest',
    good='baseline released = store "delay" version 12',
)
