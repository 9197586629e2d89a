"""Faults of data: put into what the user's functions return, in whatever form that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mltspec.plan.plan import Injection
from mltspec.subjects.bench import Bench
from mltspec.subjects.mutants.doors import Reached, not_injected, rebind
from mltspec.subjects.nests import as_arrays, is_composite, leaves, mapped, rows_of, taken

SEED = 20260101
ORDERS = 16
SKEW = 1.5


def shuffle_labels(injection: Injection, bench: Bench, reached: Reached) -> None:
    """Give every row the label of another: of any other where all rows are there, else of another of its batch."""

    def load(plain: Callable[..., Any], *positional: Any, **named: Any) -> Any:
        shuffled = _shuffled(plain(*positional, **named), injection)
        reached()
        return shuffled

    rebind(injection.target, load, bench)


def skew_feature(injection: Injection, bench: Bench, reached: Reached) -> None:
    """Scale the first feature that is a number, as serving computes it."""

    def features(plain: Callable[..., Any], *positional: Any, **named: Any) -> Any:
        skewed = _skewed(as_arrays(plain(*positional, **named)))
        reached()
        return skewed

    rebind(injection.target, features, bench)


def _shuffled(value: Any, injection: Injection) -> Any:
    import keras
    import tensorflow as tf

    if isinstance(value, tf.data.Dataset):
        return value.map(_shuffled_batch)
    if isinstance(value, keras.utils.PyDataset):
        return _shuffled_batches(value)
    label = injection.label
    if label is not None and (isinstance(value, dict) or hasattr(value, "columns")):
        changed = dict(value) if isinstance(value, dict) else value.copy()
        changed[label] = _permuted(np.asarray(value[label]))
        return changed
    if isinstance(value, tuple | list) and len(value) in (2, 3):
        return type(value)((value[0], _permuted(as_arrays(value[1])), *value[2:]))
    raise not_injected(f"`{injection.target}` returns no labels")


def _permuted(labels: Any) -> Any:
    """Return labels in another order: of a few, the one that leaves least of the truth, for chance may leave enough."""
    draw = np.random.default_rng(SEED)
    orders = [draw.permutation(rows_of(labels)) for _ in range(ORDERS)]
    first = np.asarray(next((leaf for leaf in leaves(labels) if not is_composite(leaf)), np.zeros(rows_of(labels))))
    return taken(labels, min(orders, key=lambda order: _agreement(first, first[order])))


def _agreement(one: Any, other: Any) -> float:
    """Return how much two orders of labels agree: the share that is equal, or the covariance of what varies freely."""
    if one.dtype.kind == "f" and len(np.unique(one)) > len(one) // 2:
        centred = one - one.mean(axis=0)
        return float((centred * (other - one.mean(axis=0))).mean())
    return float((one == other).mean())


def _shuffled_batch(*parts: Any) -> Any:
    """Return a batch of a ``tf.data.Dataset`` with its labels in another order."""
    import tensorflow as tf

    if len(parts) < 2:
        raise not_injected("the data has no labels")

    def permuted(labels: Any) -> Any:
        order = tf.random.experimental.stateless_shuffle(tf.range(tf.shape(labels)[0]), seed=(SEED, 0))
        return tf.gather(labels, order)

    return (parts[0], tf.nest.map_structure(permuted, parts[1]), *parts[2:])


def _shuffled_batches(source: Any) -> Any:
    import keras

    class Shuffled(keras.utils.PyDataset):  # type: ignore[misc]
        def __len__(self) -> int:
            return len(source)

        def __getitem__(self, index: int) -> Any:
            batch = source[index]
            return (batch[0], _permuted(as_arrays(batch[1])), *batch[2:])

        def on_epoch_begin(self) -> None:
            source.on_epoch_begin()

        def on_epoch_end(self) -> None:
            source.on_epoch_end()

    return Shuffled()


def _skewed(features: Any) -> Any:
    """Return model inputs with one of them scaled: the first that is a number, or the first column of the only one."""
    numbers = [leaf for leaf in leaves(features) if not is_composite(leaf) and np.asarray(leaf).dtype.kind == "f"]
    if not numbers:
        raise not_injected("no serving feature is a floating-point number")
    first = numbers[0]

    def scaled(leaf: Any) -> Any:
        if leaf is not first:
            return leaf
        array = np.array(leaf)
        column = array.reshape(len(array), -1)
        column[:, 0] = column[:, 0] * SKEW + SKEW
        return column.reshape(array.shape)

    if isinstance(features, Mapping):
        return {name: mapped(scaled, part) for name, part in features.items()}
    return mapped(scaled, features)
