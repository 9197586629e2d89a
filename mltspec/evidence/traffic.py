"""A candidate under a share of the traffic, beside a concurrent baseline of the same size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.subject import Data, Server
from mltspec.plan.wire import Wire


class Claim(Wire):
    """What the candidate must not do worse than the baseline, and by how much it may.

    ``errors`` and ``mistakes`` (answers that miss the label) are bounded by an excess share, ``latency`` at a
    ``quantile`` by a ratio, the ``distribution`` of answers by a distance of Kolmogorov and Smirnov, the server's
    ``memory`` by how many bytes it grows.
    """

    what: Literal["errors", "latency", "distribution", "mistakes", "memory"]
    bound: float
    quantile: float = 0.99


class TrafficAsk(Ask):
    """Send ``rate`` requests a second for ``seconds``, ``shares`` of them, step by step, to the candidate.

    As many go to the baseline, the version that serves; the rest to whatever is live. Rows are drawn from ``data``;
    requests that were recorded are sent whole and in their order. With ``shadow`` the candidate gets copies.
    ``claims`` and ``alpha`` decide when it is stopped for harm, so they are part of what is measured.
    """

    kind: ClassVar[str] = "canary traffic"
    run: TrainingAsk
    data: Data
    server: Server
    shares: tuple[float, ...]
    seconds: float
    rate: float
    claims: tuple[Claim, ...]
    alpha: float
    shadow: bool = False

    def needs(self) -> Sequence[Ask]:
        """The candidate is the trained model."""
        return (self.run,)

    def lasting(self) -> bool:
        """A server that is ours is what its code says; any other must be asked."""
        return self.server.ours

    def label(self) -> str:
        """Name the canary as its report does."""
        return f"canary of {self.run.model.name} on {self.server.name}"


class Arm(Wire):
    """Requests to one version between two looks.

    ``latencies_s`` are of those that were answered, corrected for coordinated omission; ``answers`` the first number
    of each answer; ``mistakes`` counts answers that miss the label, of ``labelled``.
    """

    requests: int = 0
    failed: int = 0
    latencies_s: tuple[float, ...] = ()
    answers: tuple[float, ...] = ()
    mistakes: int = 0
    labelled: int = 0
    first_error: str = ""


class Look(Wire):
    """What both arms met since the look before, at a share of the traffic; the server's memory at its end, if seen."""

    share: float
    canary: Arm
    baseline: Arm
    memory_bytes: int | None = None


class TrafficEvidence(Evidence):
    """What the canary showed, look by look, out of ``looks_planned``; fewer when it was stopped for harm.

    ``live_after`` is the version that served everything afterwards, ``baseline`` the one that served before.
    ``split_error`` says why traffic could not be shared out, ``load_error`` why the candidate did not load.
    """

    system: str
    production: bool
    baseline: str
    canary: str
    looks_planned: int
    looks: tuple[Look, ...] = ()
    live_after: str = ""
    load_error: str = ""
    split_error: str = ""
    rate_sent: float = 0.0


TRAFFIC = Kind(
    "canary traffic",
    TrafficAsk,
    TrafficEvidence,
    "mltspec.subjects.observers.traffic:observe",
    limit_s=24 * 3600.0,
)
