"""Two training runs that ought to be equal, compared value by value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.predictions import PredictionsAsk
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.picture import Line
from mltspec.plan.wire import Wire, digest_of


class ComparisonAsk(Ask):
    """The runs to compare, each with the first; ``measured`` are the same metrics of each run, run by run."""

    kind: ClassVar[str] = "comparison"
    runs: tuple[TrainingAsk, ...]
    measured: tuple[PredictionsAsk, ...] = ()

    def needs(self) -> Sequence[Ask]:
        """Every run, and every metric asked for of every run."""
        return (*self.runs, *self.measured)

    def group(self) -> str:
        """Comparisons over the same evidence are made in one process."""
        return digest_of([self.kind, self.model_dump(mode="json")])

    def label(self) -> str:
        """Name the comparison as its report does."""
        return f"compare {len(self.runs)} runs of {self.runs[0].model.name}"


class VariableDifference(Wire):
    """The largest absolute difference of one variable; ``group`` is ``model`` or ``optimizer``."""

    path: str
    group: str
    largest: float


class MetricDifference(Wire):
    """The largest absolute difference of a metric over the runs; ``where`` is the worst slice, if sliced."""

    metric: str
    by: tuple[str, ...]
    largest: float
    where: dict[str, str]
    slices: int


class ComparisonEvidence(Evidence):
    """How far runs that ought to be equal lie apart.

    ``parted_at_step`` is the first training step whose loss differs, None if none does.
    ``variables`` lists those that differ, largest first (at most 20). ``predictions`` is the largest
    absolute difference of a prediction, None where none was asked for. ``cause`` says why the runs differ, where
    taking one source of difference away made two further runs agree; empty otherwise. ``curves`` are the training
    losses of each run, thinned out, the step at which they part always among them.
    """

    runs: int
    steps: tuple[int, ...]
    bitwise: bool
    parted_at_step: int | None
    losses_at_parting: tuple[float, ...]
    variables: tuple[VariableDifference, ...]
    largest_weight_difference: float
    predictions: float | None
    prediction_rows: int
    metrics: tuple[MetricDifference, ...]
    cause: str = ""
    curves: tuple[Line, ...] = ()


COMPARISON = Kind("comparison", ComparisonAsk, ComparisonEvidence, "mltspec.subjects.observers.comparison:observe")
