"""The same short training again and again from the same fresh weights, with and without penalties."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from mltspec.evidence.fresh import Learnt
from mltspec.subjects import state
from mltspec.subjects.fresh_contrasts import ALONE, counting
from mltspec.subjects.fresh_rows import any_rows, given, picked
from mltspec.subjects.fresh_step import Dials, Step, WatchedStep
from mltspec.subjects.nests import Batch, mapped, rows_of

STEPS = 120
RATE = 0.02
ROWS = 256
FADING, FADING_SQUARE = 0.9, 0.99


@dataclass(frozen=True)
class Decay:
    """An optimizer's weight decay; steps of an ``adaptive`` one are no longer for a longer gradient."""

    share: float
    adaptive: bool


NO_DECAY = Decay(0.0, True)


def decay_of(model: Any) -> Decay:
    """Return the strongest weight decay of a model's optimizers."""
    found = [(float(getattr(each, "weight_decay", None) or 0.0), each) for each in state.optimizers(model)]
    share, optimizer = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return Decay(share, type(optimizer).__name__ != "SGD")


def learnt(step: WatchedStep, batch: Batch) -> Learnt | None:
    """Learn the same rows in four ways; None where the step reports no loss, or moves weights past the optimizer."""
    decay = decay_of(step.model)
    counts = counting(batch)
    diluted = counts is not None and not counts.all()
    kept = picked(batch, np.arange(rows_of(batch[0])) if counts is None else np.flatnonzero(counts))
    kept = picked(kept, np.arange(min(rows_of(kept[0]), ROWS)))
    first = picked((kept[0], None, None), np.zeros(rows_of(kept[0]), np.int32))[0]
    alike = (first, kept[1], kept[2])
    if not step.run(kept, ALONE).handed:
        return None
    lessons = _Lessons(step, kept)
    constant = lessons.learn(alike, ALONE, NO_DECAY, alike)
    free = lessons.learn(kept, ALONE, NO_DECAY, kept)
    penalised = lessons.learn(batch if diluted else kept, Dials(), decay, kept)
    undiluted = lessons.learn(kept, Dials(), decay, kept) if diluted else None
    if not all(each is None or (math.isfinite(each.loss) and each.outputs) for each in (constant, free, penalised)):
        return None
    return Learnt(
        steps=STEPS,
        constant=constant.loss,
        free=free.loss,
        penalised=penalised.loss,
        undiluted=undiluted.loss if undiluted else None,
        spread=_spread(penalised),
        free_spread=_spread(free),
    )


class _Lessons:
    """Adaptive steps with the gradients of the model's own step, whatever its optimizer; one graph for all lessons.

    Source: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.
    """

    def __init__(self, step: WatchedStep, example: Batch) -> None:
        self._step = step
        self._fresh = [state.value_of(variable) for variable in step.variables]
        self._slots = [
            (tf.Variable(tf.zeros(v.shape), trainable=False), tf.Variable(tf.zeros(v.shape), trainable=False))
            for v in step.variables
        ]
        self._decays = tf.Variable([0.0, 0.0])
        specs = list(mapped(any_rows, given(example)))
        eager = step.model.run_eagerly
        self._run = self._all if eager else tf.function(self._all, input_signature=specs, autograph=False)

    def learn(self, rows: Batch, dials: Dials, decay: Decay, judged: Batch) -> Step:
        """Learn rows from fresh weights, and return what a step then shows of others, penalties aside."""
        step = self._step
        step.begin_at(self._fresh)
        for slot in (slot for pair in self._slots for slot in pair):
            slot.assign(tf.zeros_like(slot))
        self._decays.assign([0.0, decay.share] if decay.adaptive else [decay.share, 0.0])
        step.turn(dials)
        try:
            with step.patched():
                self._run(*given(rows))
            ended = [state.value_of(variable) for variable in step.variables]
            step.put_back()
            step.begin_at(ended)
            return step.run(judged, ALONE)
        finally:
            step.begin_at(self._fresh)

    def _all(self, *parts: Any) -> Any:
        def body(turn: Any) -> tuple[Any]:
            with tf.control_dependencies(self._once(parts, turn)):
                return (turn + 1.0,)

        return tf.while_loop(lambda turn: turn <= STEPS, body, [tf.constant(1.0)])

    def _once(self, parts: Any, turn: Any) -> list[Any]:
        done = []
        for place, gradient in self._step.take(*parts)["gradients"].items():
            variable, (mean, square) = self._step.variables[int(place)], self._slots[int(place)]
            value = tf.cast(tf.convert_to_tensor(variable), tf.float32)
            whole = tf.reshape(gradient, mean.shape) + self._decays[0] * value
            first = mean.assign(FADING * mean + (1 - FADING) * whole) / (1 - FADING**turn)
            second = square.assign(FADING_SQUARE * square + (1 - FADING_SQUARE) * whole**2) / (1 - FADING_SQUARE**turn)
            moved = value - RATE * (first / (tf.sqrt(second) + 1e-9) + self._decays[1] * value)
            variable.assign(tf.cast(moved, variable.dtype))
            done.append(first)
        return done


def _spread(step: Step) -> float:
    """Return the outputs' standard deviation over rows, averaged over outputs."""
    return float(np.asarray(step.outputs[0], np.float64).std(axis=0).mean())
