"""A claim that may fail for half of the seeds or more.

`in >= 1 of 5 seeds` passes a training that works by luck: one that fails four times out of five still holds in
two runs out of three.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find claims of the form k of n where k is at most half of n."""
    for claim in view.claims:
        seeds, held = claim.amount("seeds"), claim.values.get("held")
        if seeds is not None and isinstance(held, int) and seeds.whole > 1 and 2 * held <= seeds.whole:
            yield Offence(
                f"{held} of {seeds.text} is passed by luck",
                claim.span_of(seeds.text),
                "most seeds may fail",
                f"ask for {seeds.whole - seeds.whole // 5} of {seeds.text}",
            )


RULE = Rule(look, bad="expect loss decreases in >= 1 of 5 seeds", good="expect loss decreases in >= 4 of 5 seeds")
