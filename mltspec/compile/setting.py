"""What an expectation is about, as its suite and its file say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mltspec.compile.names import Names


@dataclass(frozen=True)
class Setting:
    """What a claim is about: names, the model's and its training data's, the suite's title and marks, the batch.

    A claim about a pipeline is about no model and no data: their names are empty.
    """

    names: Names
    model: str
    training: str
    title: str
    marks: dict[str, Any]
    batch: dict[str, Any] | None
