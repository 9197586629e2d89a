"""A run of training that is killed, or started again: what happens inside the drill's own processes."""

from __future__ import annotations

import hashlib
import os
import signal
from pathlib import Path
from typing import Any, cast

import numpy as np

from mltspec.evidence.training import TrainingAsk
from mltspec.plan.wire import Wire
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.file_calls import DOOR, STEPS, Steps, hand_over
from mltspec.subjects.state import save_state, value_of
from mltspec.subjects.training import train, watched_rows
from mltspec.subjects.watcher import Watcher

TARGET = "mltspec.subjects.crashing:crashing_run"
START, KILLED, ENDED, REFUSED = "start.json", "killed.json", "ended.json", "refused.txt"
STATE, CURVE, RESTART = "state.npz", "curve.npz", "restart.npz"

MOST_KEPT_BYTES = 256 * 2**20
"""States at the starts of epochs are kept, to be compared with a restart, while they are not larger together."""


class Start(Wire):
    """A process as it begins its first step: ``epoch`` is the number, from 0, of the epoch that it begins."""

    iterations: int
    epoch: int
    weights: str


class Killed(Wire):
    """The last step before the kill, and how many epochs were complete."""

    step: int
    epochs: int


class Ended(Wire):
    """How many steps this process trained until its training was over, and the optimizer's own count."""

    steps: int
    iterations: int


def crashing_run(payload: dict[str, object], bench: Bench) -> None:
    """Train in a folder, and be killed after a step, or go on to the end.

    Args:
        payload: ``ask``, the training ask's JSON; ``folder``, where the training keeps its checkpoints;
            ``report``, an empty folder for what is seen; ``kill_at``, the step after which this process
            gets its SIGKILL, None for never; ``calls``, a folder with the socket at which the calls that change files
            are handed over, and the file in which steps are counted; None for neither.
        bench: of this process.
    """
    ask = TrainingAsk.model_validate(payload["ask"])
    report = Path(cast(str, payload["report"]))
    kill_at = cast("int | None", payload["kill_at"])
    loaded, head = watched_rows(ask, bench)
    calls = cast("str | None", payload.get("calls"))
    observer = _Observer(report, kill_at, head[0], Steps(Path(calls, STEPS)) if calls else None)
    if calls:
        hand_over(str(Path(calls, DOOR)))
    watcher = Watcher(rows=None, before_step=observer.before_step, after_step=observer.after_step)
    try:
        model = train(ask, loaded, head, watcher, Path(cast(str, payload["folder"])), bench, backup=True)
    except Exception as error:
        text = str(error) if isinstance(error, Unfit) else f"{type(error).__name__}: {error}"
        text = text.replace(f"{payload['folder']}/", "")  # where the folder lies says nothing, and changes
        (report / REFUSED).write_text(" ".join(text.split()))
        raise
    save_state(model, report / STATE, head[0])
    watcher.curve.save(report / CURVE)
    _write(report / ENDED, Ended(steps=watcher.step, iterations=_iterations(model)))


class _Observer:
    """Writes down how the first step finds the model, and kills after the last."""

    def __init__(self, report: Path, kill_at: int | None, inputs: Any, steps: Steps | None) -> None:
        self._report = report
        self._kill_at = kill_at
        self._inputs = inputs
        self._steps = steps
        self._kept_bytes = 0

    def before_step(self, watcher: Watcher) -> None:
        if watcher.in_epoch:
            return
        if watcher.step == 0:
            start = Start(
                iterations=_iterations(watcher.model),
                epoch=watcher.first_epoch,
                weights=_weights(watcher.model),
            )
            _write(self._report / START, start)
        if self._kill_at is None and watcher.step == 0:
            save_state(watcher.model, self._report / RESTART, self._inputs)
        elif self._kill_at is not None and self._kept_bytes < MOST_KEPT_BYTES:
            file = self._report / at_step(watcher.step)
            save_state(watcher.model, file, self._inputs)
            self._kept_bytes += file.stat().st_size

    def after_step(self, watcher: Watcher) -> None:
        if self._steps is not None:
            self._steps.tell(watcher.step)
        if self._kill_at is not None and watcher.step >= self._kill_at:
            _iterations(watcher.model)  # the device has finished the step once this is read
            _write(self._report / KILLED, Killed(step=watcher.step, epochs=watcher.epoch - 1))
            os.kill(os.getpid(), signal.SIGKILL)


def at_step(step: int) -> str:
    """Return the name of the state kept before the step after ``step``."""
    return f"at-{step}.npz"


def _write(file: Path, record: Wire) -> None:
    file.write_text(record.to_json())


def _iterations(model: Any) -> int:
    optimizer = getattr(model, "optimizer", None)
    return 0 if optimizer is None else int(np.asarray(optimizer.iterations.value))


def _weights(model: Any) -> str:
    total = hashlib.sha256()
    for variable in model.trainable_variables:
        total.update(np.ascontiguousarray(value_of(variable)).view(np.uint8).tobytes())
    return total.hexdigest()
