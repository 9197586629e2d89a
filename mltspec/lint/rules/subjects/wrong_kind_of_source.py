"""A model that comes from a table, or data that come from a model or straight from TFRecord files.

Each is refused by a run. TFRecord files hold bytes that only their own code can read: a Python callable returns the
`tf.data.TFRecordDataset`, mapped to inputs and labels.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.rule import Offence, Rule
from mltspec.lint.subjects import named
from mltspec.lint.view import View

MODELS = frozenset({"python", "keras", "savedmodel"})
DATA = frozenset({"python", "csv", "parquet", "npz", "recorded"})


def look(view: View) -> Iterator[Offence]:
    """Hold the kinds of sources against what is declared."""
    for each in named(view):
        allowed = {"build": MODELS, "data": DATA}.get(each.role)
        if allowed is not None and each.kind not in allowed:
            what = each.declaration.keyword
            article = "a model" if what == "model" else "data"
            yield Offence(
                f"`{each.kind}` is no source of {article}",
                each.span,
                help='write `python "module:callable"`, and read it there'
                if each.kind == "tfrecord"
                else f"sources of {article}: {', '.join(sorted(allowed))}",
            )


RULE = Rule(
    look,
    bad='edition 2026\ndata history = tfrecord "history.tfrecord"',
    good='edition 2026\ndata history = python "flights.data:training"',
)
