"""Noise at inference, held: every row is given the same draws, and every call too.

A model that is declared to be random cannot be asked whether its rows are independent while each is given other noise.
With the same noise for all, it can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import tensorflow as tf

SEED = (1, 2)
STATELESS: dict[str, Callable[..., Any]] = {
    "stateless_normal": tf.random.stateless_normal,
    "stateless_uniform": tf.random.stateless_uniform,
    "stateless_truncated_normal": tf.random.stateless_truncated_normal,
}
_DROPOUT = tf.nn.experimental.stateless_dropout


@contextmanager
def noise_held() -> Iterator[None]:
    """Give every row the same noise in what is traced or run inside the block."""
    with ExitStack() as stack:
        for name, drawn in STATELESS.items():
            stack.enter_context(patch.object(tf.random, name, _stateless(drawn)))
            plain = name.removeprefix("stateless_")
            stack.enter_context(patch.object(tf.random, plain, _stateful(drawn)))
            if hasattr(tf.random.Generator, plain):
                stack.enter_context(patch.object(tf.random.Generator, plain, _method(drawn)))
        stack.enter_context(patch.object(tf.nn.experimental, "stateless_dropout", _dropout))
        stack.enter_context(patch.object(tf.nn, "dropout", _dropout))
        yield


def _same_for_every_row(drawn: Callable[..., Any], shape: Any, *positional: Any, **named: Any) -> Any:
    whole = tf.convert_to_tensor(shape, tf.int32)
    if whole.shape.num_elements() == 0:
        return drawn(shape, SEED, *positional, **named)
    one = tf.concat([[1], whole[1:]], axis=0)
    return tf.broadcast_to(drawn(one, SEED, *positional, **named), whole)


def _stateless(drawn: Callable[..., Any]) -> Callable[..., Any]:
    def draw(shape: Any, seed: Any = None, *positional: Any, **named: Any) -> Any:
        return _same_for_every_row(drawn, shape, *positional, **named)

    return draw


def _stateful(drawn: Callable[..., Any]) -> Callable[..., Any]:
    def draw(shape: Any, *positional: Any, seed: Any = None, **named: Any) -> Any:
        return _same_for_every_row(drawn, shape, *positional, **named)

    return draw


def _method(drawn: Callable[..., Any]) -> Callable[..., Any]:
    def draw(self: Any, shape: Any, *positional: Any, **named: Any) -> Any:
        return _same_for_every_row(drawn, shape, *positional, **named)

    return draw


def _dropout(x: Any, rate: Any, seed: Any = None, noise_shape: Any = None, *_: Any, **__: Any) -> Any:
    shape = tf.shape(x)
    return _DROPOUT(x, rate, seed=SEED, noise_shape=tf.concat([[1], shape[1:]], axis=0))
