"""Two names that differ only in case, in underscores, or in `l`, `1`, `O` and `0`.

A slip of the finger then refers to the wrong one, and nothing complains.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.diagnostic import Label
from mltspec.language.tree import Declaration, Let, Word
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View

ALIKE = str.maketrans({"1": "l", "i": "l", "0": "o", "_": None})


def look(view: View) -> Iterator[Offence]:
    """Find names that a reader takes for one another."""
    seen: dict[str, Word] = {}
    for statement in view.statements:
        if not isinstance(statement, Declaration | Let):
            continue
        name = statement.name
        first = seen.setdefault(name.text.lower().translate(ALIKE), name)
        if first.text != name.text:
            yield Offence(
                f"`{name.text}` is easily taken for `{first.text}`",
                name.span,
                "this one",
                "choose names that a reader tells apart",
                (Label(first.span, "and this one"),),
            )


RULE = Rule(look, bad='data hold_out = csv "h.csv" label late', good='data golden = csv "h.csv" label late')
