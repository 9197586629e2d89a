"""What all claims about one data set share: the ask, and evidence for examples."""

from __future__ import annotations

from mltspec.checks.check import Scope
from mltspec.evidence.dataset import DatasetAsk, DatasetEvidence, Overlap, Passes

MOST_ROWS = 10_000


def look(scope: Scope, on: str | None) -> DatasetAsk:
    """Return the look at one data set, the training data by default; all claims about it share the look."""
    data = scope.data[on] if on else scope.training
    return DatasetAsk(model=scope.model, training=scope.training, data=data, rows=MOST_ROWS, seed=scope.seed)


def example(**seen: object) -> DatasetEvidence:
    """Return evidence of a look at a holdout in which nothing is wrong but what is given."""
    healthy = DatasetEvidence(
        data="holdout",
        training="training",
        rows=200,
        whole=True,
        missing=(),
        blank=False,
        label_columns=(),
        frozen=(),
        cached=(),
        passes=Passes(rows=200, same_order=True, same_rows=True, moved=0, lost=0),
        batches=None,
        split_unseen=None,
        unseen_labels=None,
        label_ranges=None,
        scales=(),
        overlap=example_overlap(),
    )
    return healthy.model_copy(update=seen)


def example_overlap(**seen: object) -> Overlap:
    """Return an overlap of no rows but what is given."""
    none = Overlap(
        rows=200,
        training_rows=800,
        passes=1,
        found=0,
        found_first=0,
        redealt=False,
        copies_in_training=0,
        singles_in_training=800,
        chance=1.0,
        lonely=0,
        examples=(),
    )
    return none.model_copy(update=seen)
