"""The first training steps really taken: which weights move, and whether a summed loss makes them too long."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import tensorflow as tf

from mltspec.evidence.fresh import Doubling, Frozen
from mltspec.subjects import state
from mltspec.subjects.fresh_contrasts import ALONE
from mltspec.subjects.fresh_rows import packed
from mltspec.subjects.fresh_step import WatchedStep
from mltspec.subjects.nests import Batch, rows_of
from mltspec.subjects.observers.gradients import frozen_weights, named_weights

FROZEN_STEPS = 3
SUMMED_STEPS = 20


def frozen(model: Any, batches: Iterable[Batch], declared: Mapping[str, Any]) -> Frozen | None:
    """Take a few steps and see whether weights that are not to be trained stand still; None where there are none.

    The steps are kept: this comes last.

    Args:
        model: compiled and built.
        batches: as ``fit`` would give them.
        declared: what its author says is intended; ``frozen`` names layers.
    """
    names = _named(declared.get("frozen"))
    known, intended = named_weights(model, names)
    weights = {id(weight): weight for weight in [*frozen_weights(model), *intended]}
    if not weights and not names:
        return None
    before = [state.value_of(weight) for weight in weights.values()]
    steps = _take(model, itertools.islice(batches, FROZEN_STEPS), mean=False)
    set_so = sorted(each.name for each in model._flatten_layers() if not each.trainable and each.weights)
    return Frozen(
        layers=tuple(dict.fromkeys([*known, *set_so])),
        declared=known,
        unknown=tuple(name for name in names if name not in known),
        weights=len(weights),
        steps=steps,
        moved=tuple(
            weight.path
            for weight, value in zip(weights.values(), before, strict=True)
            if state.value_of(weight).tobytes() != value.tobytes()
        ),
    )


def summed(step: WatchedStep, doubling: Doubling, rows: Batch, batches: Sequence[Batch]) -> Doubling:
    """Take the first steps as they are, and with the gradient of the mean, and compare the loss of a row.

    Args:
        step: the model's watched step; weights are put back.
        doubling: what was found on a few rows.
        rows: rows to find the loss on.
        batches: as ``fit`` would give them.
    """
    model, count = step.model, rows_of(rows[0])
    before = state.snapshot(model)
    start = step.run(rows, ALONE).loss / count
    ends, taken = [], 0
    for mean in (False, True):
        taken = _take(model, itertools.islice(itertools.cycle(batches), SUMMED_STEPS), mean)
        step.begin_here()
        ends.append(step.run(rows, ALONE).loss / count)
        state.restore(model, before)
        step.begin_here()
    return doubling.model_copy(update={"steps": taken, "start": start, "end": ends[0], "end_of_mean": ends[1]})


def _named(declared: Any) -> tuple[str, ...]:
    if isinstance(declared, str):
        return (declared,)
    return tuple(map(str, declared)) if isinstance(declared, list | tuple | set | frozenset) else ()


def _take(model: Any, batches: Iterable[Batch], mean: bool) -> int:
    """Take real training steps and return how many; with ``mean``, gradients are divided by the rows of their batch."""
    rows = tf.Variable(1.0)

    def take(x: Any, y: Any, weight: Any) -> None:
        model.train_step(packed((x, y, weight)))

    traced = take if model.run_eagerly else tf.function(take, autograph=False, reduce_retracing=True)
    steps = 0
    with ExitStack() as stack:
        if mean:
            for kind in {type(optimizer) for optimizer in state.optimizers(model)}:
                stack.enter_context(patch.object(kind, "apply", _of_mean(kind.apply, rows)))
        for batch in batches:
            rows.assign(rows_of(batch[0]))
            traced(*batch)
            steps += 1
    return steps


def _of_mean(plain: Any, rows: tf.Variable) -> Any:
    def apply(optimizer: Any, grads: Any, trainable_variables: Any = None) -> Any:
        divided = [None if each is None else each / tf.cast(rows, each.dtype) for each in grads]
        return plain(optimizer, divided, trainable_variables)

    return apply
