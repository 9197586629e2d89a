"""Train fresh weights on one batch, through the model's own training step, and watch the loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, cast

import keras
import tensorflow as tf

from mltspec.checks.model_spec.one_batch_overfits import OverfitAsk, OverfitEvidence
from mltspec.evidence.kind import Ask, Evidence
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models
from mltspec.subjects.answers import Task
from mltspec.subjects.bench import Bench, Progress
from mltspec.subjects.fresh_rows import packed
from mltspec.subjects.intent import declared
from mltspec.subjects.metrics import KNOWN, measure
from mltspec.subjects.nests import Batch, rows_of
from mltspec.subjects.passes import heads, tensors, watch

STEPS_BETWEEN_LOOKS = 10

LEARNT_OF_THE_WAY = 0.95
LEAST_PATIENCE = 300
"""Where the loss is followed until it no longer falls: enough of the way to stop, and the fewest steps to give up."""

LEARNT_SHARE = 1e-6
"""Share of the loss at the start below which no bound that anyone writes is still open."""


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Train on the first rows of the data, as ``fit`` would, and look at the loss every few steps.

    Args:
        asks: OverfitAsks, each observed from fresh weights.
        found: nothing.
        bench: where the model and its data are found.
    """
    return [_one(cast(OverfitAsk, ask), bench) for ask in asks]


def _one(ask: OverfitAsk, bench: Bench) -> OverfitEvidence:
    framework.prepare(ask.seed, bench.threads)
    model = models.build(ask.model, bench)
    batch = tensors(datasets.load(ask.data, bench, model).head(ask.rows))
    hold_rate(model.optimizer, ask.steps)
    floor = _floor(ask, bench)
    watched = Watch(model, batch, ask.steps, bench.progress, (floor or 0.0) if ask.patient else None)
    model.fit(
        tf.data.Dataset.from_tensors(packed(batch)).repeat(),
        steps_per_epoch=min(STEPS_BETWEEN_LOOKS, ask.steps),
        epochs=math.ceil(ask.steps / STEPS_BETWEEN_LOOKS),
        shuffle=False,
        verbose=0,
        callbacks=[watched],
    )
    lowest, reached = min(((loss, step) for step, loss in watched.losses if math.isfinite(loss)), default=(math.nan, 0))
    return OverfitEvidence(
        rows=rows_of(batch[0]),
        steps=watched.step,
        start=watched.losses[0][1],
        lowest=lowest,
        end=watched.losses[-1][1],
        reached_step=reached,
        accuracy=accuracy(model, batch),
        first_bad_step=watched.first_bad_step,
        floor=floor,
    )


def hold_rate(optimizer: Any, steps: int) -> None:
    """Hold a scheduled learning rate at its highest of the first steps.

    A schedule is made for the whole training: its warm-up or decay over one batch says nothing of the model's wiring.
    """
    schedules = keras.optimizers.schedules.LearningRateSchedule
    schedule = getattr(optimizer, "_learning_rate", None)
    if not isinstance(schedule, schedules):
        return
    highest = max(float(schedule(step)) for step in range(0, steps + 1, max(1, steps // 50)))

    class Held(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
        def __call__(self, step: Any) -> Any:
            return highest

        def get_config(self) -> dict[str, float]:
            return {}

    optimizer._learning_rate = Held()


def _floor(ask: OverfitAsk, bench: Bench) -> float | None:
    """Return the loss of perfect answers, as the user's module declares it."""
    floor = declared(ask.model, bench).get("loss_floor")
    return None if floor is None else float(floor)


def inference_loss(model: Any, batch: Batch) -> Callable[[], float] | None:
    """Return a function that finds the loss of the batch as evaluation does; None if the model cannot say.

    A model with a training step of its own may be compiled without a loss: then there is none to evaluate.
    """
    step = tf.function(model.test_step)

    def now() -> float:
        model.reset_metrics()
        logs = step(packed(batch))
        return float(logs["loss"])

    try:
        now()
    except (ValueError, KeyError, NotImplementedError, TypeError):
        return None
    return now


def accuracy(model: Any, batch: Batch) -> float | None:
    """Return the share of labels that the model decides for, of its worst head; None where labels are numbers."""
    seen = watch(model, [batch], evaluate=False, progress=lambda done, total, unit: None)
    answers = heads(seen, model).values()
    if not answers or any(head.asked is Task.NUMBERS for head in answers):
        return None
    return min(measure(KNOWN["accuracy"], head).value for head in answers)


class Watch(keras.callbacks.Callback):  # type: ignore[misc]
    """Follows one training: the loss at the start and every few steps, and the first that is not finite.

    Args:
        model: compiled, with fresh weights.
        batch: what it is trained on.
        steps: how many steps it may take.
        progress: told every step.
        floor: where the loss may be followed until it no longer falls: the loss of perfect answers; else None.
    """

    def __init__(self, model: Any, batch: Batch, steps: int, progress: Progress, floor: float | None = None) -> None:
        super().__init__()
        self.step = 0
        self.first_bad_step: int | None = None
        self.losses: list[tuple[int, float]] = []
        self._steps, self._progress, self._floor = steps, progress, floor
        self._look = inference_loss(model, batch)
        if self._look is not None:
            self._note(0, self._look())

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Count the step; where evaluation has no loss, the training step's own is the first one seen."""
        self.step += 1
        self._progress(self.step, self._steps, "steps")
        loss = float((logs or {}).get("loss", 0.0))
        if not self.losses or not math.isfinite(loss):
            self._note(self.step, loss)
        if self.step >= self._steps or self.first_bad_step is not None:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Look at the loss, and stop when there is nothing left to learn."""
        if self.first_bad_step is not None:
            return
        start = self.losses[0][1]
        loss = float((logs or {}).get("loss", math.nan)) if self._look is None else self._look()
        self._note(self.step, loss)
        if start > 0 and 0 <= loss <= LEARNT_SHARE * start:
            self.model.stop_training = True
        if self._floor is not None and (self._is_learnt(self._floor) or self._is_over()):
            self.model.stop_training = True

    def _is_learnt(self, floor: float) -> bool:
        """Tell whether more than what the check asks for is made."""
        start, lowest = self.losses[0][1], min(loss for _, loss in self.losses)
        return start > floor and lowest <= start - LEARNT_OF_THE_WAY * (start - floor)

    def _is_over(self) -> bool:
        """Tell whether the last third of the steps, two hundred at least, brought no hundredth of the whole fall."""
        before = [loss for step, loss in self.losses if step <= self.step * 2 / 3]
        lowest = min(loss for _, loss in self.losses)
        return self.step >= LEAST_PATIENCE and min(before) - lowest <= 0.01 * (self.losses[0][1] - lowest)

    def _note(self, step: int, loss: float) -> None:
        self.losses.append((step, loss))
        if not math.isfinite(loss) and self.first_bad_step is None:
            self.first_bad_step = step
