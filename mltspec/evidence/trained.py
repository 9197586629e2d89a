"""A look at one finished training run: its model restored, beside simple models, and what it does with its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.subject import Data
from mltspec.plan.wire import Wire, digest_of


class TrainedAsk(Ask):
    """Look at the model of a training run, on its training rows and on those of ``data``.

    ``confidence`` is that of each one-sided bound, as a share.
    """

    kind: ClassVar[str] = "trained look"
    run: TrainingAsk
    data: Data
    confidence: float

    def needs(self) -> Sequence[Ask]:
        """The model must have been trained."""
        return (self.run,)

    def group(self) -> str:
        """The model is restored once for all data."""
        return digest_of([self.kind, self.run.model_dump(mode="json")])

    def label(self) -> str:
        """Name the look as its report does."""
        return f"look at the trained {self.run.model.name} on {self.data.name}"


class Bounds(Wire):
    """An estimate with one-sided bounds."""

    estimate: float
    low: float
    high: float


class Measure(Wire):
    """One measure of the model's answers, of trivial answers, and of a linear model's.

    ``name`` is ``accuracy``, ``balanced accuracy``, ``squared error`` or ``loss``. ``gain`` is the share of
    the trivial answer's error that the model takes away: 1 makes no error, 0 is as bad as the trivial answer;
    of a loss, whose floor nobody knows, the share of the trivial answer's loss. ``linear_gain`` is the linear
    model's. ``short`` is by how much of that error the model falls short of halfway from the trivial answer to
    the linear model; None without a linear model.
    """

    name: str
    ours: float
    trivial: float
    gain: Bounds
    linear: float | None = None
    linear_gain: Bounds | None = None
    short: Bounds | None = None


class Association(Wire):
    """The error of the model's answers against the labels, and against the same labels permuted.

    ``measure`` is what the error is; less is better. ``permuted`` and ``spread`` are mean and standard deviation
    over permutations, ``chance`` the share of them on which the error is as small as on the true labels (the
    p-value). ``attainable`` is by how many spreads perfect answers would lie below the mean; None if not known.
    """

    measure: str
    ours: float
    permuted: float
    spread: float
    chance: float
    attainable: float | None


class HeadLook(Wire):
    """One output of the model on some rows; ``head`` is empty for the only one.

    ``constant``: its answers hardly differ between rows though the labels do; ``answers`` shows them. ``ones``:
    every answer is 1, of an output of one unit. ``sums_to_one``: the outputs of each row do, while labels of a row
    sum to more. ``takes`` is the form of answers in which the loss finds a simple model far better, ``gives`` the
    form of the model's own; empty where that is not known.
    ``fitted_on`` names the data that the linear model of the measures was fitted on: the training rows, or, where
    these teach it nothing, the rows looked at, each answered by a fit without it; empty without a linear model.
    ``label_spread`` and ``answer_spread`` are standard deviations over rows, of labels that are numbers.
    """

    head: str
    task: Literal["binary", "classes", "tags", "numbers"]
    rows: int
    measures: tuple[Measure, ...]
    associations: tuple[Association, ...]
    constant: bool
    ones: bool
    sums_to_one: bool
    answers: str
    takes: Literal["probabilities", "logits", ""] = ""
    gives: Literal["probabilities", "logits", ""] = ""
    fitted_on: str = ""
    label_spread: float | None = None
    answer_spread: float | None = None


class OtherScale(Wire):
    """What the data would score if its inputs were brought to the scale of the training rows.

    ``data_range`` and ``training_range`` are the least and largest input values; ``better`` is by how much
    ``measure`` gets better on the scale of training.
    """

    input: str
    data_range: tuple[float, float]
    training_range: tuple[float, float]
    measure: str
    ours: float
    rescaled: float
    better: Bounds


class Standing(Wire):
    """How the model's answers stand on the rows of one data set. ``unseen`` says what could not be scored, and why.

    ``pairing`` is the gain of a linear model fitted on these rows, each answered by a fit without it: what the
    inputs say of the labels, whatever the model; None without such a fit. ``labels_are_inputs`` where the model
    is to give back what it is given. ``weighted`` is the share of rows with a sample weight above 0.
    """

    data: str
    rows: int
    heads: tuple[HeadLook, ...]
    finite: bool
    unseen: tuple[str, ...]
    loss: float | None
    pairing: float | None
    labels_are_inputs: bool
    weighted: float = 1.0
    scale: OtherScale | None = None


class InputsLook(Wire):
    """Which inputs the outputs depend on.

    ``tried`` inputs vary in the training rows and were set to several of their values on ``rows`` rows;
    ``ignored`` are those after which every output was bitwise as before. ``skipped`` were not tried.
    """

    tried: int
    rows: int
    ignored: tuple[str, ...]
    skipped: int
    unseen: str = ""


class LayerUnits(Wire):
    """The units of one hidden layer over rows.

    ``constant`` units have the same output on every row (to single precision), ``faint`` ones differ by less than
    a ten-thousandth of their size; ``zero`` and ``saturated`` say how constant or faint units stand: at 0, at
    the end of the activation's range. ``inputs_vary`` tells whether what goes into the layer differs between rows.
    """

    path: str
    kind: str
    units: int
    constant: int
    faint: int
    zero: int
    saturated: int
    inputs_vary: bool


class WeightsLook(Wire):
    """What training did to the trainable weights.

    ``moved`` is the norm of the whole change as a share of the norm at the start; ``still`` are variables that are
    bitwise as they were, ``shrunk`` those that fell below a tenth of their norm. ``start_known`` is false
    where the job may have started from other weights. ``penalty`` is what regularisers add to the loss at the end.
    ``linear_chain`` are two layers in a row with nothing but a linear map in each.
    """

    trainable: int
    steps: int
    moved: float
    still: tuple[str, ...]
    shrunk: tuple[str, ...]
    nonfinite: tuple[str, ...]
    start_known: bool
    penalty: float
    linear_chain: tuple[str, ...]


class RateTry(Wire):
    """A short training from the same start at ``factor`` times the learning rate: the loss on the watched rows."""

    factor: float
    rate: float
    steps: int
    start: float
    loss: float


class ModesLook(Wire):
    """The same rows answered again, by calling the model, and in training mode.

    Differences are the largest absolute ones; ``size`` is the largest output. ``state_changed`` are variables that
    answering in inference mode changed. ``random_layers`` act in training only (dropout, noise, augmentation) and
    were called; ``differs`` is by how much training mode differs, None if it could not be tried.
    ``training_gain`` and ``inference_gain`` are the gains over the trivial answer on the training rows in each mode.
    """

    rows: int
    size: float
    again: float
    called: float | None
    called_again: float
    state_changed: tuple[str, ...]
    random_layers: tuple[str, ...]
    normalising_layers: tuple[str, ...]
    differs: float | None
    training_gain: Bounds | None
    inference_gain: Bounds | None
    stochastic_declared: bool


class MetricPair(Wire):
    """A metric as evaluation reports it, and as it follows from the predictions of the same rows."""

    name: str
    evaluated: float
    predicted: float
    rows: int


class PassesLook(Wire):
    """Two passes over the data, and metrics of one pass.

    ``order``: ``same``, ``reordered`` (the same rows in another order) or ``other rows``. ``whole``: all rows were
    read. ``is_training``: it is the data trained on, which may be shuffled anew. ``disagree`` are metrics whose
    two values differ, out of ``compared``. ``swapped`` is the accuracy (or R2) that comes out if the predictions of
    one pass meet the labels of the other, ``paired`` if they meet their own.
    """

    rows: int
    order: Literal["same", "reordered", "other rows"]
    whole: bool
    is_training: bool
    compared: int
    disagree: tuple[MetricPair, ...]
    paired: float | None = None
    swapped: float | None = None


class TrainedEvidence(Evidence):
    """Everything seen of one finished run.

    ``start_loss``, ``end_loss`` and ``falling`` (the p-value of a downward trend over the second half) are those of
    the run's watched losses. ``rates`` are tried only where the training failed; the first is the run's own.
    """

    training: Standing
    on: Standing
    inputs: InputsLook
    layers: tuple[LayerUnits, ...]
    weights: WeightsLook
    modes: ModesLook
    passes: PassesLook
    rates: tuple[RateTry, ...]
    first_bad_step: int | None
    bad_data: str
    start_loss: float
    end_loss: float
    falling: float


TRAINED = Kind("trained look", TrainedAsk, TrainedEvidence, "mltspec.subjects.observers.trained:observe")
