"""What a data set holds, how two passes over it compare, and how it relates to the training data."""

from __future__ import annotations

from typing import ClassVar

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.plan.subject import Data, Model
from mltspec.plan.wire import Wire, digest_of


class DatasetAsk(Ask):
    """Look at ``data``, beside the data that ``model`` is trained on; at most ``rows`` rows of a pass are read.

    All data sets of one training are looked at in one process.
    """

    kind: ClassVar[str] = "dataset"
    model: Model
    training: Data
    data: Data
    rows: int
    seed: int

    def group(self) -> str:
        """Every data set is held against the same training data, read once."""
        return digest_of([self.kind, self.model_dump(mode="json", exclude={"data"})])

    def label(self) -> str:
        """Name the look as its report does."""
        return f"look at the data {self.data.name}"


class Missing(Wire):
    """Cells without a number in one part of the data: ``cells`` of them in ``rows`` rows.

    ``part`` is ``input``, ``input[age]``, ``labels`` or ``sample_weight``; ``columns`` are those they stand in
    (empty for a part of one value a row). ``value`` is ``NaN``, ``infinity`` or ``None``. ``carried`` says
    whether the model's answers (for labels and weights, its loss) on rows with such cells are finite all the
    same; None if it could not be asked.
    """

    part: str
    value: str
    cells: int
    rows: int
    first_row: int
    columns: tuple[int, ...]
    carried: bool | None


class FrozenDraw(Wire):
    """A function mapped over the data that gives every row the same random numbers.

    ``source`` is the generator that was drawn from while the function was traced (``np.random``, ``random``,
    the name of a generator), or ``a constant seed``. ``repeats`` are the calls on one element that
    gave the same answer, where tracing the function anew gave another.
    """

    function: str
    place: str
    source: str
    repeats: int


class Passes(Wire):
    """Two passes over one data set. ``same_rows`` is None where not all rows were read.

    ``moved`` counts the rows that stand in another place in the second pass, ``lost`` those of the first
    that are not in the second.
    """

    rows: int
    same_order: bool
    same_rows: bool | None
    moved: int
    lost: int


class OneClassBatches(Wire):
    """How mixed the classes of a batch are in the order in which they are trained on.

    ``within`` is the mean chance that two rows of a batch differ in class, ``overall`` that of two rows of the data.
    """

    batches: int
    classes: int
    within: float
    overall: float


class Scale(Wire):
    """How one part of the data is scaled against the same part of the training data.

    ``ratio`` is the typical ratio of a column's spread to its spread in training, ``shift`` that of the
    distance of the means in units of the larger spread. ``explained`` tells whether one factor brings all
    columns together. ``apart`` says that the two are differently scaled, beyond what sampling allows;
    ``own`` that each was brought to mean 0 and spread 1 by statistics of its own, and ``training_standard``,
    ``standard`` that it has mean 0 and spread 1 in every column.
    """

    part: str
    columns: int
    ratio: float
    shift: float
    explained: bool
    apart: bool
    own: bool
    training_standard: bool
    standard: bool
    training_range: tuple[float, float]
    here_range: tuple[float, float]


class Overlap(Wire):
    """Rows of the data that are also trained on.

    ``found`` of ``rows`` rows are among the training rows of ``passes`` passes, ``found_first`` among those of
    the first. ``redealt`` says that two passes over the training data held different rows.
    ``copies_in_training`` of ``training_rows`` training rows have a twin in training themselves.
    ``chance`` is the probability of so much overlap if all rows were dealt at random, copies included.
    ``lonely`` counts the found rows whose values stand in no row nearly like them: they are copies, and not
    rows of a small domain met twice.
    """

    rows: int
    training_rows: int
    passes: int
    found: int
    found_first: int
    redealt: bool
    copies_in_training: int
    singles_in_training: int
    chance: float
    lonely: int
    examples: tuple[int, ...]


class DatasetEvidence(Evidence):
    """What one look at a data set showed.

    ``whole`` is false where only the first ``rows`` rows were read. ``blank`` says that all rows have the
    same inputs. ``label_columns`` are input columns equal to the label in every row. ``cached`` names a
    function with random augmentation whose results a ``cache`` keeps for every epoch. ``split_unseen`` is the share
    of rows that ``validation_split`` sets aside whose class is not among the others; None without one.
    ``unseen_labels`` is the share of rows whose class does not occur in training, None where labels are no classes.
    ``scales`` and ``overlap`` are there where the data is not the training data itself.
    """

    data: str
    training: str
    rows: int
    whole: bool
    missing: tuple[Missing, ...]
    blank: bool
    label_columns: tuple[str, ...]
    frozen: tuple[FrozenDraw, ...]
    cached: tuple[str, ...]
    passes: Passes
    batches: OneClassBatches | None
    split_unseen: float | None
    unseen_labels: float | None
    label_ranges: tuple[str, str] | None
    scales: tuple[Scale, ...]
    overlap: Overlap | None


DATASET = Kind("dataset", DatasetAsk, DatasetEvidence, "mltspec.subjects.observers.dataset:observe")
