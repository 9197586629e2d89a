"""A file of data or of a model that is not there.

It may come with a later step; where it does, a waiver or the settings say so.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.suggest import closest
from mltspec.lint.disk import find, names_in
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.subjects import named
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Look for every file under the roots, as a run would."""
    for each in named(view):
        if each.kind == "python" or find(each.text, view.roots) is not None:
            continue
        near = _near(each.text, view)
        yield Offence(
            f"there is no file `{each.text}`",
            each.span,
            "not found",
            "" if near else "it is looked for beside the spec and at the project's top",
            fixes=tuple(replacement(each.span, f'"{text}"') for text in near[:1]),
        )


def _near(text: str, view: View) -> list[str]:
    folder, _, name = text.rpartition("/")
    names = {each for root in view.roots for each in names_in(root / folder)}
    return [f"{folder}/{each}" if folder else each for each in closest(name, names)]


RULE = Rule(
    look,
    bad='edition 2026\ndata golden = csv "data/goldn.csv" label late',
    good='edition 2026\ndata golden = csv "data/golden.csv" label late',
    files={"data/golden.csv": "hour,late\n1,1\n"},
)
