"""Short trainings from the same start at other learning rates: the test of whether the rate is what is wrong."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from mltspec.checks.quality.standing import remedy
from mltspec.evidence.trained import RateTry
from mltspec.evidence.training import TrainingAsk
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models, state
from mltspec.subjects.bench import Bench
from mltspec.subjects.fresh_rows import packed
from mltspec.subjects.intent import fit_of
from mltspec.subjects.nests import Batch, mapped, rows_of, taken
from mltspec.subjects.trained_model import tensor
from mltspec.subjects.watched_loss import WatchedLoss

SLOWER, FASTER = (0.1, 0.01, 0.001, 10.0), (10.0, 100.0, 1000.0, 0.1)
"""Multiples of the user's learning rate, the likely ones first; trying ends with one that shows the rate to blame."""

MOST_STEPS, MOST_BATCHES = 300, 64
MOST_WORK = 4e9
"""A try takes fewer steps where weights times rows times steps would exceed this: a limit in time would let the verdict
depend on how busy the machine is."""


def try_rates(run: TrainingAsk, steps: int, rows: Batch, bench: Bench) -> tuple[RateTry, ...]:
    """Train from fresh weights at multiples of the user's learning rate, equally long on the same batches.

    Args:
        run: whose model and data.
        steps: the run's; at most 300 are taken, and fewer of a large model.
        rows: the loss is watched on these.
        bench: the roots that hold the user's code.

    Returns:
        Nothing where the rate is a schedule or there is none.
    """
    framework.prepare(run.seed, bench.threads)
    model = models.build(run.model, bench)
    optimizer = getattr(model, "optimizer", None)
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    if inner is None or isinstance(inner._learning_rate, keras.optimizers.schedules.LearningRateSchedule):
        return ()
    batches = _batches(run, model, bench)
    if not model.built:
        keras.Model.predict_step(model, (mapped(tensor, batches[0][0]),))
    rate = float(np.asarray(inner.learning_rate))
    fresh, watched = state.snapshot(model), WatchedLoss(model, rows)
    most = max(1, min(steps, MOST_STEPS, int(MOST_WORK / (model.count_params() * rows_of(batches[0][0])))))

    def trial(factor: float) -> RateTry:
        state.restore(model, fresh)
        inner.learning_rate = rate * factor
        start = watched.take()
        count = _train(model, batches, most)
        return RateTry(factor=factor, rate=rate * factor, steps=count, start=start, loss=watched.take())

    found = [trial(1.0)]
    diverged = not found[0].loss <= found[0].start
    for factor in SLOWER if diverged else FASTER:
        found.append(trial(factor))
        if remedy(found) is not None:
            break
    return tuple(found)


def _batches(run: TrainingAsk, model: Any, bench: Bench) -> list[Batch]:
    """Return batches as ``fit`` would draw them, all of one size so that one trace serves them."""
    loaded = datasets.load(run.data, bench, model)
    whole = loaded.arrays()
    if whole is None:
        found = list(itertools.islice(loaded.batches(), MOST_BATCHES))
    else:
        fit, _ = fit_of(run.model, bench)
        order = np.random.default_rng(0).permutation(loaded.rows) if fit.shuffle else np.arange(loaded.rows)
        order = order[: MOST_BATCHES * fit.batch_rows]
        found = [taken(whole, order[at : at + fit.batch_rows]) for at in range(0, len(order), fit.batch_rows)]
    return [batch for batch in found if rows_of(batch[0]) == rows_of(found[0][0])]


def _train(model: Any, batches: Sequence[Batch], steps: int) -> int:
    """Take steps, as ``fit`` does, until the loss is no number; return how many."""
    endless = (packed(batch) for batch in itertools.cycle(batches))
    counted = _Counted()
    stop = keras.callbacks.TerminateOnNaN()
    model.stop_training = False
    model.fit(endless, steps_per_epoch=steps, epochs=1, shuffle=False, verbose=0, callbacks=[counted, stop])
    return counted.steps


class _Counted(keras.callbacks.Callback):  # type: ignore[misc]
    """Counts steps."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Count one."""
        self.steps += 1
