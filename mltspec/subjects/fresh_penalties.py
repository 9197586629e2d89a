"""Penalties: whether the training step takes them in, and whether they leave room for the data."""

from __future__ import annotations

import numpy as np

from mltspec.evidence.fresh import Penalties
from mltspec.subjects.fresh_contrasts import ALONE
from mltspec.subjects.fresh_lessons import decay_of, learnt
from mltspec.subjects.fresh_step import Dials, Step, WatchedStep
from mltspec.subjects.nests import Batch

SILENT = 1e-6
"""A gradient that changes by no more, relative to the pull put on it, does not know of the penalty."""

NOTICEABLE = 0.3
"""Penalties whose gradient is weaker than so much of the data's, untrained, leave room to learn."""

DECAY = 0.3
"""Weight decay that can hold weights small: an adaptive step is about one rate long, decay that share of the weight."""


LOUD = 100.0
"""How much stronger a pull is on a step that does not repeat itself, so that it stands out of the noise."""


def penalised(step: WatchedStep) -> bool:
    """Tell whether there is any penalty to look at: on weights, added by layers, or a strong weight decay."""
    regularised = any(variable.regularizer is not None for variable in step.variables)
    return regularised or step.added > 0 or decay_of(step.model).share >= DECAY


def penalties(step: WatchedStep, batch: Batch, few: Batch) -> Penalties:
    """Look at every penalty of the model.

    Args:
        step: the model's training step.
        batch: all rows looked at.
        few: a few of them.
    """
    regularised = [at for at, variable in enumerate(step.variables) if variable.regularizer is not None]
    decay = decay_of(step.model).share
    plain, again = step.run(few), step.run(few)
    noise = float(np.abs(plain.gradient - again.gradient).max(initial=0.0))
    size = max(float(np.abs(plain.gradient).max(initial=0.0)), 1e-6) * (LOUD if noise else 1.0)
    least = max(SILENT * size, 3 * noise)
    left_out, ignored = regularised, False
    if regularised:
        pulled = step.run(few, Dials(weights_pull=size))
        left_out = [at for at in regularised if not _differs(plain, pulled, at, least)]
    if step.added:
        pulled = step.run(few, Dials(added_pull=size))
        ignored = not any(_differs(plain, pulled, at, least) for at in range(len(step.variables)))
    pull = _pull(step, batch)
    return Penalties(
        weights=tuple(step.variables[at].path for at in regularised),
        left_out=tuple(step.variables[at].path for at in left_out),
        added=step.added,
        added_left_out=ignored,
        value=plain.penalty,
        pull=pull,
        decay=decay,
        learnt=learnt(step, batch) if pull > NOTICEABLE or decay >= DECAY else None,
    )


def _pull(step: WatchedStep, batch: Batch) -> float:
    """Return the norm of the penalties' gradient relative to the data's."""
    plain, bare = step.run(batch).gradient, step.run(batch, ALONE).gradient
    data = float(np.linalg.norm(bare))
    return float(np.linalg.norm(plain - bare)) / data if data > 0 else 0.0


def _differs(one: Step, other: Step, at: int, least: float) -> bool:
    before, after = one.gradients[at], other.gradients[at]
    if before is None or after is None:
        return (before is None) != (after is None)
    return float(np.abs(before - after).max(initial=0.0)) > least
