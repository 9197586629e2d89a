"""A profile that runs a tag which no expectation has.

`mltspec run --profile` would select nothing, and a run of nothing proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.suggest import closest
from mltspec.language.tree import Items, Word
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.view import View, items_of, word_after


def look(view: View) -> Iterator[Offence]:
    """Hold the tags of profiles against those of claims; packs bring tags of their own."""
    if not view.claims or view.linked.packs:
        return
    known = sorted({tag for each in view.claims for tag in each.tags})
    for profile in view.declarations("profile"):
        tags = word_after(tuple(items_of(profile)), "tags")
        for tag in tags.items if isinstance(tags, Items) else (tags,):
            if isinstance(tag, Word) and tag.text not in known:
                near = closest(tag.text, known)
                yield Offence(
                    f"no expectation is tagged `{tag.text}`",
                    tag.span,
                    "selects nothing",
                    "" if near else f"tags: {', '.join(known) or 'none'}",
                    fixes=tuple(replacement(tag.span, each) for each in near[:1]),
                )


RULE = Rule(
    look,
    bad="profile quick {\n  runs tags [comit]\n}\nexpect loss decreases tags [commit]",
    good="profile quick {\n  runs tags [commit]\n}\nexpect loss decreases tags [commit]",
)
