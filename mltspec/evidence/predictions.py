"""Predictions of a trained model on a data set, and metrics over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from mltspec.evidence.artifact import ArtifactAsk
from mltspec.evidence.kind import Ask, Blob, Evidence, Kind
from mltspec.evidence.stored import StoredAsk
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.subject import Data
from mltspec.plan.wire import Wire, digest_of

ANSWERS = "predictions"
"""The name of what is no metric: the model's answers themselves, kept row by row."""


class Filter(Wire):
    """Rows to measure on: those whose ``feature`` compares so with one of ``values``, as text or as a number."""

    feature: str
    compare: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as an author writes it."""
        if self.compare == "in":
            return f"{self.feature} in [{', '.join(self.values)}]"
        return f"{self.feature} {self.compare} {self.values[0]}"


class PredictionsAsk(Ask):
    """Metrics of one model on one data set, overall or by slice.

    ``run`` is the training run that the model comes from, or the file that holds it. ``metric`` is a name compiled
    into the model, ``loss``, one known by name (``accuracy``, ``auc``), ``module:function``, or `ANSWERS`.
    ``by`` names features of the data, or ``label``; a number of many values is cut into ``quantiles``. ``only`` are
    conditions that rows must meet, all of them. ``search`` is how many features are combined to search for weak slices
    among all features, 0 for no search; no slice of fewer than ``search_rows`` rows is then looked at. ``confidence``
    is that of each one-sided bound. All metrics of one model on one data set are gathered in one pass of predictions.
    """

    kind: ClassVar[str] = "predictions"
    run: TrainingAsk | ArtifactAsk
    data: Data
    metric: str
    by: tuple[str, ...] = ()
    only: tuple[Filter, ...] = ()
    quantiles: int = 4
    search: int = 0
    search_rows: int = 0
    confidence: float = 0.95

    def needs(self) -> Sequence[Ask]:
        """The model must have been trained, or read."""
        return (self.run,)

    def rows_named(self) -> str:
        """Return the data's name and the conditions on its rows: what a stored baseline knows them by."""
        return f"{self.data.name} where {' and '.join(map(str, self.only))}" if self.only else self.data.name

    def group(self) -> str:
        """One pass of predictions serves all metrics of the spec, on all data."""
        return digest_of([self.kind, self.run.model_dump(mode="json")])

    def label(self) -> str:
        """Name the measurement as its report does."""
        by = (
            f" by {', '.join(self.by)}"
            if self.by
            else f" on every slice of {self.search} features"
            if self.search
            else ""
        )
        return f"{self.metric} of {self.run.model.name} on {self.rows_named()}{by}"


class SliceValue(Wire):
    """A metric on one slice: ``where`` gives the value of each feature sliced by.

    ``low`` and ``high`` are one-sided bounds at the asked confidence; None where the metric has none.
    """

    where: dict[str, str]
    value: float
    rows: int
    low: float | None = None
    high: float | None = None


class ScoreCounts(Wire):
    """A model's answers as counts of rows, for pictures.

    ``yes`` and ``no`` are rows of either label by score, in bins of equal width between 0 and 1, of a question of yes
    or no; ``decided`` is rows by label and by the class decided for, of one of a few classes.
    """

    yes: tuple[int, ...] = ()
    no: tuple[int, ...] = ()
    decided: tuple[tuple[int, ...], ...] = ()


class PredictionsEvidence(Evidence):
    """A metric's value overall and by slice.

    ``higher_is_better`` is None where the direction is not known. ``scores`` holds arrays of one entry a
    row: ``truth``, ``score`` (rows, outputs) and, where the metric is a mean over rows, ``contribution``.
    ``member`` is the slice of each row, by its place in ``slices``.
    ``rows_digest`` is the digest of inputs and labels: equal digests mean the same rows in the same order.
    ``settings`` is what the metric was set to (thresholds, classes): values of unequal settings are not compared.
    ``low`` and ``high`` are one-sided bounds, found by ``method``; None where the metric has none. ``share`` says that
    it lies between 0 and 1. ``counts`` are the answers as pictures show them.
    """

    metric: str
    value: float
    rows: int
    higher_is_better: bool | None
    slices: tuple[SliceValue, ...]
    rows_digest: str
    scores: Blob
    settings: str = ""
    low: float | None = None
    high: float | None = None
    method: str = ""
    share: bool = False
    counts: ScoreCounts | None = None


PREDICTIONS = Kind(
    "predictions",
    PredictionsAsk,
    PredictionsEvidence,
    "mltspec.subjects.observers.predictions:observe",
    version=2,
    limit_s=3600.0,
)


class StoredEvidence(Evidence):
    """What a baseline holds of what was asked; ``missing`` says why it is not there, and how to get it.

    ``absent`` tells that there is no such baseline at all, as on the first run, and ``excused`` that the spec says it
    may be so. ``version`` and ``saved`` tell which
    one was read; ``origin`` is what it was saved from.
    """

    version: str = ""
    saved: str = ""
    origin: str = ""
    measured: PredictionsEvidence | None = None
    missing: str = ""
    absent: bool = False
    excused: bool = False


STORED = Kind("stored baseline", StoredAsk, StoredEvidence, "mltspec.subjects.observers.stored:observe")


class DifferenceAsk(Ask):
    """A metric of one model against the same metric of another, paired on the same rows, overall and by our slices.

    ``confidence`` is that of the one-sided bound, as a share; ``resamples`` and ``seed`` are the bootstrap's.
    """

    kind: ClassVar[str] = "paired difference"
    ours: PredictionsAsk
    theirs: PredictionsAsk | StoredAsk
    confidence: float
    resamples: int = 2000
    seed: int = 0

    def needs(self) -> Sequence[Ask]:
        """Both models must have been measured."""
        return (self.ours, self.theirs)

    def label(self) -> str:
        """Name the comparison as its report does."""
        by = f" by {', '.join(self.ours.by)}" if self.ours.by else ""
        return f"{self.ours.metric} of {self.ours.run.model.name} against a baseline{by}, paired"


class SliceDifference(Wire):
    """A paired difference on one slice, ours minus theirs; bounds as of the whole."""

    where: dict[str, str]
    ours: float
    theirs: float
    difference: float
    low: float
    high: float
    rows: int


class DifferenceEvidence(Evidence):
    """A paired difference, ours minus theirs, with its interval.

    ``low`` and ``high`` are one-sided bounds at ``confidence``. ``same_rows`` is false when the two were not measured
    on the same rows: then nothing can be compared. ``incomparable`` says what else is in the way (no such baseline,
    another setting of the metric); ``excused`` that there is none yet and need not be. ``baseline`` tells which version
    it is. ``only_ours`` and ``only_theirs`` count rows that one model alone has right, where rows are right or wrong;
    ``worse`` is then the exact p-value that ours is no worse. ``share``: the metric lies in 0..1. ``our_scores`` and
    ``their_scores`` are the answers as pictures show them.
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
    confidence: float = 0.95
    slices: tuple[SliceDifference, ...] = ()
    incomparable: str = ""
    excused: bool = False
    baseline: str = ""
    only_ours: int | None = None
    only_theirs: int | None = None
    worse: float | None = None
    share: bool = False
    our_scores: ScoreCounts | None = None
    their_scores: ScoreCounts | None = None


DIFFERENCE = Kind(
    "paired difference", DifferenceAsk, DifferenceEvidence, "mltspec.subjects.observers.difference:observe", version=2
)
