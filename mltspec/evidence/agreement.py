"""Answers held against other answers, row by row: golden data, a baseline; and against how often they come true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.predictions import PredictionsAsk, SliceValue
from mltspec.evidence.stored import StoredAsk
from mltspec.plan.wire import Wire


class AgreementAsk(Ask):
    """Our answers against a baseline's or, without one, against the labels of golden data.

    ``within`` is how far two numbers may lie apart to agree: part of what is looked for, because rows that do not agree
    are listed. None compares decisions, where answers are about classes.
    """

    kind: ClassVar[str] = "agreement"
    ours: PredictionsAsk
    theirs: PredictionsAsk | StoredAsk | None
    within: float | None
    confidence: float

    def needs(self) -> Sequence[Ask]:
        """Both must have answered."""
        return (self.ours,) if self.theirs is None else (self.ours, self.theirs)

    def label(self) -> str:
        """Name the comparison as its report does."""
        other = "golden labels" if self.theirs is None else "a baseline's"
        return f"answers of {self.ours.run.model.name} on {self.ours.rows_named()} against {other}"


class Flip(Wire):
    """A row that two models answer differently: its number from 0, the answers and label as text, its slice."""

    row: int
    ours: str
    theirs: str
    label: str
    apart: float
    where: dict[str, str]


class AgreementEvidence(Evidence):
    """How many rows agree. ``decided`` says that decisions were compared, not numbers.

    ``largest`` is the largest difference of a number, NaN where decisions were compared. ``low`` and ``high`` bound the
    share of agreeing rows. ``flips`` are rows that do not agree, those furthest apart first (at most 20).
    ``better`` and ``worse`` count flips that only our model, or only the other, has right; None without labels to
    say so. ``slices`` give the share that agrees by slice. ``incomparable``, ``excused`` and ``baseline`` are as of a
    paired difference.
    """

    rows: int
    agreeing: int
    decided: bool
    largest: float
    low: float
    high: float
    flips: tuple[Flip, ...] = ()
    better: int | None = None
    worse: int | None = None
    slices: tuple[SliceValue, ...] = ()
    incomparable: str = ""
    excused: bool = False
    baseline: str = ""


AGREEMENT = Kind("agreement", AgreementAsk, AgreementEvidence, "mltspec.subjects.observers.agreement:observe")


class CalibrationAsk(Ask):
    """How often answers come true, by how sure they are, in so many bins of equal width."""

    kind: ClassVar[str] = "calibration"
    ours: PredictionsAsk
    bins: int
    seed: int

    def needs(self) -> Sequence[Ask]:
        """The model must have answered."""
        return (self.ours,)

    def label(self) -> str:
        """Name the measurement as its report does."""
        return f"calibration of {self.ours.run.model.name} on {self.ours.rows_named()}"


class Bin(Wire):
    """Rows of about equal confidence: its lower and upper edge, mean confidence, share that came true."""

    start: float
    end: float
    confidence: float
    accuracy: float
    rows: int


class CalibrationEvidence(Evidence):
    """The expected calibration error. ``bins`` are those with rows.

    ``usual`` is the mean, and ``rarely`` the 95th percentile, of what a perfectly calibrated model with the same
    confidences would show on as many rows: an error that small says nothing.
    """

    error: float
    rows: int
    bins: tuple[Bin, ...]
    usual: float
    rarely: float


CALIBRATION = Kind("calibration", CalibrationAsk, CalibrationEvidence, "mltspec.subjects.observers.calibration:observe")
