"""Stages that are killed while they write, and started again on what they left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.pipeline import PipelineAsk
from mltspec.plan.wire import Wire


class RestartAsk(Ask):
    """Kill a stage at ``drills`` of its calls that change its folder, drawn from ``seed``, and start it again.

    ``runs`` are two undisturbed runs of the whole pipeline: what the stage reads comes from the first, and what both
    agree on is what a restart must give.
    """

    kind: ClassVar[str] = "stage restart"
    runs: tuple[PipelineAsk, PipelineAsk]
    stage: str
    drills: int
    seed: int

    def needs(self) -> Sequence[Ask]:
        """Two undisturbed runs."""
        return self.runs

    def lasting(self) -> bool:
        """As lasting as a run is."""
        return self.runs[0].lasting()

    def label(self) -> str:
        """Name the drill as its report does."""
        return f"kill stage {self.stage} of {self.runs[0].pipeline.name} and start it again"


Kinship = Literal["left over", "missing", "taken for done", "twice", "lost", "broken", "other"]


class Difference(Wire):
    """How a file differs from that of an undisturbed run, after a restart.

    ``left over``: an undisturbed run leaves no such file. ``taken for done``: it is still as the killed run left it.
    ``twice``: ``rows`` rows stand more often than in the undisturbed run, which has ``of``. ``lost``: so many are not
    there. ``broken``: so many are rows that an undisturbed run never writes. ``other``: no table, other content.
    """

    file: str
    kind: Kinship
    rows: int = 0
    of: int = 0


class Consumed(Wire):
    """What the next stage did with the artifact: it ``refused`` it, or took it and made of it ``the same`` or not."""

    stage: str
    outcome: Literal["refused", "the same", "another artifact"]
    error: str = ""


class StageKill(Wire):
    """One kill and what came after.

    ``place`` says where (``while `table.csv` was written (call 3 of 9)``), ``left`` names what lay there (at most 10).
    ``refused_with`` is why the stage did not end well when it was started again, empty if it did.
    """

    place: str
    left: tuple[str, ...]
    refused_with: str
    tail: str
    differences: tuple[Difference, ...]
    consumed: tuple[Consumed, ...]


class RestartEvidence(Evidence):
    """What became of a stage that was killed, in the order of its calls.

    ``undone`` says why an undisturbed run has no artifact of it, ``unobserved`` why nothing could be killed; both empty
    where kills were seen. ``compared`` files are equal in both undisturbed runs, ``unequal`` names those that are not.
    """

    stage: str
    calls: int
    compared: int
    unequal: tuple[str, ...]
    kills: tuple[StageKill, ...]
    undone: str = ""
    unobserved: str = ""


STAGE_RESTART = Kind(
    "stage restart", RestartAsk, RestartEvidence, "mltspec.subjects.observers.restart:observe", limit_s=3600.0
)
