"""Probes: single batches generated to break a claim about any batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Blob, Evidence, Kind
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.subject import Data, Function
from mltspec.plan.wire import Wire, digest_of

Claim = Literal[
    "outputs finite",
    "outputs in range",
    "outputs sum to 1",
    "outputs of shape",
    "rows independent",
    "order irrelevant",
    "padding irrelevant",
    "prediction repeatable",
    "prediction leaves state unchanged",
    "prediction unchanged",
    "prediction monotone",
    "prediction within",
    "relation",
    "train step finite",
    "train step changes weights",
    "gradients finite",
    "loss doubles not",
    "bad input refused",
]


class Terms(Wire):
    """What a claim says beside its name; each claim reads its own fields.

    ``low`` and ``high`` bound outputs, ``shape`` is that of one row (None: any size). ``tolerance`` is absolute up to
    size one and relative above. ``feature`` is what changes: ``to`` a value, or ``by`` an amount, which is a share of
    the value if ``share``; ``way`` is what must not follow, of ``output`` where a row has several. ``features`` are
    sequences to pad with ``padding``. ``relation`` is the user's own.
    """

    low: float | None = None
    high: float | None = None
    tolerance: float = 0.0
    shape: tuple[int | None, ...] | None = None
    feature: str = ""
    to: str | float | None = None
    by: float | None = None
    share: bool = False
    way: Literal["fall", "rise"] = "fall"
    output: int | None = None
    features: tuple[str, ...] = ()
    padding: float = 0.0
    relation: Function | None = None


class ProbesAsk(Ask):
    """A search for a batch that breaks a claim.

    Batches have ``least_rows`` to ``most_rows`` rows, made from rows of ``data`` (None: from rows made up of what the
    model declares), from edges of their ranges and, up to ``reach`` times those, from hostile values (None: from none).
    Claims over the same space share every batch, its forward and backward pass. ``replay`` names a kept
    counterexample: then it alone is tried.
    """

    kind: ClassVar[str] = "probes"
    run: TrainingAsk
    data: Data | None
    claim: Claim
    terms: Terms = Terms()
    least_rows: int
    most_rows: int
    examples: int
    seed: int
    reach: float | None = None
    replay: str | None = None

    def needs(self) -> Sequence[Ask]:
        """The model must have been trained."""
        return (self.run,)

    def group(self) -> str:
        """Claims about the same batches are searched together."""
        return digest_of([self.kind, self.model_dump(mode="json", exclude={"claim", "terms"})])

    def label(self) -> str:
        """Name the search as its report does."""
        about = self.terms.feature or (self.terms.relation.target if self.terms.relation else "")
        return f"probe {self.run.model.name}: {self.claim}{f' ({about})' if about else ''}"

    def about(self) -> str:
        """Return the digest of what is claimed of which model and data; how it is searched for does not count.

        Counterexamples are kept under it.
        """
        subjects = self.run.model.name, self.run.model.build.target, self.data.name if self.data else ""
        terms = self.terms.model_dump(mode="json", exclude={"tolerance"})
        return digest_of([*subjects, self.claim, terms])[:16]


class Cell(Wire):
    """One value of a counterexample that is not a typical row's: where it stands and what it is."""

    row: int
    feature: str
    value: str


class Counterexample(Wire):
    """The smallest batch found that breaks the claim.

    ``table`` shows it, feature by feature, row by row (at most 12 columns of each input); ``unusual``
    marks the cells that differ from a typical row; ``batch`` is the whole batch as NPZ. ``id`` is what replays it.
    """

    rows: int
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    unusual: tuple[Cell, ...]
    seen: str
    batch: Blob
    id: str = ""


class Kept(Wire):
    """A counterexample as the store remembers it: ``about`` what is claimed of what, and what it showed."""

    id: str
    about: str
    label: str
    seen: str
    rows: int
    batch: Blob


class ProbesEvidence(Evidence):
    """How a search ended. ``worst`` is the claim's measure at its worst (a deviation, or an output).

    ``replayed`` counts earlier counterexamples that were tried first; ``known``: one of them broke the claim again.
    ``noise_held``: the model is declared to be random at inference, and every row was given the same noise.
    """

    examples: int
    rows: int
    found: Counterexample | None
    worst: float | None
    worst_text: str
    state_left_as_found: bool
    probes_per_second: float
    flaky: bool = False
    replayed: int = 0
    known: bool = False
    noise_held: bool = False


PROBES = Kind("probes", ProbesAsk, ProbesEvidence, "mltspec.subjects.observers.probes:observe", version=2)
