"""A crash at a step that training does not get to.

It ends before it could be killed, and the expectation is inconclusive on every run.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mltspec.language.tree import Item, Number
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.subjects import table_of
from mltspec.lint.view import View, items_of, word_after

EPOCHS, BATCH_ROWS = 5, 32
"""What `model.fit` is called with where the model does not say."""


def look(view: View) -> Iterator[Offence]:
    """Count the steps over CSV files; jobs of the user's own decide for themselves how long they train."""
    models = {each.name.text: each for each in view.declarations("model")}
    for claim in view.claims:
        step = claim.values.get("step")
        if claim.check != "restore-after-crash" or step is None or claim.setting.model not in models:
            continue
        items = tuple(items_of(models[claim.setting.model]))
        table = table_of(view, claim.setting.training)
        if word_after(items, "train") or table is None or table.rows is None or _has_settings(items):
            continue
        epochs, rows = _number(items, "fit", EPOCHS), _number(items, "of", BATCH_ROWS)
        steps = epochs * math.ceil(table.rows / max(1, rows))
        if step > steps:
            yield Offence(
                f"training has {steps:,} steps at most and never gets to step {step:,}",
                claim.span_of(str(step)),
                f"{epochs} epochs of {table.rows:,} rows in batches of {rows}",
                f"for example `at step {max(1, steps // 2)}`",
            )


def _has_settings(items: Sequence[Item]) -> bool:
    return getattr(word_after(items, "fit"), "text", "") == "as"


def _number(items: Sequence[Item], word: str, default: int) -> int:
    item = word_after(items, word)
    return item.amount.whole if isinstance(item, Number) else default


_SPEC = """edition 2026
model delay {
  build python "flights.model:build"
  fit 2 epochs in batches of 2 rows
}
data history = csv "history.csv" label late
"""

RULE = Rule(
    look,
    bad=_SPEC + "expect restore after crash at step 40",
    good=_SPEC + "expect restore after crash at step 3",
    files={"history.csv": "hour,late\n1,1\n2,0\n3,1\n"},
)
