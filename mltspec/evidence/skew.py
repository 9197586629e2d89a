"""Raw rows on their two ways to a model: through the features of training, and through those of serving."""

from __future__ import annotations

from typing import ClassVar, Literal

from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.plan.subject import Data, Model
from mltspec.plan.wire import Wire

Relation = Literal[
    "equal",
    "ratio",
    "affine",
    "by column",
    "reordered",
    "swapped",
    "filled",
    "rounded",
    "logarithm",
    "shape",
    "missing",
    "text",
    "other",
]
"""How serving's features follow from training's; ``other`` where no simple rule is found."""


class SkewAsk(Ask):
    """Send the raw rows of ``model`` (at most ``rows``) down both paths; ``data`` is what it is trained on."""

    kind: ClassVar[str] = "skew"
    model: Model
    data: Data
    rows: int
    seed: int

    def label(self) -> str:
        """Name the comparison as its report does."""
        return f"compare training and serving features of {self.model.name}"


class InputSkew(Wire):
    """One input on both paths, of the rows that are given to both.

    ``largest`` is the largest difference of a cell, relative to the cell where that is above 1; infinite where
    shapes differ, an input is missing or only one side is a number. ``rows`` counts the rows that differ.
    ``worst`` is row, column, training's and serving's value of the worst cell. ``factor`` and ``offset`` give
    serving = training * factor + offset for the relations that have one; ``note`` tells the rest.
    """

    name: str
    columns: int
    largest: float
    rows: int
    relation: Relation
    factor: float
    offset: float
    note: str
    worst: tuple[int, int, str, str] | None


class Alone(Wire):
    """One path's features of a row sent alone against those of the same row among others: the largest difference."""

    path: Literal["training", "serving"]
    largest: float
    name: str


class Unanswered(Wire):
    """Raw rows that a path's features, or the model's answers to them, turn into NaN or infinity.

    ``rows`` of the raw rows, first ``first_row``; ``in_features`` if the features hold it already, else ``layer`` is
    the first layer that answers so to finite inputs. ``held`` is what that layer is given there (``0``, ``below 0``,
    or empty), and ``in_training`` whether training rows give it such values too. ``training_rows`` counts
    training rows that the model answers so, of those that were tried.
    """

    path: Literal["training", "serving"]
    rows: int
    first_row: int
    in_features: bool
    layer: str
    held: Literal["0", "below 0", ""]
    in_training: bool
    training_rows: int


class SkewEvidence(Evidence):
    """What became of the raw rows.

    ``compared`` says that both paths are declared. ``error`` is what serving raised on rows that training's
    features take, empty if nothing. ``answered`` counts the raw rows that the model was asked about.
    """

    rows: int
    compared: bool
    error: str
    inputs: tuple[InputSkew, ...]
    alone: tuple[Alone, ...]
    answered: int
    unanswered: tuple[Unanswered, ...]


SKEW = Kind("skew", SkewAsk, SkewEvidence, "mltspec.subjects.observers.skew:observe")
