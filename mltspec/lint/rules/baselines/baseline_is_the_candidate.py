"""A baseline trained from the seed that the model itself is trained from.

Both are one run: they are equal to the last bit, and the comparison can never fail.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.compile.profile import Profile
from mltspec.language.tree import Declaration, Number
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View, items_of, word_after


def look(view: View) -> Iterator[Offence]:
    """Hold the seeds of baselines against those of the profiles, the built-in one among them."""
    seeds = {_seed(each): f"profile `{each.name.text}`" for each in view.declarations("profile") if _seed(each)}
    seeds.setdefault(Profile().seed, "a run without a profile")
    for baseline in view.declarations("baseline"):
        seed = _seed(baseline)
        if seed is not None and seed in seeds:
            item = word_after(tuple(items_of(baseline)), "seed")
            yield Offence(
                f"`{baseline.name.text}` is the model itself: {seeds[seed]} trains from seed {seed} as well",
                item.span if item else baseline.name.span,
                "the same seed",
                "choose another seed",
            )


def _seed(declaration: Declaration) -> int | None:
    item = word_after(tuple(items_of(declaration)), "seed")
    return item.amount.whole if isinstance(item, Number) else None


RULE = Rule(
    look,
    bad="baseline twin = run seed 7\nexpect auc on holdout >= twin - 1pp",
    good="baseline twin = run seed 8\nexpect auc on holdout >= twin - 1pp",
)
