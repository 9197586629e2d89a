"""Probes: single batches generated to break a claim about any batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Blob, Evidence, Kind
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.subject import Data
from mltspec.plan.wire import Wire, digest_of

Claim = Literal["outputs finite", "outputs in range", "rows independent", "train step finite"]


class ProbesAsk(Ask):
    """A search for a batch that breaks a claim.

    Batches have ``least_rows`` to ``most_rows`` rows, made from rows of ``data`` and from edges of its
    ranges. ``low`` and ``high`` bound outputs (``outputs in range``); ``tolerance`` is absolute up to size one and
    relative above (``rows independent``). Claims over the same space share every batch, its forward and backward
    pass.
    """

    kind: ClassVar[str] = "probes"
    run: TrainingAsk
    data: Data
    claim: Claim
    least_rows: int
    most_rows: int
    examples: int
    seed: int
    low: float | None = None
    high: float | None = None
    tolerance: float = 0.0

    def needs(self) -> Sequence[Ask]:
        """The model must have been trained."""
        return (self.run,)

    def group(self) -> str:
        """Claims about the same batches are searched together."""
        space = {"claim", "low", "high", "tolerance"}
        return digest_of([self.kind, self.model_dump(mode="json", exclude=space)])

    def label(self) -> str:
        """Name the search as its report does."""
        return f"probe {self.run.model.name}: {self.claim}"


class Cell(Wire):
    """One value of a counterexample that is not a typical row's: where it stands and what it is."""

    row: int
    feature: str
    value: str


class Counterexample(Wire):
    """The smallest batch found that breaks the claim.

    ``table`` shows it, feature by feature, row by row (at most 12 columns of each input); ``unusual``
    marks the cells that differ from a typical row; ``batch`` is the whole batch as NPZ.
    """

    rows: int
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    unusual: tuple[Cell, ...]
    seen: str
    batch: Blob


class ProbesEvidence(Evidence):
    """How a search ended. ``worst`` is the claim's measure at its worst (a deviation, or an output)."""

    examples: int
    rows: int
    found: Counterexample | None
    worst: float | None
    worst_text: str
    state_left_as_found: bool
    probes_per_second: float
    flaky: bool = False


PROBES = Kind("probes", ProbesAsk, ProbesEvidence, "mltspec.subjects.observers.probes:observe")
