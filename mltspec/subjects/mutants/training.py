"""Faults of a training that starts again, and of an export: put into the methods of Keras that jobs call."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from mltspec.plan.plan import Injection
from mltspec.subjects.bench import Bench
from mltspec.subjects.mutants.doors import Reached, rebind, rebind_method

OTHER = 1.05
"""What every weight of the exported version is a multiple by."""


def lose_optimizer_state(injection: Injection, bench: Bench, reached: Reached) -> None:
    """Empty the optimizer's slots where ``fit`` goes on with a model that another process has trained."""
    seen: weakref.WeakSet[Any] = weakref.WeakSet()

    def fit(plain: Callable[..., Any], model: Any, *positional: Any, **named: Any) -> Any:
        # fit(x, y, batch_size, epochs, verbose, callbacks, ...): callbacks may stand sixth.
        given = list(positional)
        callbacks = given[5] if len(given) > 5 else named.get("callbacks")
        forget = keras.callbacks.LambdaCallback(on_train_begin=lambda logs: _forget(model, seen, reached))
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(forget)
        else:
            listed = list(callbacks) if isinstance(callbacks, list | tuple) else [callbacks] if callbacks else []
            callbacks = [*listed, forget]
        if len(given) > 5:
            given[5] = callbacks
        else:
            named["callbacks"] = callbacks
        return plain(model, *given, **named)

    rebind_method(keras.Model, "fit", fit)


def _forget(model: Any, seen: weakref.WeakSet[Any], reached: Reached) -> None:
    """Empty the slots of an optimizer that has taken steps, none of them in this process."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None or optimizer in seen:
        return
    seen.add(optimizer)
    kept = {id(optimizer.iterations), id(getattr(optimizer, "_learning_rate", None))}
    slots = [variable for variable in optimizer.variables if id(variable) not in kept]
    if slots and int(np.asarray(optimizer.iterations.value)):
        for slot in slots:
            slot.assign(np.zeros(slot.shape, np.dtype(slot.dtype)))
        reached()


def export_other_weights(injection: Injection, bench: Bench, reached: Reached) -> None:
    """Export a model whose every weight is a little off; the model itself stays as it is."""

    def export(plain: Callable[..., Any], model: Any, *positional: Any, **named: Any) -> Any:
        right = model.get_weights()
        model.set_weights([weight * OTHER if weight.dtype.kind == "f" else weight for weight in right])
        reached()
        try:
            return plain(model, *positional, **named)
        finally:
            model.set_weights(right)

    if injection.target:
        rebind(injection.target, export, bench)
    else:
        rebind_method(keras.Model, "export", export)
