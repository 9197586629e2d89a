"""A baseline from the store that nobody has saved.

Every comparison with it is inconclusive. `mltspec baseline save` keeps one in the folder `baselines`; where the first
run is to go without, the declaration says `may be missing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mltspec.language.suggest import closest
from mltspec.language.tree import Number, Text, Word
from mltspec.lint.disk import find, is_file, is_folder, names_in
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.view import View, items_of, word_after

FOLDER = "baselines"
OBJECTS = "objects"


def look(view: View) -> Iterator[Offence]:
    """Look for the folder and the file of every stored baseline."""
    folder = find(FOLDER, view.roots) or Path(FOLDER)
    for baseline in view.declarations("baseline"):
        items = tuple(items_of(baseline))
        name, version = word_after(items, "store"), word_after(items, "version")
        if not isinstance(name, Text) or any(isinstance(item, Word) and item.text == "missing" for item in items):
            continue
        if not is_folder(folder / name.value):
            saved = [each for each in names_in(folder) if each != OBJECTS]
            near = closest(name.value, saved)
            yield Offence(
                f"no baseline `{name.value}` has been saved",
                name.span,
                "not in the store",
                "" if near else f"`mltspec baseline save {name.value}` saves it; until then write `may be missing`",
                fixes=tuple(replacement(name.span, f'"{each}"') for each in near[:1]),
            )
        elif isinstance(version, Number) and not is_file(folder / name.value / f"{version.amount.whole}.json"):
            yield Offence(f"`{name.value}` has no version {version.amount.text}", version.span, "not in the store")


RULE = Rule(
    look,
    bad='edition 2026\nbaseline released = store "dealy"',
    good='edition 2026\nbaseline released = store "delay" version 3',
    files={"baselines/delay/3.json": "{}"},
)
