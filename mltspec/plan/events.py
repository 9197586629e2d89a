"""What a run tells while it goes on; every report is a fold over these."""

from __future__ import annotations

from typing import Literal

from mltspec.plan.picture import Picture
from mltspec.plan.plan import Expectation
from mltspec.plan.verdict import Judgement
from mltspec.plan.wire import Wire


class Failure(Wire):
    """Why evidence could not be gathered.

    ``kind``: ``raised`` (user code or ours raised), ``refused`` (the subject is unfit and we say how),
    ``signal``, ``exit``, ``memory``, ``garbage``, ``timed out``, ``missing`` (what it needs failed).
    ``trace`` is the user's part of the Python stack, ``output`` the tail of what the child printed.
    """

    kind: Literal["raised", "refused", "signal", "exit", "memory", "garbage", "timed out", "missing"]
    message: str
    trace: str = ""
    output: str = ""


class RunStarted(Wire):
    """The plan's size, before anything is gathered."""

    expectations: int
    requests: int
    cached: int
    workers: int
    profile: str


class GatheringStarted(Wire):
    """A child began on some requests of one group."""

    ids: tuple[str, ...]
    label: str
    pid: int


class GatheringProgress(Wire):
    """How far a child is: ``done`` of ``total`` (0: unknown) ``unit``."""

    ids: tuple[str, ...]
    label: str
    done: int
    total: int
    unit: str
    seconds: float


class GatheringEnded(Wire):
    """A request was answered (``failure`` None), from the store or by a child, or failed."""

    id: str
    kind: str
    label: str
    key: str
    seconds: float
    cached: bool
    failure: Failure | None = None


class Judged(Wire):
    """An expectation has its verdict. ``seconds`` is the time of the evidence gathered for it in this run.

    ``pictures`` show the evidence that it was judged by.
    """

    expectation: Expectation
    judgement: Judgement
    seconds: float
    reproduce: str
    pictures: tuple[Picture, ...] = ()


class RunEnded(Wire):
    """The run is over; ``interrupted`` when it was stopped before all was judged."""

    seconds: float
    interrupted: bool
    gathered: int
    cached: int
    untracked: tuple[str, ...] = ()


Event = RunStarted | GatheringStarted | GatheringProgress | GatheringEnded | Judged | RunEnded
