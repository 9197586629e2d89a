"""Which request is sent when: fixed before the first one, whatever the server does.

Source: Tene, "How NOT to Measure Latency", 2013 (coordinated omission); Schroeder et al., "Open Versus Closed: A
Cautionary Tale", NSDI 2006.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_REQUESTS = 2_000_000
MOST_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Schedule:
    """Requests in the order of their arrival.

    Args:
        at_s: (requests,), seconds after the start, rising.
        which: (requests,), the number of the call to make.
    """

    at_s: NDArray[np.float64]
    which: NDArray[np.uint32]

    def __len__(self) -> int:
        """Return how many requests there are."""
        return len(self.at_s)


def arrivals(rate_per_s: float, seconds: float, seed: int) -> NDArray[np.float64]:
    """Return arrival times of independent callers: a Poisson process, its gaps drawn from the seed.

    Raises:
        ValueError: the load has no end in sight.
    """
    _refuse_endless(rate_per_s, seconds)
    generator = np.random.default_rng(seed)
    count = int(rate_per_s * seconds + 6 * np.sqrt(rate_per_s * seconds) + 8)
    at = np.cumsum(generator.exponential(1 / rate_per_s, count))
    return at[at < seconds]


def shared_out(requests: int, shares: Sequence[float], seed: int) -> NDArray[np.uint32]:
    """Return the number of the share that each request falls to, drawn independently, (requests,).

    Which version a request meets must not depend on when it comes: it is what makes the versions comparable.
    """
    edges = np.cumsum(np.asarray(shares, np.float64))
    drawn = np.random.default_rng(seed).random(requests) * edges[-1]
    which: NDArray[np.uint32] = np.searchsorted(edges, drawn, side="right").astype(np.uint32)
    return which


def steady(rate_per_s: float, seconds: float, seed: int) -> NDArray[np.float64]:
    """Return arrival times one in each interval of ``1 / rate``, somewhere in it: no two gaps are wider than two.

    Raises:
        ValueError: the load has no end in sight.
    """
    _refuse_endless(rate_per_s, seconds)
    count = max(1, int(rate_per_s * seconds))
    return (np.arange(count) + np.random.default_rng(seed).random(count)) / rate_per_s


def _refuse_endless(rate_per_s: float, seconds: float) -> None:
    if not 0 < rate_per_s * seconds <= MOST_REQUESTS or seconds > MOST_SECONDS:
        raise ValueError(
            f"{rate_per_s:g} requests/s for {seconds:g} s is no bounded load: 1 to {MOST_REQUESTS:,} requests are, "
            f"within {MOST_SECONDS / 3600:g} h"
        )
