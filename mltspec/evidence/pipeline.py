"""Runs of a pipeline: what each stage took, wrote and left, with lineage by digest."""

from __future__ import annotations

from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Blob, Evidence, Kind
from mltspec.plan.subject import Pipeline
from mltspec.plan.wire import Wire

MOST_VALUES = 50
"""Distinct values of a column that are counted one by one, the most frequent first."""


class PipelineAsk(Ask):
    """Run every stage, on a sample of ``rows`` (None: on all there is); ``replica`` tells equal runs apart."""

    kind: ClassVar[str] = "pipeline run"
    pipeline: Pipeline
    rows: int | None
    seed: int
    replica: int = 0

    def own_interpreter(self) -> bool:
        """A second run must not share the first one's order of hashed strings."""
        return self.replica > 0

    def lasting(self) -> bool:
        """Commands read what nobody sees, so such a run is made anew each time."""
        return self.pipeline.seen_through

    def label(self) -> str:
        """Name the run as its report does."""
        sample = f" on a sample of {self.rows:,} rows" if self.rows is not None else ""
        return f"run pipeline {self.pipeline.name}{sample}{' once more' if self.replica else ''}"


class ColumnSeen(Wire):
    """One column of a table, over all of its rows.

    ``type`` is in a reader's words. ``low`` and ``high`` are the ends of numbers, None for all else and where no
    number is there. ``values`` counts the most frequent values, as text; ``distinct`` counts all different ones.
    """

    name: str
    type: Literal["whole numbers", "numbers", "yes or no", "texts", "times", "arrays"]
    missing: int
    low: float | None
    high: float | None
    distinct: int
    values: tuple[tuple[str, int], ...]


class TableSeen(Wire):
    """A table that a stage wrote: a CSV, Parquet or NPZ file; ``unreadable`` says why it is none, else empty."""

    file: str
    rows: int
    columns: tuple[ColumnSeen, ...]
    unreadable: str = ""


class FileSeen(Wire):
    """A file of an artifact, by its content: clocks that a format writes into it are no part of the digest."""

    name: str
    size_bytes: int
    digest: str


class Served(Wire):
    """What became of rows that were sent to the server of a serving stage.

    ``largest`` is the largest difference from what the exported model answers itself. ``error`` is the first answer
    that was none, or why nothing could be asked.
    """

    system: str
    production: bool
    version: str
    rows_from: str
    asked: int
    answered: int
    largest: float
    error: str = ""


class StageRun(Wire):
    """One stage of a run.

    ``ended`` tells how: it was ``done``, it ``failed`` (a status other than 0), it was ``killed`` by a signal, it ran
    out of time, or it was ``not run`` because a stage before it did not end well. ``error`` is the last line of what it
    raised or said, ``tail`` the end of that. ``artifact`` is the digest of all files, ``kept`` the files themselves
    where they are not too large. ``changed`` names stages whose artifacts were not the same any more after this one.
    """

    name: str
    ended: Literal["done", "failed", "killed", "out of time", "not run"]
    seconds: float
    status: int
    takes_rows: bool
    error: str
    tail: str
    reads: tuple[str, ...]
    artifact: str
    files: tuple[FileSeen, ...]
    tables: tuple[TableSeen, ...]
    kept: Blob | None
    changed: tuple[str, ...] = ()
    served: Served | None = None


class PipelineEvidence(Evidence):
    """A run of all stages, in their order; ``seconds`` is what the stages took, without our own looking at them."""

    seconds: float
    stages: tuple[StageRun, ...]

    def stage(self, name: str) -> StageRun:
        """Return a stage by its name."""
        return next(stage for stage in self.stages if stage.name == name)


PIPELINE_RUN = Kind(
    "pipeline run", PipelineAsk, PipelineEvidence, "mltspec.subjects.observers.pipeline:observe", limit_s=3600.0
)
