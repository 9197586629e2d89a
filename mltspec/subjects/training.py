"""Runs a user's training from a seed: the default ``fit``, or the user's own job in a work folder."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from mltspec.evidence.training import TrainingAsk
from mltspec.subjects import framework
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.commands import run_command
from mltspec.subjects.data import load
from mltspec.subjects.fit_hook import watched
from mltspec.subjects.fitness import check_fit
from mltspec.subjects.intent import fit_of
from mltspec.subjects.loaded import Loaded
from mltspec.subjects.models import build
from mltspec.subjects.nests import Batch
from mltspec.subjects.targets import call, resolve
from mltspec.subjects.watcher import Enough, Watcher

WATCHED_ROWS = 512
"""At most so many of the first training rows are watched."""


def watched_rows(ask: TrainingAsk, bench: Bench) -> tuple[Loaded, Batch]:
    """Return the training data and its first rows, with every generator as if nothing had been read.

    A stream is opened again: a pass over it, even a short one, may change the order of the next.
    """
    framework.prepare(ask.seed, bench.threads)
    loaded = load(ask.data, bench)
    head = loaded.head(WATCHED_ROWS)
    if not loaded.repeatable:
        framework.prepare(ask.seed, bench.threads)
        loaded = load(ask.data, bench)
    framework.prepare(ask.seed, bench.threads)
    return loaded, head


def train(
    ask: TrainingAsk, loaded: Loaded, head: Batch, watcher: Watcher, folder: Path, bench: Bench, backup: bool = False
) -> Any:
    """Train once, watched; return the trained model.

    Args:
        ask: what to train, and from which seed.
        loaded: the training data.
        head: its first rows.
        watcher: sees every step, and may end the run.
        folder: the user's job keeps its checkpoints here.
        bench: the roots that hold the user's code.
        backup: keep a checkpoint there also where there is no job of the user's own.

    Raises:
        Unfit: nothing was trained. What the user's code raises goes through.
    """
    folder.mkdir(parents=True, exist_ok=True)
    returned: Any = None
    try:
        with watched(watcher, lambda: loaded.rows):
            if ask.model.job is not None:
                run_command(ask.model.job, folder, ask.seed, bench)
            elif ask.model.train is not None:
                returned = _own(ask.model.train, folder, ask.seed, bench)
            else:
                _default(ask, loaded, head, watcher, folder if backup else None, bench)
    except Enough:
        watcher.cut = True
    model = trained_model(returned, watcher)
    if model is None:
        raise Unfit(
            f"`{ask.model.job or ask.model.train}` returned no keras.Model and trained none with `fit` or "
            "`train_on_batch`; return the trained model"
        )
    return model


def trained_model(returned: Any, watcher: Watcher) -> Any:
    """Return the model that a job returned, or else the one that it was seen to train."""
    import keras

    return returned if isinstance(returned, keras.Model) else watcher.model


def _default(
    ask: TrainingAsk, loaded: Loaded, head: Batch, watcher: Watcher, backup: Path | None, bench: Bench
) -> None:
    import keras

    fit, more = fit_of(ask.model, bench)
    model = build(ask.model, bench)
    data = loaded.for_model(model)
    rows = data.head(WATCHED_ROWS) if data is not loaded else head
    check_fit(model, data, rows)
    if watcher.rows is not None:
        watcher.rows = rows
    watcher.epochs = fit.epochs
    if watcher.until is not None and watcher.until >= fit.epochs:
        watcher.until = None
    callbacks = list(more.pop("callbacks", []))
    if backup is not None:
        if not model.built:
            model(rows[0])
        callbacks.append(keras.callbacks.BackupAndRestore(backup / "backup"))
    model.fit(**data.fit_arguments(fit), epochs=fit.epochs, verbose=0, callbacks=callbacks, **more)


def _own(target: str, folder: Path, seed: int, bench: Bench) -> Any:
    """Call the user's job with a work folder, and with the seed if it takes one."""
    parameters = inspect.signature(resolve(target, bench)).parameters
    if not parameters:
        raise Unfit(f"`{target}` takes no work folder; declare it as `def train(workdir)`")
    seeded = {"seed": seed} if "seed" in parameters else {}
    return call(target, bench, str(folder), **seeded)
