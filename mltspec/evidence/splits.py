"""Two tables of a stage that must have nothing in common: rows, groups, time; and features that are the label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.pipeline import PipelineAsk
from mltspec.plan.wire import Wire


class SplitsAsk(Ask):
    """Compare tables ``first`` and ``second`` of a stage.

    Rows are equal where all columns but those ``apart_from`` are; ``groups`` are columns of which no value may stand in
    both; ``time`` orders rows; ``label_column`` is the label's.
    """

    kind: ClassVar[str] = "splits"
    run: PipelineAsk
    stage: str
    first: str
    second: str
    apart_from: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    time: str | None = None
    label_column: str | None = None

    def needs(self) -> Sequence[Ask]:
        """The run that writes the tables."""
        return (self.run,)

    def lasting(self) -> bool:
        """As lasting as the run is."""
        return self.run.lasting()

    def label(self) -> str:
        """Name the comparison."""
        return f"compare {self.first} and {self.second} of {self.stage}"


class SharedGroup(Wire):
    """A column of groups: how many of the second table's ``of`` groups stand in the first one too, and in which rows.

    ``example`` is one of them.
    """

    name: str
    shared: int
    of: int
    rows: int
    example: str


class Order(Wire):
    """Times of both tables, as text: the first one's last, the second one's first.

    ``late`` counts rows of the first table that are not before every row of the second.
    """

    last_of_first: str
    first_of_second: str
    late: int
    missing: int


class SplitsEvidence(Evidence):
    """What the tables have in common.

    ``undone`` says why there are none. ``shared`` rows of the second stand in the first, where ``twins`` rows have a
    twin among themselves; ``chance`` is the probability of as many by chance, at that rate. ``examples`` are numbers of
    rows of the second table. ``tell`` names features that tell the label of every row.
    """

    rows: tuple[int, int]
    shared: int
    twins: int
    chance: float
    examples: tuple[int, ...]
    groups: tuple[SharedGroup, ...]
    order: Order | None
    tell: tuple[str, ...]
    undone: str = ""


SPLITS = Kind("splits", SplitsAsk, SplitsEvidence, "mltspec.subjects.observers.splits:observe")
