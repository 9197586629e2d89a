"""The learning rate that steps are taken with, as the optimizer has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from mltspec.evidence.training import RatePoint, Rates

MOST = 128
"""So many steps are kept at most: reading the rate of each would make small steps much longer."""
ENDED = 1e-3
"""A schedule has ended when its rate is below this share of its highest."""
AHEAD = np.unique(np.geomspace(1, 1e7, 64).astype(np.int64))
"""How many steps beyond a run's end its schedule is asked about."""


def inner_optimizer(model: Any) -> Any | None:
    """Return the optimizer that holds the rate, below one that scales losses; None where there is none, or several."""
    optimizer = getattr(model, "optimizer", None)
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    return inner if isinstance(inner, keras.optimizers.Optimizer) else None


def rate_of(optimizer: Any) -> float:
    """Return the rate of the next step."""
    return float(np.asarray(keras.ops.convert_to_numpy(optimizer.learning_rate)))


def is_scheduled(optimizer: Any) -> bool:
    """Whether the rate follows the optimizer's own count of steps."""
    return isinstance(optimizer._learning_rate, keras.optimizers.schedules.LearningRateSchedule)


def count_at_work(optimizer: Any) -> int | None:
    """Return the count of steps at which a schedule that has ended had its highest rate; None if it has not."""
    if not is_scheduled(optimizer):
        return None
    counts = np.unique(np.linspace(0, int(np.asarray(optimizer._iterations)), 64).astype(np.int64))
    rates = [float(np.asarray(keras.ops.convert_to_numpy(optimizer._learning_rate(int(each))))) for each in counts]
    return int(counts[int(np.argmax(rates))]) if rates[-1] < ENDED * max(rates) else None


@dataclass
class RateLog:
    """Rates of steps evenly spread over a run of any length: when there are too many, every other one is dropped."""

    points: list[RatePoint] = field(default_factory=list)
    stride: int = 1
    _model: Any = None
    _optimizer: Any = None
    _begun: int = 0
    _counted: dict[int, int] = field(default_factory=dict)

    def begin(self, model: Any) -> None:
        """A run begins, or goes on, on this model; what was seen of another is dropped."""
        if model is not self._model:
            self._model, self.points, self.stride = model, [], 1
        optimizer = inner_optimizer(model)
        if optimizer is not self._optimizer:
            self._optimizer = optimizer
            self._begun = self._count()

    def stepped(self, step: int, epoch: int) -> None:
        """A step was taken, the ``step``-th of the run, and nobody has changed the rate since."""
        if self._optimizer is None or (step % self.stride and step > 1):
            return
        self.points.append(RatePoint(step=step, epoch=epoch, rate=self._rate()))
        self._counted[step] = self._count() - self._begun
        if len(self.points) > MOST:
            self.stride *= 2
            self.points = [point for point in self.points if point.step == 1 or point.step % self.stride == 0]

    def read(self, steps: int) -> Rates | None:
        """Return what was seen of the first ``steps`` steps, None where no rate was."""
        points = tuple(point for point in self.points if point.step <= steps)
        if self._optimizer is None or not points:
            return None
        scheduled = is_scheduled(self._optimizer)
        ahead = [self._at(self._begun + steps + int(more)) for more in AHEAD] if scheduled else []
        highest = int(np.argmax(ahead)) if ahead else 0
        return Rates(
            points=points,
            schedule=type(self._optimizer._learning_rate).__name__ if scheduled else "",
            counted=self._counted[points[-1].step],
            ahead=max(ahead, default=None),
            ahead_at=steps + int(AHEAD[highest]) if ahead else None,
        )

    def _rate(self) -> float:
        """The rate that the last step was taken with: a schedule has gone on to the next already."""
        if is_scheduled(self._optimizer):
            return self._at(max(self._count() - 1, 0))
        return rate_of(self._optimizer)

    def _at(self, count: int) -> float:
        return float(np.asarray(keras.ops.convert_to_numpy(self._optimizer._learning_rate(count))))

    def _count(self) -> int:
        return 0 if self._optimizer is None else int(np.asarray(self._optimizer._iterations))
