"""Look at a data set: its cells, its augmentation, two passes over it, and what it shares with the training data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from mltspec.evidence.dataset import DatasetAsk, DatasetEvidence, FrozenDraw
from mltspec.evidence.kind import Ask, Evidence
from mltspec.plan.subject import Data
from mltspec.subjects import data as datasets
from mltspec.subjects import dataset_rows, framework, models
from mltspec.subjects.bench import Bench
from mltspec.subjects.dataset_cells import blank, label_columns, missing, one_class_batches
from mltspec.subjects.dataset_rows import Pass
from mltspec.subjects.dataset_scale import scales, unseen_labels
from mltspec.subjects.dataset_traces import cached_augmentation, watched
from mltspec.subjects.intent import fit_of
from mltspec.subjects.loaded import Loaded
from mltspec.subjects.nests import taken

TRAINING_PASSES = 4
"""Passes over training data that is dealt anew each time; rows that leak show after two."""


@dataclass(frozen=True)
class Looked:
    """A data set that was loaded and read: in one pass if a pass leaves no trace, else in several."""

    loaded: Loaded
    passes: tuple[Pass, ...]
    frozen: tuple[FrozenDraw, ...]
    cached: tuple[str, ...]


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Read every data set once or a few times, and hold it against the training data.

    Args:
        asks: DatasetAsks about one training.
        found: nothing.
        bench: the roots that hold the user's code and files.

    Raises:
        Unfit: the data cannot be used at all. What the user's code raises goes through.
    """
    wanted = [cast(DatasetAsk, ask) for ask in asks]
    framework.prepare(wanted[0].seed, bench.threads)
    training = _look(wanted[0].training, wanted[0], bench, TRAINING_PASSES)
    looked = {wanted[0].training: training}
    for number, ask in enumerate(wanted):
        bench.progress(number, len(wanted), "data sets")
        if ask.data not in looked:
            looked[ask.data] = _look(ask.data, ask, bench, 2)
    return [_evidence(ask, looked[ask.data], training, bench) for ask in wanted]


def _look(data: Data, ask: DatasetAsk, bench: Bench, most_passes: int) -> Looked:
    """Load one data set and read it; passes that hold the same rows as the first are not repeated further."""
    with watched() as traces:
        # A table is laid out as the model takes it.
        loaded = datasets.load(data, bench, models.build(ask.model, bench) if data.label is not None else None)
        ordered = loaded.arrays() is not None
        passes = [dataset_rows.read(loaded, ask.rows, fit_of(ask.model, bench)[0].batch_rows if ordered else None)]
        while not loaded.repeatable and len(passes) < most_passes:
            _end_epoch(loaded)
            passes.append(dataset_rows.read(loaded, ask.rows))
            if len(passes) == 2 and set(passes[0].keys) == set(passes[1].keys):
                break
    source = getattr(loaded, "source", None)
    cached = cached_augmentation(source) if hasattr(source, "element_spec") else ()
    return Looked(loaded, tuple(passes), traces.frozen(), cached)


def _end_epoch(loaded: Loaded) -> None:
    """Tell a Keras data set that an epoch is over, as ``fit`` does: it may shuffle itself."""
    end = getattr(getattr(loaded, "source", None), "on_epoch_end", None)
    if callable(end):
        end()


def _evidence(ask: DatasetAsk, here: Looked, training: Looked, bench: Bench) -> DatasetEvidence:
    first = here.passes[0]
    own = ask.data == ask.training
    unshuffled = own and (not here.loaded.repeatable or not fit_of(ask.model, bench)[0].shuffle)
    unseen, ranges = (None, None) if own else unseen_labels(training.passes[0].batch, first.batch)
    whole = first.whole and training.passes[0].whole
    second = here.passes[1] if len(here.passes) > 1 else first
    return DatasetEvidence(
        data=ask.data.name,
        training=ask.training.name,
        rows=len(first.keys),
        whole=first.whole,
        missing=missing(first.batch, lambda: models.build(ask.model, bench)),
        blank=blank(first.batch),
        label_columns=label_columns(first.batch),
        frozen=here.frozen,
        cached=here.cached if set(first.keys) == set(second.keys) else (),
        passes=dataset_rows.passes(first, second),
        batches=one_class_batches(first.batch[1], first.sizes) if unshuffled else None,
        split_unseen=_split_unseen(first, fit_of(ask.model, bench)[1], here.loaded) if own else None,
        unseen_labels=unseen,
        label_ranges=ranges,
        scales=() if own else scales(training.passes[0].batch, first.batch, whole),
        overlap=None if own else dataset_rows.overlap(training.passes, first),
    )


def _split_unseen(first: Pass, options: Mapping[str, Any], loaded: Loaded) -> float | None:
    """Return the share of rows held back by ``validation_split``, always the last, whose class is not trained on."""
    share, rows = options.get("validation_split"), len(first.keys)
    if not share or loaded.arrays() is None or not first.whole:
        return None
    cut = math.floor(rows * (1.0 - float(share)))
    return unseen_labels(*(taken(first.batch, part) for part in (slice(0, cut), slice(cut, rows))))[0]
