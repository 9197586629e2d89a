"""Training runs: one run of the user's training, watched without being disturbed."""

from __future__ import annotations

from typing import ClassVar

from mltspec.evidence.kind import Ask, Blob, Evidence, Kind
from mltspec.plan.subject import Data, Model
from mltspec.plan.wire import Wire, digest_of


class TrainingAsk(Ask):
    """One training run, from a seed to the end or to the end of epoch ``epochs``.

    ``replica`` tells apart runs that ought to be equal: each is gathered in a process of its own.
    Runs that differ only in ``epochs`` are gathered as one, the longest.
    """

    kind: ClassVar[str] = "training run"
    model: Model
    data: Data
    seed: int
    replica: int = 0
    epochs: int | None = None

    def group(self) -> str:
        """Shorter runs are read off the longest one."""
        return digest_of([self.kind, self.model_copy(update={"epochs": None}).model_dump(mode="json")])

    def own_interpreter(self) -> bool:
        """A replica shares nothing with the run it is compared with, not even the order of sets."""
        return self.replica > 0

    def label(self) -> str:
        """Name the run as its report does."""
        until = f", {self.epochs} epochs" if self.epochs else ""
        again = f", replica {self.replica}" if self.replica else ""
        return f"train {self.model.name} (seed {self.seed}{until}{again})"


class LossPoint(Wire):
    """The loss on the watched rows after ``step`` optimizer steps (0: before training)."""

    step: int
    epoch: int
    loss: float


class RatePoint(Wire):
    """The learning rate that a step was taken with; ``step`` and ``epoch`` count from 1."""

    step: int
    epoch: int
    rate: float


class Rates(Wire):
    """The learning rate over a run, at no more than 129 of its steps.

    ``schedule`` is the class of the optimizer's own schedule, empty where the rate is a number that code may change;
    ``counted`` is by how much the count that a schedule goes by grew. ``ahead`` is the highest rate that the schedule
    would come to after the run's end, at step ``ahead_at``.
    """

    points: tuple[RatePoint, ...]
    schedule: str
    counted: int
    ahead: float | None = None
    ahead_at: int | None = None


class TrainingEvidence(Evidence):
    """What a training run showed.

    ``points`` are losses on the same ``watched_rows`` training rows, in inference mode where the model
    can be evaluated, else (``inference`` false) the training step's own. ``first_bad_step`` is the first
    step whose training loss was not finite. ``state`` holds every variable of the model and its
    optimizer, ``curve`` the training loss at every step; ``state`` is missing for a run cut short.
    ``bad_data`` names the first NaN or infinity in the data where a loss was not finite; empty if there is none.
    ``rates`` are the learning rates; None where the model has no optimizer, or several.
    ``state_digest`` is the digest of the values alone. ``metrics`` are Keras' own at the last epoch's end.
    """

    steps: int
    epochs: int
    steps_per_epoch: int
    rows: int
    watched_rows: int
    inference: bool
    points: tuple[LossPoint, ...]
    first_bad_step: int | None
    finished: bool
    metrics: dict[str, float]
    trainable_variables: int
    state_digest: str
    curve_digest: str
    state: Blob | None
    curve: Blob | None
    steps_per_second: float
    device: str
    bad_data: str = ""
    rates: Rates | None = None


TRAINING = Kind(
    "training run",
    TrainingAsk,
    TrainingEvidence,
    "mltspec.subjects.observers.training:observe",
    limit_s=3600.0,
)
