"""What the quality checks share: clauses that say what is measured and on which rows, and the words for slices."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mltspec.checks.check import Clause, Params, Scope
from mltspec.checks.wording import number, plural, where
from mltspec.evidence.predictions import Filter, PredictionsAsk, SliceValue
from mltspec.plan.quantity import Quantity
from mltspec.plan.wire import Wire

ON = Clause("on {on:data}", "the data to measure on; the training data by default")
BY = Clause("by {by:names}", "features to slice by, or `label`")
QUANTILES = Clause("in {quantiles:count} quantiles", "how a number of many values is cut into slices; 4 by default")
LEAST_ROWS = Clause("where rows >= {least_rows:count}", "slices with fewer rows are not judged")
ONLY = Clause("where {only:filters}", "only rows that meet conditions: `where origin = JFK and distance > 500`")

MOST_LISTED = 12


class AgainstBaseline(Wire):
    """``prod - 3pp``: a baseline's name and the allowed distance; a bare name allows the default."""

    baseline: str
    sign: str
    margin: Quantity | None

    def __str__(self) -> str:
        """Return it as an author writes it."""
        return f"{self.baseline} {self.sign} {self.margin}" if self.margin else self.baseline


class Measuring(Params):
    """A metric, the data, the rows, and how they are sliced. ``confidence`` None takes the profile's."""

    metric: str
    on: str | None
    by: tuple[str, ...] | None
    quantiles: int | None
    least_rows: int | None
    only: tuple[Filter, ...] | None
    confidence: Quantity | None

    def on_words(self) -> str:
        """Return `` on holdout where carrier = UA``."""
        only = f" where {' and '.join(map(str, self.only))}" if self.only else ""
        return f" on {self.on or 'the training data'}{only}"


def predictions(params: Measuring, scope: Scope) -> PredictionsAsk:
    """Return the ask for what our model scores."""
    return PredictionsAsk(
        run=scope.run(),
        data=scope.data[params.on] if params.on else scope.training,
        metric=params.metric,
        by=params.by or (),
        only=params.only or (),
        quantiles=params.quantiles or 4,
        confidence=float(params.confidence) if params.confidence else scope.confidence,
    )


def rows_to_decide(rows: int, low: float, high: float, bound: float) -> str:
    """An interval shrinks with the root of the rows; say how many would bring its near end to the bound."""
    middle = (low + high) / 2
    gap, half = abs(middle - bound), (high - low) / 2
    if half == 0 or not math.isfinite(half):
        return ""
    if gap == 0 or (half / gap) ** 2 * rows > 1e9:
        return "; the value lies on the bound itself"
    return f"; about {round(rows * (half / gap) ** 2):,} rows would decide"


def between(low: float | None, high: float | None) -> str:
    """Return `` [0.88, 0.91]``, or nothing where there is no interval."""
    return "" if low is None or high is None else f" [{number(low)}, {number(high)}]"


def sliced(part: SliceValue) -> str:
    """Return a line about one slice."""
    value = f"{number(part.value)}{between(part.low, part.high)}"
    return f"{where(part.where.items())}: {value} over {plural(part.rows, 'row')}"


def too_small(slices: int, judged: int, least: int | None) -> str:
    """Return a note on slices that were not judged."""
    small = slices - judged
    return f"; {plural(small, 'slice')} below {least} rows not judged" if small else ""


def worst_first(slices: Sequence[SliceValue], more_is_better: bool) -> list[SliceValue]:
    """Return slices by value, worst first; those that are not finite before all."""
    sign = 1.0 if more_is_better else -1.0
    return sorted(slices, key=lambda part: sign * part.value if abs(part.value) < float("inf") else -float("inf"))
