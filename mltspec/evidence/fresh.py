"""A fresh look: an untrained model, a few real rows, and steps that are undone."""

from __future__ import annotations

from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.plan.subject import Data, Model
from mltspec.plan.wire import Wire


class FreshAsk(Ask):
    """Look at fresh weights on the first ``rows`` rows of the training data; all claims about it share the look."""

    kind: ClassVar[str] = "fresh look"
    model: Model
    data: Data
    seed: int
    rows: int

    def label(self) -> str:
        """Name the look as its report does."""
        return f"look at {self.model.name} untrained"


class Reach(Wire):
    """What an output can be at all, found with weights far larger than any training makes.

    ``low`` and ``high`` are the least and the greatest, NaN where none was finite; ``low_held`` and ``high_held`` say
    that still larger weights reach no further; ``sums_to_one`` that the outputs of a row always do. ``fixed`` is the
    value that it has whatever inputs and weights are, None where it varies.
    """

    low: float
    high: float
    low_held: bool
    high_held: bool
    sums_to_one: bool
    fixed: float | None


class Asked(Wire):
    """What the labels of an output ask for; ``shape`` is that of one row.

    ``most_at_once`` is the largest sum of a row of labels that are all 0 or 1, NaN for others. ``unreachable`` is the
    share of the labels' variance that lies beyond what the output can be.
    """

    shape: tuple[int, ...]
    low: float
    high: float
    whole: bool
    most_at_once: float
    unreachable: float


class Start(Wire):
    """Where the loss of an output starts: ``loss`` is its mean over the rows at fresh weights.

    ``scaled`` is that with inputs brought to mean 0 and spread 1, None where they are no numbers. ``chance`` is the
    loss of answering every row with the labels' frequencies, ``uniform`` that of calling all answers equally likely.
    """

    loss: float
    scaled: float | None
    chance: float
    uniform: float


class Head(Wire):
    """One output, the labels that belong to it, and the loss between them.

    ``loss`` is the compiled one's name, empty for a training step of the user's own. ``wants`` is what the loss
    compares: ``classes`` by number, ``one-hot`` rows, ``yes or no``, ``numbers``; empty for a loss of the user's own.
    ``reading`` is how it takes the outputs, found by comparing its value with every reading: ``scores twice`` goes
    through softmax (or sigmoid) twice; empty where it is none of them. ``shape`` is that of one row.
    """

    name: str
    loss: str
    wants: Literal["classes", "one-hot", "yes or no", "numbers", ""]
    reading: Literal["probabilities", "scores", "scores twice", ""]
    shape: tuple[int, ...]
    finite: bool
    reach: Reach
    asked: Asked | None
    start: Start | None


class Pairing(Wire):
    """Whether it matters which label belongs to which row, told by the gradient of one batch.

    All are relative differences of gradients: ``exchanged`` when labels change rows, ``replaced`` when every row
    gets the same label, ``halves`` between the batch and the mean of its halves, and ``all_pairs`` between the batch
    and the mean over every label given to every row; None where the others leave nothing to ask.
    """

    rows: int
    exchanged: float
    replaced: float
    halves: float
    all_pairs: float | None


class Doubling(Wire):
    """What becomes of loss and gradient when every row of a batch stands there twice; penalties left aside.

    ``gradient`` and ``loss`` are ratios to the batch itself, None where the step hands over or reports none. Where
    both double, the first training steps are taken at the real batch size: ``start`` is the loss of a row before,
    ``end`` after them, and ``end_of_mean`` after as many steps with the gradient divided by the rows of a batch.
    ``declared``: the model's author says that the loss is summed.
    """

    rows: int
    gradient: float | None
    loss: float | None
    exact: bool
    batch_rows: int
    steps: int = 0
    start: float | None = None
    end: float | None = None
    end_of_mean: float | None = None
    declared: bool = False


class Learnt(Wire):
    """The data loss, a row, after the same short training in four ways, from the same fresh weights.

    ``constant``: with all inputs alike, so that nothing can be told apart; ``free``: without penalties;
    ``penalised``: with them; ``undiluted``: with them, and without rows of weight zero (None if there are none).
    ``spread`` is the outputs' standard deviation over rows with penalties, ``free_spread`` without.
    """

    steps: int
    constant: float
    free: float
    penalised: float
    undiluted: float | None
    spread: float
    free_spread: float


class Penalties(Wire):
    """Penalties on weights, and losses that layers add: whether the training step takes them in.

    ``weights`` are the variables with a regulariser, ``left_out`` those of them whose gradient does not change with it.
    ``added`` counts the losses that layers add themselves; ``added_left_out`` says that the step ignores them.
    ``value`` is the sum of all penalties, ``pull`` the norm of their gradient relative to the data's, at fresh weights.
    ``decay`` is the optimizer's weight decay, ``zero_rows`` the share of rows of weight zero.
    """

    weights: tuple[str, ...]
    left_out: tuple[str, ...]
    added: int
    added_left_out: bool
    value: float
    pull: float
    decay: float
    learnt: Learnt | None


class Weighing(Wire):
    """What sample weights do to the gradient of one batch.

    ``source`` is ``sample_weight`` or ``class_weight``. ``varied`` says that weights differ. The others are relative
    differences of gradients: ``effect`` when all weights are set to one, ``exchanged`` when weights change rows,
    ``leak`` when rows of weight zero get other labels (None without such rows). ``zero`` is the share of such rows in
    the data; ``dilution`` is the gradient with them as a multiple of the one without, ``kept`` the share of rows kept.
    """

    source: str
    varied: bool
    rows: int
    effect: float
    exchanged: float
    zero: float
    leak: float | None
    dilution: float | None
    kept: float


class Frozen(Wire):
    """Weights that are not to be trained, after a few real training steps.

    ``layers`` are those set not to be trained or declared frozen, ``weights`` how many weights they have, ``moved`` the
    paths of those that moved, ``unknown`` names that are declared but belong to no layer.
    """

    layers: tuple[str, ...]
    declared: tuple[str, ...]
    unknown: tuple[str, ...]
    weights: int
    steps: int
    moved: tuple[str, ...]


class FreshEvidence(Evidence):
    """What an untrained model shows; parts are None where there is nothing to look at, or ``unseen`` says why.

    ``own_step``: the model has a training step of its own. ``repeatable``: a step taken twice from the same state
    gives the same gradient, so that gradients can be compared. ``bad_data`` names the first NaN or infinity in the
    rows.
    """

    rows: int
    labelled: bool
    own_step: bool
    repeatable: bool
    heads: tuple[Head, ...]
    pairing: Pairing | None
    doubling: Doubling | None
    penalties: Penalties | None
    weighing: Weighing | None
    frozen: Frozen | None
    fixed_rows: int | None = None
    bad_data: str = ""
    unseen: tuple[str, ...] = ()


FRESH = Kind("fresh look", FreshAsk, FreshEvidence, "mltspec.subjects.observers.fresh:observe")
