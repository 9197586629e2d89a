"""The training loss at every step, read off the logs of ``fit`` without waiting for the device."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Recorded = Any
"""What a step reported: a tensor or number, or None."""

Floats = NDArray[np.float64]


def loss_in(logs: Any) -> Recorded:
    """Return the loss among a step's logs: ``loss``, else the first that is named so, else None."""
    if not isinstance(logs, Mapping):
        return logs if logs is not None and np.ndim(logs) == 0 else None
    if "loss" in logs:
        return logs["loss"]
    return next((value for name, value in logs.items() if "loss" in str(name)), None)


@dataclass
class Curve:
    """Losses as they were logged, tensors kept as they are until the epoch ends.

    Keras logs the mean over the epoch so far. The step's own loss is the difference of two such means,
    weighted by the rows seen; where a model logs something else, it is taken as it is.
    """

    steps: list[int] = field(default_factory=list)
    logged: list[float] = field(default_factory=list)
    weights: list[tuple[float, float]] = field(default_factory=list)
    counts: list[float | None] = field(default_factory=list)
    _starts: list[int] = field(default_factory=lambda: [0])
    _held: list[Recorded] = field(default_factory=list)
    _first_count: float | None = None
    _count: float | None = None

    def add(self, step: int, recorded: Recorded, count: float | None = None) -> None:
        """Keep what a step reported; ``count`` is over how many rows, where that is not the epoch's so far."""
        if recorded is not None:
            self.steps.append(step)
            self.counts.append(count)
            self._held.append(recorded)

    def count_first(self, model: Any) -> None:
        """Note how many rows the first step of an epoch had."""
        self._first_count = rows_counted(model)

    def count_all(self, model: Any) -> None:
        """Note how many rows an epoch had; the first call counts, for validation resets the model's metrics."""
        self._count = rows_counted(model) if self._count is None else self._count

    def end_epoch(self, model: Any) -> None:
        """Read the epoch's losses."""
        self.flush()
        self.count_all(model)
        self.weights.append((self._first_count or 0.0, self._count or 0.0))
        self._starts.append(len(self.logged))
        self._first_count = self._count = None

    def flush(self) -> None:
        """Turn tensors into numbers."""
        self.logged += [float(np.mean(value)) for value in self._held]
        self._held.clear()

    def losses(self) -> Floats:
        """Return each step's own loss, (steps,)."""
        self.flush()
        logged = np.asarray(self.logged, np.float64)
        if self.counts and None not in self.counts:
            return _by_counts(logged, np.asarray(self.counts, np.float64))
        found = logged.copy()
        bounds = [*self._starts, len(logged)]
        for at, (start, end) in enumerate(itertools.pairwise(bounds)):
            first, total = self.weights[at] if at < len(self.weights) else (0.0, 0.0)
            if end > start and first > 0:
                found[start:end] = _own(logged[start:end], first, total)
        return found

    def save(self, file: Path, until: int | None = None) -> str:
        """Write the curve as NPZ: ``step``, ``logged``, ``loss``, (steps,) each; return the digest of the logged."""
        losses = self.losses()
        kept = [at for at, step in enumerate(self.steps) if until is None or step <= until]
        logged = np.asarray(self.logged, np.float64)[kept]
        with file.open("wb") as stream:
            np.savez(stream, step=np.asarray(self.steps, np.int64)[kept], logged=logged, loss=losses[kept])
        return hashlib.sha256(logged.tobytes()).hexdigest()

    def first_bad(self) -> int | None:
        """Return the first step whose loss was not finite."""
        self.flush()
        return next((step for step, loss in zip(self.steps, self.logged, strict=True) if not np.isfinite(loss)), None)


def _own(logged: Floats, first: float, total: float) -> Floats:
    """Undo the running mean of one epoch, whose batches are alike but for the last."""
    weights = np.full(len(logged), first)
    if total > 0 and len(logged) > 1 and 0 < total - first * (len(logged) - 1) <= first:
        weights[-1] = total - first * (len(logged) - 1)
    sums = logged * np.cumsum(weights)
    with np.errstate(invalid="ignore"):
        return np.diff(sums, prepend=0.0) / weights  # type: ignore[no-any-return]


def _by_counts(logged: Floats, counts: Floats) -> Floats:
    """Undo running means that begin anew wherever the rows counted do not grow."""
    before = np.concatenate([[0.0], counts[:-1]])
    fresh = counts <= before
    sums = logged * counts
    earlier = np.where(fresh, 0.0, np.concatenate([[0.0], sums[:-1]]))
    return (sums - earlier) / np.where(fresh, counts, counts - before)


def rows_counted(model: Any) -> float | None:
    """Return over how many rows the model's mean loss is taken so far; None where it keeps no such mean."""
    for metric in model.metrics:
        if metric.name == "loss" and hasattr(metric, "count"):
            count = float(np.asarray(metric.count.value))
            return count or None
    return None
