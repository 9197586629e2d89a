"""Numbers with a unit: how they are written and what dimension they have."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache


class Dimension(StrEnum):
    """What a number measures. Ratios and percentage points are kept apart on purpose."""

    NUMBER = "number"
    TIME = "time"
    RATIO = "ratio"
    POINTS = "percentage points"
    SIZE = "size"
    STEPS = "steps"
    EPOCHS = "epochs"
    ROWS = "rows"
    RUNS = "runs"
    SEEDS = "seeds"
    REQUESTS = "requests"
    DRILLS = "drills"
    BINS = "bins"
    EXAMPLES = "examples"
    RATE = "requests per time"


@dataclass(frozen=True)
class Unit:
    """One unit: its dimension and its factor to the dimension's base (s, 1, point, B, one)."""

    dimension: Dimension
    factor: Decimal


def _table() -> dict[str, Unit]:
    units = {
        "%": Unit(Dimension.RATIO, Decimal("0.01")),
        "x": Unit(Dimension.RATIO, Decimal(1)),
        "pp": Unit(Dimension.POINTS, Decimal("0.01")),
        "requests/s": Unit(Dimension.RATE, Decimal(1)),
        "requests/min": Unit(Dimension.RATE, Decimal(1) / 60),
    }
    times = {"ns": "1e-9", "us": "1e-6", "ms": "1e-3", "s": "1", "min": "60", "h": "3600", "d": "86400"}
    words = {"second": "1", "minute": "60", "hour": "3600", "day": "86400", "millisecond": "1e-3"}
    units |= {name: Unit(Dimension.TIME, Decimal(factor)) for name, factor in times.items()}
    for word, factor in words.items():
        units |= {name: Unit(Dimension.TIME, Decimal(factor)) for name in (word, word + "s")}
    units["B"] = Unit(Dimension.SIZE, Decimal(1))
    for power, letter in enumerate("kMGT", start=1):
        units[letter + "B"] = Unit(Dimension.SIZE, Decimal(1000) ** power)
        units[letter.upper() + "iB"] = Unit(Dimension.SIZE, Decimal(1024) ** power)
    counts = ("steps", "epochs", "rows", "runs", "seeds", "requests", "drills", "bins", "examples")
    for name in counts:
        units |= {word: Unit(Dimension(name), Decimal(1)) for word in (name, name[:-1])}
    return units


UNITS = _table()
"""Every unit a spec may use, by its spelling."""


@dataclass(frozen=True)
class Amount:
    """An exact number, its unit's spelling (empty for a bare number) and the text it came from."""

    number: Decimal
    unit: str
    text: str

    @property
    def dimension(self) -> Dimension:
        """What is measured; a bare number is a number."""
        return UNITS[self.unit].dimension if self.unit else Dimension.NUMBER

    @property
    def whole(self) -> int:
        """The number without its unit, as a whole number; for counts of things."""
        return int(self.number)

    @property
    def base(self) -> Decimal:
        """The number in the dimension's base unit: seconds, 1, bytes; points as a share (0.5pp is 0.005)."""
        return self.number * UNITS[self.unit].factor if self.unit else self.number


@lru_cache(maxsize=4096)
def parse_amount(text: str) -> Amount:
    """Read ``30s``, ``30 s``, ``5%``, ``1_000 rows`` or ``1e-6``.

    Raises:
        ValueError: the text is not a number followed by at most one known unit.
    """
    compact = text.strip()
    split = len(compact)
    for i, char in enumerate(compact):
        exponent = char in "eE" and i + 1 < len(compact) and (compact[i + 1].isdigit() or compact[i + 1] in "+-")
        sign = char in "+-" and (i == 0 or compact[i - 1] in "eE")
        if not (char.isdigit() or char in "._" or exponent or sign):
            split = i
            break
    digits, unit = compact[:split], compact[split:].strip()
    if unit and unit not in UNITS:
        raise ValueError(f"`{unit}` is not a unit")
    try:
        number = Decimal(digits.replace("_", ""))
    except ArithmeticError as problem:
        raise ValueError(f"`{digits}` is not a number") from problem
    return Amount(number, unit, compact)
