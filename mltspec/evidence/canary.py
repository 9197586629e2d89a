"""A candidate on a server: whether it loads, answers, and says what the model in memory says."""

from __future__ import annotations

from typing import ClassVar

from mltspec.evidence.exported import Likeness
from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.plan.subject import Data, Model, Server
from mltspec.plan.wire import Wire


class CanaryAsk(Ask):
    """Export ``model``, load it on ``server`` beside what is there, and ask it about ``rows`` rows of ``data``.

    Weights are moved away from where they start, so that every input matters; nothing is trained.
    """

    kind: ClassVar[str] = "canary"
    model: Model
    data: Data
    server: Server
    rows: int
    seed: int

    def lasting(self) -> bool:
        """A server that is ours is what its code says; any other must be asked."""
        return self.server.ours

    def label(self) -> str:
        """Name the canary as its report does."""
        return f"try {self.model.name} on {self.server.name}"


class Misuse(Wire):
    """A request that no client should send, and what came of it: 4xx is right, 5xx or silence is not."""

    what: str
    status: int
    said: str


class CanaryEvidence(Evidence):
    """What the candidate did on the server.

    ``load_s`` is from the order to load until it answered a row; ``load_error`` why it did not, with the server's
    ``log``. ``unanswered`` counts rows, each sent alone, that got no answer, ``nonfinite`` those whose answer is NaN
    or infinite though memory's is not. ``batch_error`` is what all rows at once came to. ``odd`` are inputs that are
    unusual but allowed, with what the server said to those it did not answer. ``misuses`` were sent on purpose;
    ``alive_after`` tells whether the server still answers.

    Differences are the largest of an answer, relative above 1: ``doors`` against memory by protocol, ``repeat``
    between two equal requests, ``single`` between a row alone and among others, ``export`` of the export called in
    this process. ``likenesses`` are versions of memory's answers that come nearer. ``raw`` is the difference for raw
    rows sent as serving makes them, None where the model declares no raw rows. ``changed_inputs`` says how the
    signature differs from that of ``before``, the version that served.
    """

    system: str
    production: bool
    version: str
    load_s: float
    load_error: str
    log: str = ""
    rows: int = 0
    precision: float = 0.0
    unanswered: int = 0
    first_error: str = ""
    nonfinite: int = 0
    batch_error: str = ""
    odd: tuple[Misuse, ...] = ()
    misuses: tuple[Misuse, ...] = ()
    alive_after: bool = True
    doors: tuple[Likeness, ...] = ()
    repeat: float = 0.0
    single: float = 0.0
    memory_repeat: float = 0.0
    export: float = 0.0
    likenesses: tuple[Likeness, ...] = ()
    raw: float | None = None
    raw_error: str = ""
    before: str = ""
    changed_inputs: tuple[str, ...] = ()


CANARY = Kind("canary", CanaryAsk, CanaryEvidence, "mltspec.subjects.observers.canary:observe")
