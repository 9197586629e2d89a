"""A quantity on the wire: the text as written, read exactly."""

from __future__ import annotations

from decimal import Decimal

from mltspec.language.quantity import Amount, Dimension, parse_amount
from mltspec.plan.wire import Wire


class Quantity(Wire):
    """An exact number with its unit, kept as its author wrote it."""

    text: str

    @property
    def amount(self) -> Amount:
        """The number and unit that the text stands for."""
        return parse_amount(self.text)

    @property
    def dimension(self) -> Dimension:
        """What is measured."""
        return self.amount.dimension

    @property
    def base(self) -> Decimal:
        """The number in its dimension's base unit (seconds, shares, bytes, ones)."""
        return self.amount.base

    @property
    def count(self) -> int:
        """The number as a whole number, for steps, epochs, rows, runs and seeds."""
        return int(self.base)

    def __float__(self) -> float:
        """Return the number in its dimension's base unit."""
        return float(self.base)

    def __str__(self) -> str:
        """Return the text as written."""
        return self.text
