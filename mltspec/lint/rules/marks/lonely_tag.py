"""A tag that stands once and is a slip of the finger away from one that stands several times.

What is tagged so is left out when the other tag is selected, and nobody notices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mltspec.language.source import Span
from mltspec.language.suggest import closest
from mltspec.language.tree import Expect, Item, Items, Suite, Word
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.view import View, word_after


def look(view: View) -> Iterator[Offence]:
    """Compare tags that stand once with those that stand more often."""
    places = [place for each in view.statements if isinstance(each, Suite | Expect) for place in _tags(each.items)]
    counts = Counter(tag for tag, _ in places)
    common = [tag for tag, count in counts.items() if count > 1]
    for tag, span in places:
        near = closest(tag, common) if counts[tag] == 1 and len(tag) > 3 else []
        if near:
            yield Offence(f"`{tag}` stands once; was `{near[0]}` meant?", span, fixes=(replacement(span, near[0]),))


def _tags(items: tuple[Item, ...]) -> Iterator[tuple[str, Span]]:
    tags = word_after(items, "tags")
    for tag in tags.items if isinstance(tags, Items) else (tags,):
        if isinstance(tag, Word):
            yield tag.text, tag.span


RULE = Rule(
    look,
    bad="expect loss decreases tags [commit]\nexpect labels matter tags [commit]\n"
    "expect saved model reloads tags [comit]",
    good="expect loss decreases tags [commit]\nexpect labels matter tags [commit]\n"
    "expect saved model reloads tags [nightly]",
)
