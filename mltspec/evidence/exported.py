"""A model as it is served: exported, loaded without Keras, and asked the same as the model in memory."""

from __future__ import annotations

from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.plan.subject import Data, Model
from mltspec.plan.wire import Wire

CALLS = 16
"""Calls whose answers are averaged where a model is random at inference."""

CLASSES = "class numbers"
"""The likeness of an export that answers with the likeliest class."""


class ExportedAsk(Ask):
    """Export ``model`` with weights that make every input matter, and ask both of it about ``rows`` rows of ``data``.

    Nothing is trained: an export must be faithful whatever the weights.
    """

    kind: ClassVar[str] = "exported"
    model: Model
    data: Data
    rows: int
    seed: int

    def label(self) -> str:
        """Name the comparison as its report does."""
        return f"export {self.model.name} and ask it as it is served"


class Likeness(Wire):
    """How far the exported answers lie from another version of the answers in memory.

    ``name`` tells which: in ``training mode``, ``without softmax`` or ``without sigmoid``, ``with softmax`` or
    ``with sigmoid`` once more, with ``inputs swapped``, or with ``CLASSES`` instead of scores.
    """

    name: str
    largest: float


class ByPosition(Wire):
    """What comes of feeding the inputs one after the other, as a list, in the order in which serving lists them.

    ``listed`` is that order, by the model's names; ``taken`` the flat order of the signature, by name. ``largest`` is
    the difference from memory, infinite where the signature does not take them so.
    """

    listed: tuple[str, ...]
    taken: tuple[str, ...]
    largest: float


class ExportedEvidence(Evidence):
    """How the exported model compares.

    ``fed`` tells what both were asked about: ``inputs`` of the model, or, where the export computes features
    itself, ``raw rows`` or ``serving features`` against training's features in memory.
    Differences are the largest of an answer, relative to the answer where that is above 1. ``error`` is what
    exporting, loading or calling raised. ``precision`` is the machine epsilon of the model's coarsest
    computing type. ``memory_repeat`` and ``repeat`` are differences between two equal calls, in memory and exported.
    ``single`` is that between a row sent alone and among others, in the exported model; ``single_error`` what it
    raised alone. ``nonfinite`` counts rows that it answers with NaN or infinity where memory does not.
    ``mean_apart`` is, for a model that is random at inference, how many standard errors the mean answers of ``CALLS``
    calls lie apart at most; ``random_intended`` says that its author declares it random.
    ``foreign_weights`` are the model's weights in whose stead the export holds others.
    """

    rows: int
    fed: Literal["inputs", "raw rows", "serving features"]
    error: str
    precision: float
    memory_repeat: float
    repeat: float
    largest: float
    nonfinite: int
    single: float
    single_error: str
    memory_single: float
    mean_apart: float | None
    random_intended: bool
    foreign_weights: tuple[str, ...]
    likenesses: tuple[Likeness, ...]
    by_position: ByPosition | None


EXPORTED = Kind("exported", ExportedAsk, ExportedEvidence, "mltspec.subjects.observers.exported:observe")
