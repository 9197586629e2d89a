"""Rollback drills: a candidate promoted and rolled back under load, and what each request met."""

from __future__ import annotations

from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.plan.subject import Data, Model, Server
from mltspec.plan.wire import Wire

MOST_POINTS = 4000
"""A picture of a drill needs no more."""


class RollbackAsk(Ask):
    """Promote a candidate on ``server`` and roll it back, ``drills`` times, under ``rate`` requests a second.

    ``to`` is the version to roll back to, the one that served before if None. ``start`` tells whether that version is
    still loaded (warm) or must be loaded first (cold).
    """

    kind: ClassVar[str] = "rollback drill"
    model: Model
    data: Data
    server: Server
    to: str | None
    rate: float
    drills: int
    start: Literal["warm", "cold"]
    seed: int

    def lasting(self) -> bool:
        """A server that is ours is what its code says; any other must be asked."""
        return self.server.ours

    def label(self) -> str:
        """Name the drill as its report does."""
        return f"drill a rollback on {self.server.name}"


class Point(Wire):
    """One request in the picture of a drill, ``at`` seconds after the rollback was ordered (negative: before).

    ``version`` is ``old``, ``new``, or ``failed`` or ``wrong``.
    """

    at: float
    ended: float
    version: Literal["old", "new", "failed", "wrong"]


class Drill(Wire):
    """One promotion and its rollback, times in seconds from the moment the rollback was ordered.

    ``last_other`` is the end of the last answer that was not the old version's, confirmed by a quiet window;
    infinite if they never stopped. ``first_old`` is the end of the first answer of the old version to a request sent
    after the order. ``acknowledged`` is when the command returned; ``stale`` counts requests sent after that and not
    answered by the old version. ``failed``, ``wrong`` and ``slowest`` cover the promotion as well. ``requests`` is how
    many there were, ``after`` how many of them were sent after the order. ``error`` is what the server said to the
    order; empty if it obeyed.
    """

    last_other: float
    first_old: float
    acknowledged: float
    requests: int
    after: int
    met_new: int
    failed: int
    wrong: int
    stale: int
    slowest: float
    p99: float
    first_failure: str = ""
    error: str = ""


class Killed(Wire):
    """The server killed in the middle of a rollback: which version it came back on, and after how long."""

    live: str
    seconds: float
    error: str = ""


class RollbackEvidence(Evidence):
    """What the drills showed.

    ``served_before`` was live before the first drill, ``target`` is what was rolled back to. ``told_apart`` says how
    versions are known by their answers: the ``protocol`` carries them, or the ``answers`` differ, or ``not`` at all.
    ``changed_answers`` counts rows whose old answers differ after the drills from before; ``files_changed`` whether
    the old version's files do. ``candidate_client`` is what a client of the candidate's signature meets after the
    rollback, empty if it is answered. ``old_error`` and ``new_error`` say why a version could not be loaded at all.
    ``points`` is the picture of the worst drill.
    """

    system: str
    production: bool
    served_before: str
    target: str
    candidate: str
    told_apart: Literal["protocol", "answers", "not"]
    rows: int
    drills: tuple[Drill, ...]
    changed_answers: int = 0
    files_changed: bool = False
    candidate_client: str = ""
    old_error: str = ""
    new_error: str = ""
    killed: Killed | None = None
    log: str = ""
    points: tuple[Point, ...] = ()


ROLLBACK = Kind(
    "rollback drill", RollbackAsk, RollbackEvidence, "mltspec.subjects.observers.rollback:observe", limit_s=3600.0
)
