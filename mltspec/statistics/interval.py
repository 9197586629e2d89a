"""An estimate with a bound on either side."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """An estimate and its two one-sided bounds, each at the asked confidence.

    Both together hold with confidence ``2 * confidence - 1``: 95% each way is 90% in all. ``method``
    names how the bounds were found, as a report says it.
    """

    estimate: float
    low: float
    high: float
    method: str
