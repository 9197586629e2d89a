"""Each output of an untrained model: what it can say, what its labels ask, and how its loss takes the two."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mltspec.evidence.fresh import Asked, Head, Reach, Start
from mltspec.subjects.fresh_forward import Forward
from mltspec.subjects.fresh_losses import Described, Entropy, Reading, fit, plausible, read

Array = NDArray[Any]

HELD = 1e-3
"""Outputs under ten times larger weights that reach no further than by this share are held by a bound."""

EVEN = 1e-2
"""Half precision brings the outputs of a row no nearer to a sum of one."""


@dataclass(frozen=True)
class Own:
    """What a training step of the user's own showed of a model with one output: its labels, answers and data loss.

    ``faint`` are answers and loss at much smaller weights.
    """

    labels: Array
    outputs: Array
    loss: float
    faint: tuple[Array, float]


def look(forward: Forward, own_step: bool, own: Own | None, seed: int) -> tuple[Head, ...]:
    """Describe every output.

    Args:
        forward: the model and its rows.
        own_step: the training step is the user's own, and need not use the compiled loss.
        own: what that step showed, if it could be asked.
        seed: of the noise put in place of weights.
    """
    outputs = forward.answer(forward.batch[0])
    wild = forward.wild(np.random.default_rng(seed))
    scaled = forward.scaled()
    losses = [math.nan] * len(outputs) if own_step else forward.losses()
    faint = None if own_step else forward.faint()
    found = []
    for at, name in enumerate(forward.names):
        label = None if forward.labels[at] is None else np.asarray(forward.labels[at])
        described = None if own_step else forward.described[at]
        if own_step:
            taken = None if own is None else _taken_by_step(own)
        else:
            shown = [(outputs[at], losses[at]), *([] if faint is None else [(faint[0][at], faint[1][at])])]
            taken = None if label is None else _taken(described, label, shown)
        reach = _reach([spread[at] for spread in wild], outputs[at])
        found.append(
            Head(
                name=name,
                loss=described.name if described else "",
                wants=taken[0].wants if taken else described.wants if described else "",
                reading=taken[1] if taken else "",
                shape=tuple(outputs[at].shape[1:]),
                finite=bool(np.isfinite(outputs[at]).all()),
                reach=reach,
                asked=None if label is None else _asked(label, outputs[at], reach, forward.described[at]),
                start=_start(taken, label, outputs[at], None if scaled is None else scaled[at], losses[at]),
            )
        )
    return tuple(found)


def _taken_by_step(own: Own) -> tuple[Entropy, Reading] | None:
    """Find out how a training step of the user's own takes the outputs."""
    for outputs, loss in ((own.outputs, own.loss), own.faint):
        found = read(list(plausible(own.labels, outputs)), own.labels, outputs, loss)
        if found is not None:
            return found
    return None


def _taken(
    described: Described | None, label: Array, shown: list[tuple[Array, float]]
) -> tuple[Entropy, Reading] | None:
    """Find out how the compiled loss takes an output; ``shown`` are outputs with their loss, the fresh ones first."""
    if described is None or described.wants == "numbers":
        return None
    for outputs, loss in shown:
        known = list(plausible(label, outputs)) if described.entropy is None else [described.entropy]
        found = read(known, label, outputs, loss) if np.isfinite(outputs).all() else None
        if found is not None:
            return found
    return None


def _reach(wild: list[Array], fresh: Array) -> Reach:
    """Tell what an output can be, from what it is under ever larger weights."""
    parts = [part.astype(np.float64) for part in wild]
    finite = [part[np.isfinite(part)] for part in parts]
    everything = np.concatenate([*finite, fresh[np.isfinite(fresh)].astype(np.float64)])
    if not everything.size:
        return Reach(low=math.nan, high=math.nan, low_held=False, high_held=False, sums_to_one=False, fixed=None)
    low, high = float(everything.min()), float(everything.max())
    width = max(high - low, 1e-12)
    middle, last = finite[-2], finite[-1]
    comparable = bool(middle.size and last.size)
    rows = [part[np.isfinite(part).all(axis=-1)] for part in parts if part.ndim > 1]
    sums = np.concatenate([part.sum(axis=-1).reshape(-1) for part in rows]) if rows else np.zeros(0)
    several = fresh.ndim > 1 and fresh.shape[-1] > 1
    return Reach(
        low=low,
        high=high,
        low_held=comparable and abs(float(last.min() - middle.min())) <= HELD * width,
        high_held=comparable and abs(float(last.max() - middle.max())) <= HELD * width,
        sums_to_one=several and sums.size > 0 and bool((np.abs(sums - 1) < EVEN).all()),
        fixed=high if high - low <= 1e-6 * max(1.0, abs(high)) else None,
    )


def _asked(label: Array, outputs: Array, reach: Reach, described: Described | None) -> Asked | None:
    """Tell what the labels ask for, and how much of it the output can be."""
    if label.dtype.kind not in "fiub" or not label.size:
        return None
    values = label.astype(np.float64)
    ignored = getattr(described.loss, "ignore_class", None) if described else None
    finite = values[np.isfinite(values) & (values != ignored)]
    if not finite.size:
        return None
    tags = label.ndim > 1 and label.shape[-1] > 1 and bool(np.isin(finite, (0, 1)).all())
    low = reach.low if reach.low_held else -math.inf
    high = reach.high if reach.high_held else math.inf
    beyond = float(((finite - np.clip(finite, low, high)) ** 2).mean())
    variance = float(finite.var())
    return Asked(
        shape=tuple(label.shape[1:]),
        low=float(finite.min()),
        high=float(finite.max()),
        whole=bool((finite == np.floor(finite)).all()),
        most_at_once=float(values.sum(axis=-1).max()) if tags else math.nan,
        unreachable=beyond / variance if variance > 0 and label.size == outputs.size else 0.0,
    )


def _start(
    taken: tuple[Entropy, Reading] | None, label: Array | None, outputs: Array, scaled: Array | None, loss: float
) -> Start | None:
    """Compare the loss at fresh weights with that of knowing nothing but how often each label comes."""
    if taken is None or label is None or not np.isfinite(outputs).all():
        return None
    entropy, reading = taken
    labels = fit(label, outputs, entropy.wants)
    if labels is None:
        return None
    units = outputs.shape[-1] if outputs.ndim > 1 else 1
    if entropy.wants == "classes":
        often = np.bincount(labels.reshape(-1), minlength=units) / labels.size
    else:
        often = labels.reshape(-1, units).mean(axis=0)
    even = np.full(units, 0.5 if entropy.wants == "yes or no" else 1 / units)
    known, unknown = (
        np.broadcast_to(np.clip(each, 1e-7, 1 - 1e-7).astype(np.float32), outputs.shape) for each in (often, even)
    )
    return Start(
        loss=loss if math.isfinite(loss) else entropy.value(label, outputs, reading),
        scaled=None if scaled is None or not np.isfinite(scaled).all() else entropy.value(label, scaled, reading),
        chance=entropy.value(label, known, "probabilities"),
        uniform=entropy.value(label, unknown, "probabilities"),
    )
