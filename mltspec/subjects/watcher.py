"""Watches training from inside ``fit``: every step's loss, and now and then the loss on the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mltspec.subjects.bench import Progress
from mltspec.subjects.nests import Batch
from mltspec.subjects.points import at_end, within_epoch
from mltspec.subjects.rates import RateLog
from mltspec.subjects.step_losses import Curve, Recorded
from mltspec.subjects.watched_loss import WatchedLoss

StepHook = Callable[["Watcher"], None]


class Enough(BaseException):
    """Ends a run after the epochs asked for; no ``except Exception`` of the user's swallows it."""


@dataclass(frozen=True)
class Point:
    """The watched loss after a step: ``in_epoch`` of ``steps`` (None: not known then) into ``epoch``, or at its end."""

    step: int
    epoch: int
    in_epoch: int
    steps: int | None
    end: bool
    loss: float


@dataclass
class Watcher:
    """What is seen of a run, over all calls of ``fit`` and ``train_on_batch``.

    Args:
        rows: the watched rows, or None to take no loss on them.
        limits: the numbers of epochs that are asked for; None for the whole run.
        until: end the run after so many epochs by raising `Enough`.
        progress: told every step.
        epochs: how many the run has, None if nobody knows.
        before_step: called before every step, the first time with everything restored.
        after_step: called after every step, before any callback.
    """

    rows: Batch | None
    limits: Sequence[int | None] = (None,)
    until: int | None = None
    progress: Progress | None = None
    epochs: int | None = None
    before_step: StepHook | None = None
    after_step: StepHook | None = None
    model: Any = None
    step: int = 0
    epoch: int = 0
    in_epoch: int = 0
    first_epoch: int = 0
    steps_per_epoch: int | None = None
    points: list[Point] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    logs: list[dict[str, float]] = field(default_factory=list)
    curve: Curve = field(default_factory=Curve)
    rates: RateLog = field(default_factory=RateLog)
    inference: bool = True
    cut: bool = False
    watching_s: float = 0.0
    first_step_at: float = 0.0
    last_step_at: float = 0.0
    _loss: WatchedLoss | None = None
    _due: frozenset[int] = frozenset()
    _length: int | None = None

    def begin(self, model: Any) -> None:
        """A call of ``fit`` begins on this model; one trained before it is no longer the one watched."""
        self.rates.begin(model)
        if self.model is not model:
            self.model = model
            self.points.clear()
            self._loss = None if self.rows is None else WatchedLoss(model, self.rows)
            self._take(end=True)

    def begin_epoch(self, steps: int | None) -> None:
        """The next epoch begins; ``steps`` is its length where it is known."""
        self.epoch += 1
        self.in_epoch = 0
        self.steps_per_epoch = self._length = steps or self.steps_per_epoch
        spans = [self.span(limit) for limit in self.limits]
        self._due = frozenset(
            step
            for span in spans
            if span is None or self.epoch <= span
            for step in within_epoch(self.epoch, span, self.steps_per_epoch)
        )

    def span(self, limit: int | None) -> int | None:
        """Return how many epochs a limit stands for, None if nobody knows."""
        return self.epochs if limit is None else limit if self.epochs is None else min(limit, self.epochs)

    def stepped(self, recorded: Recorded, steps: int = 1, count: float | None = None) -> None:
        """A step has been made; ``count`` as for `Curve.add`."""
        self.step += steps
        self.in_epoch += steps
        self.curve.add(self.step, recorded, count)
        if self.in_epoch == steps:
            self.curve.count_first(self.model)
        self.rates.stepped(self.step, self.epoch)
        now = time.perf_counter()
        self.first_step_at = self.first_step_at or now
        self.last_step_at = now
        if self.after_step is not None:
            self.after_step(self)
        if self.in_epoch in self._due:
            self._take(end=False)
        if self.progress is not None:
            epochs = self.epochs if self.until is None else self.until
            self.progress(self.step, (epochs or 0) * (self.steps_per_epoch or 0), "steps")

    def end_epoch(self, logs: dict[str, Any] | None) -> None:
        """An epoch is over.

        Raises:
            Enough: it was the last one asked for.
        """
        self.steps_per_epoch = self.in_epoch or self.steps_per_epoch
        self.ends.append(self.step)
        self.logs.append({name: float(value) for name, value in (logs or {}).items() if isinstance(value, int | float)})
        self.curve.end_epoch(self.model)
        if any(at_end(self.epoch, self.span(limit)) for limit in self.limits):
            self._take(end=True)
        if self.until is not None and self.epoch >= self.until:
            raise Enough

    def steps_per_second(self) -> float:
        """Return the speed after the first step, which is traced, and without the time spent watching."""
        seconds = self.last_step_at - self.first_step_at - self.watching_s
        return (self.step - 1) / seconds if self.step > 1 and seconds > 0 else 0.0

    def _take(self, end: bool) -> None:
        if self._loss is None or not self.inference:
            return
        began = time.perf_counter()
        try:
            loss = self._loss.take()
        except Exception:
            # A model that cannot be evaluated is judged by its training losses.
            self.inference = False
            return
        self.points.append(Point(self.step, self.epoch, self.in_epoch, self._length, end, loss))
        if self.step:
            self.watching_s += time.perf_counter() - began
