"""Baselines: stored versions of a model with what it answered, row by row."""

from __future__ import annotations

from typing import ClassVar

from mltspec.evidence.kind import Ask, Blob
from mltspec.plan.wire import Wire

FOLDER = "baselines"
"""Baselines lie in this folder beside a spec or at the top of the project, and may be kept under version control."""


class StoredAsk(Ask):
    """What a stored baseline holds of one metric on one data set.

    ``baseline`` is its name in the store; ``version`` a number, or None for the latest. ``data`` and ``metric`` are
    names as in the spec. ``may_be_missing``: the spec declares that there need be none yet.
    """

    kind: ClassVar[str] = "stored baseline"
    baseline: str
    version: str | None
    data: str
    metric: str
    may_be_missing: bool = False

    def group(self) -> str:
        """All are looked up in one process: each takes a blink."""
        return self.kind

    def label(self) -> str:
        """Name the look-up as its report does."""
        version = f" version {self.version}" if self.version else ""
        return f"{self.metric} on {self.data} of the stored baseline {self.baseline}{version}"


class Holding(Wire):
    """One measurement in a baseline: a metric on a data set, with what each row scored."""

    data: str
    metric: str
    value: float
    rows: int
    higher_is_better: bool | None
    rows_digest: str
    settings: str
    share: bool
    scores: Blob


class Version(Wire):
    """One version of a baseline, as its file says.

    ``number`` counts up from 1; ``content`` is the digest of everything else but ``saved``, so that equal content is
    not kept twice. ``origin`` says what it was saved from; ``form`` is that of the artifact: ``state`` (every variable
    of a trained model), ``keras`` or ``savedmodel``. ``code`` is the digest of the user's source and packages that it
    came from. ``environment`` holds versions of Python, the framework and mltspec, and the platform.
    """

    name: str
    number: int
    content: str
    saved: str
    origin: str
    note: str
    model: str
    seed: int | None
    form: str
    artifact: Blob
    code: str
    environment: dict[str, str]
    holdings: tuple[Holding, ...]
