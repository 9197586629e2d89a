"""Predictions of a trained model on a data set, and metrics over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from mltspec.evidence.kind import Ask, Blob, Evidence, Kind
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.subject import Data
from mltspec.plan.wire import Wire, digest_of


class PredictionsAsk(Ask):
    """Metrics of one training run's model on one data set, overall or by slice.

    ``metric`` is a name compiled into the model, ``loss``, or one known by name (``accuracy``, ``auc``).
    ``by`` names features of the data, or ``label``. All metrics of one run on one data set are
    gathered in one pass of predictions.
    """

    kind: ClassVar[str] = "predictions"
    run: TrainingAsk
    data: Data
    metric: str
    by: tuple[str, ...] = ()

    def needs(self) -> Sequence[Ask]:
        """The model must have been trained."""
        return (self.run,)

    def group(self) -> str:
        """One pass of predictions serves all metrics of the spec, on all data."""
        return digest_of([self.kind, self.run.model_dump(mode="json")])

    def label(self) -> str:
        """Name the measurement as its report does."""
        by = f" by {', '.join(self.by)}" if self.by else ""
        return f"{self.metric} of {self.run.model.name} on {self.data.name}{by}"


class SliceValue(Wire):
    """A metric on one slice: ``where`` gives the value of each feature sliced by."""

    where: dict[str, str]
    value: float
    rows: int


class PredictionsEvidence(Evidence):
    """A metric's value overall and by slice.

    ``higher_is_better`` is None where the direction is not known. ``scores`` holds arrays of one entry a
    row: ``truth``, ``score`` (rows, outputs) and, where the metric is a mean over rows, ``contribution``.
    ``rows_digest`` is the digest of inputs and labels: equal digests mean the same rows in the same order.
    """

    metric: str
    value: float
    rows: int
    higher_is_better: bool | None
    slices: tuple[SliceValue, ...]
    rows_digest: str
    scores: Blob


PREDICTIONS = Kind("predictions", PredictionsAsk, PredictionsEvidence, "mltspec.subjects.observers.predictions:observe")


class DifferenceAsk(Ask):
    """A metric of one run against the same metric of another, paired on the same rows.

    ``confidence`` is that of the one-sided bound, as a share; ``resamples`` and ``seed`` are the bootstrap's.
    """

    kind: ClassVar[str] = "paired difference"
    ours: PredictionsAsk
    theirs: PredictionsAsk
    confidence: float
    resamples: int = 2000
    seed: int = 0

    def needs(self) -> Sequence[Ask]:
        """Both models must have been measured."""
        return (self.ours, self.theirs)

    def label(self) -> str:
        """Name the comparison as its report does."""
        return f"{self.ours.metric} of {self.ours.run.model.name} against a baseline, paired"


class DifferenceEvidence(Evidence):
    """A paired difference, ours minus theirs, with its interval.

    ``low`` and ``high`` are one-sided bounds at the asked confidence. ``same_rows`` is false when the
    two were not measured on the same rows: then nothing can be compared.
    """

    ours: float
    theirs: float
    difference: float
    low: float
    high: float
    rows: int
    same_rows: bool
    higher_is_better: bool | None
    method: str


DIFFERENCE = Kind(
    "paired difference", DifferenceAsk, DifferenceEvidence, "mltspec.subjects.observers.difference:observe"
)
