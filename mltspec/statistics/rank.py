"""The Mann-Kendall trend test: whether values fall, whatever the shape of the curve.

Plain Python: it judges evidence, and judging loads neither numpy nor scipy.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

EXACT_UP_TO = 40
"""Longest sequence for which all orders are counted; beyond it the normal approximation is within 0.001."""


def mann_kendall_decreasing(values: Sequence[float]) -> float:
    """Return the one-sided p-value of a downward trend against an exchangeable order.

    Every pair of values votes; a small p-value says that later values are lower more often than chance
    would have it. Ties have no vote. A value that is not finite counts as the highest, so a loss that
    blows up is no evidence of a fall. Fewer than two values, or all alike, show nothing: 1.

    Args:
        values: one number a point in time, in order of time.

    Source: Mann, "Nonparametric tests against trend", Econometrica 13, 1945; Kendall, "Rank Correlation
        Methods", 4th ed. 1975, sections 3.4 and 4.3 (ties, normal approximation).
    """
    series = [value if math.isfinite(value) else math.inf for value in values]
    ties = list(Counter(series).values())
    if len(series) < 2 or len(ties) < 2:
        return 1.0
    score = _score(series)
    if len(series) <= EXACT_UP_TO:
        return _exact(len(series), ties, score)
    return _approximate(len(series), ties, score)


def _score(series: Sequence[float]) -> int:
    """Return the number of rising pairs less the number of falling ones."""
    return sum((later > earlier) - (later < earlier) for at, earlier in enumerate(series) for later in series[at + 1 :])


def _exact(count: int, ties: Sequence[int], score: int) -> float:
    """Return the share of all distinct orders of these values whose score is at most this one.

    Falling pairs ("inversions") of a multiset are counted by the Gaussian multinomial coefficient,
    ``[n]! / ([t1]! [t2]! ...)`` in q: the coefficient of ``q**k`` is the number of orders with k of them.
    Source: Stanley, "Enumerative Combinatorics", vol. 1, 2nd ed. 2012, section 1.7.
    """
    factors = Counter(range(2, count + 1))
    factors.subtract(factor for tie in ties for factor in range(2, tie + 1))
    orders = [1]
    for factor in (+factors).elements():
        orders = _times_quantum(orders, factor)
    for factor in (-factors).elements():
        orders = _over_quantum(orders, factor)
    pairs = len(orders) - 1
    falling = (pairs - score) // 2
    return sum(orders[falling:]) / sum(orders)


def _times_quantum(polynomial: Sequence[int], factor: int) -> list[int]:
    """Multiply by ``1 + q + ... + q**(factor - 1)``."""
    product, window = [], 0
    for power in range(len(polynomial) + factor - 1):
        window += polynomial[power] if power < len(polynomial) else 0
        window -= polynomial[power - factor] if power >= factor else 0
        product.append(window)
    return product


def _over_quantum(polynomial: Sequence[int], factor: int) -> list[int]:
    """Divide by ``1 + q + ... + q**(factor - 1)``, which is known to leave nothing over."""
    quotient: list[int] = []
    for power in range(len(polynomial) - factor + 1):
        quotient.append(polynomial[power] - sum(quotient[max(0, power - factor + 1) : power]))
    return quotient


def _approximate(count: int, ties: Sequence[int], score: int) -> float:
    """Return the normal approximation, with the variance of ties and a continuity correction."""
    variance = sum(
        sign * size * (size - 1) * (2 * size + 5) for sign, size in [(1, count), *((-1, tie) for tie in ties)]
    )
    z = (score + 1) / math.sqrt(variance / 18)
    return 0.5 * math.erfc(-z / math.sqrt(2))
