"""When the watched loss is taken: evenly over the epochs asked for, and cheaply."""

from __future__ import annotations

import math

LEAST_POINTS = 9
"""A trend over fewer points than about this is not significant."""

MOST_EPOCH_ENDS = 24
"""Of a long run not every epoch's end is looked at."""


def within_epoch(epoch: int, epochs: int | None, steps: int | None) -> frozenset[int]:
    """Return the steps inside an epoch after which the loss is taken; its end comes apart from them.

    Args:
        epoch: counted from 1.
        epochs: how many the run has; None if nobody knows.
        steps: of the epoch; None if nobody knows yet: then points lie at 1, 2, 4, 8 … steps.

    Examples:
        >>> sorted(within_epoch(1, 3, 41))
        [14, 27]
        >>> sorted(within_epoch(1, 30, 41))
        []
    """
    parts = _parts(epoch, epochs)
    if parts == 1:
        return frozenset()
    if steps is None:
        return frozenset(2**power for power in range(20)) if epoch == 1 else frozenset()
    return frozenset(round(steps * part / parts) for part in range(1, parts)) - {0, steps}


def at_end(epoch: int, epochs: int | None) -> bool:
    """Tell whether the loss is taken at the end of an epoch; at the last one's always."""
    if epochs is not None:
        return epoch == epochs or epoch % math.ceil(epochs / MOST_EPOCH_ENDS) == 0
    return epoch <= MOST_EPOCH_ENDS or epoch % (2 ** (epoch // MOST_EPOCH_ENDS).bit_length()) == 0


def _parts(epoch: int, epochs: int | None) -> int:
    """Return into how many parts an epoch is cut."""
    if epochs is None:
        return 3 if epoch == 1 else 2 if epoch <= LEAST_POINTS else 1
    return max(1, math.ceil(LEAST_POINTS / epochs))
