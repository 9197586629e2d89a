"""Joins a watcher to every call of ``fit`` and ``train_on_batch``, whoever makes it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from mltspec.subjects.nests import leaves
from mltspec.subjects.step_losses import loss_in, rows_counted
from mltspec.subjects.watcher import Watcher


@contextmanager
def watched(watcher: Watcher, rows: Callable[[], int]) -> Iterator[None]:
    """Have all training in this process watched, until the block is left.

    Args:
        watcher: told of every step and epoch.
        rows: how many rows make an epoch, asked only where training goes by ``train_on_batch``.
    """
    import keras

    plain_fit, plain_on_batch = keras.Model.fit, keras.Model.train_on_batch
    keras.Model.fit = _watched_fit(plain_fit, watcher)
    keras.Model.train_on_batch = _watched_on_batch(plain_on_batch, watcher, rows)
    try:
        yield
    finally:
        keras.Model.fit, keras.Model.train_on_batch = plain_fit, plain_on_batch


def _watched_fit(plain: Callable[..., Any], watcher: Watcher) -> Callable[..., Any]:
    @functools.wraps(plain)
    def fit(self: Any, *positional: Any, **named: Any) -> Any:
        import keras

        # fit(x, y, batch_size, epochs, verbose, callbacks, ...): callbacks may stand sixth.
        given = list(positional)
        callbacks = given[5] if len(given) > 5 else named.get("callbacks")
        ours = _callback(watcher)
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(ours)
            ours.set_model(self)
        elif callbacks is None or isinstance(callbacks, list | tuple):
            callbacks = [*(callbacks or ()), ours]
        else:
            callbacks = [callbacks, ours]
        if len(given) > 5:
            given[5] = callbacks
        else:
            named["callbacks"] = callbacks
        return plain(self, *given, **named)

    return fit


def _callback(watcher: Watcher) -> Any:
    """Return the callback that tells epochs, and counts steps where ``fit`` makes them.

    Steps are counted around the model's train function, not in ``on_train_batch_end``: so Keras need not
    wait for each step's logs, and a step is seen before any other callback can act on it.
    """
    import keras

    class Epochs(keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_begin(self, logs: Any = None) -> None:
            if watcher.epochs is None and watcher.epoch == 0 and (self.params or {}).get("epochs", 1) > 1:
                watcher.epochs = self.params["epochs"]
            self.model.train_function = _counted(self.model, watcher)
            watcher.begin(self.model)

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if watcher.epoch == 0:
                watcher.first_epoch = epoch
            if not hasattr(self.model.train_function, "counted"):
                self.model.train_function = _counted(self.model, watcher)
            watcher.begin_epoch((self.params or {}).get("steps"))

        def on_test_begin(self, logs: Any = None) -> None:
            if watcher.in_epoch:
                watcher.curve.count_all(self.model)

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            watcher.end_epoch(logs)

        def on_train_end(self, logs: Any = None) -> None:
            self.model.train_function = getattr(self.model.train_function, "counted", self.model.train_function)

    return Epochs()


def _counted(model: Any, watcher: Watcher) -> Callable[[Any], Any]:
    """Return the model's train function, with the watcher told of every step."""
    plain = getattr(model.train_function, "counted", model.train_function)
    many = model.steps_per_execution > 1

    def train_function(iterator: Any) -> Any:
        if watcher.before_step is not None:
            watcher.before_step(watcher)
        before = _iterations(model) if many else 0
        logs = plain(iterator)
        watcher.stepped(loss_in(logs), max(1, _iterations(model) - before) if many else 1)
        return logs

    train_function.counted = plain  # type: ignore[attr-defined]
    return train_function


def _iterations(model: Any) -> int:
    return int(np.asarray(model.optimizer.iterations.value))


def _watched_on_batch(plain: Callable[..., Any], watcher: Watcher, rows: Callable[[], int]) -> Callable[..., Any]:
    """Return ``train_on_batch`` with steps counted, and epochs by the rows that went in."""
    seen = 0

    @functools.wraps(plain)
    def train_on_batch(self: Any, x: Any, *positional: Any, **named: Any) -> Any:
        nonlocal seen
        if watcher.model is not self:
            if not self.built:
                self(x)
            watcher.begin(self)
        if seen == 0:
            watcher.begin_epoch(None)
        if watcher.before_step is not None:
            watcher.before_step(watcher)
        found = plain(self, x, *positional, **named)
        first = found[0] if isinstance(found, list | tuple) else found
        watcher.stepped(loss_in(first), count=rows_counted(self))
        seen += int(np.shape(leaves(x)[0])[0])
        if seen >= rows():
            seen = 0
            watcher.end_epoch({name: float(value) for name, value in self.get_metrics_result().items()})
        return found

    return train_on_batch
