"""A saved model, loaded again, is the same model.

The trained model is saved and read back in each format that it will be shipped in, and must give the
same predictions on the same rows: a layer whose `get_config` drops an argument, weights restored in another order,
a preprocessing step left out of the export are all found here and nowhere earlier.

    expect saved model reloads within 1e-5 on holdout

Formats: `.keras` (architecture, weights, optimizer), weights into a freshly built model, and the SavedModel
that `export` writes (the user's own `export` if declared).

Inconclusive when the model's own predictions differ from call to call: then nothing can be compared.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure tests 2 and 6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.training import TRAINING, TrainingAsk
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Data
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.plan.wire import Wire

FORMATS = (".keras file", "weights file", "SavedModel")


class ReloadAsk(Ask):
    """Save a trained model in every format, load each, and predict at most ``rows`` rows of ``data`` with both."""

    kind: ClassVar[str] = "reload"
    run: TrainingAsk
    data: Data
    rows: int

    def needs(self) -> Sequence[Ask]:
        """The model must have been trained."""
        return (self.run,)

    def label(self) -> str:
        """Name the measurement as its report does."""
        return f"save, reload and export {self.run.model.name}"


class Reloaded(Wire):
    """One format's round trip.

    ``error`` is what saving or loading raised, empty if neither did. ``largest`` is the largest absolute
    difference of a prediction. ``variables`` names those whose values differ after loading; ``optimizer``
    is the largest difference of an optimizer variable, None where the format keeps none.
    """

    format: str
    error: str
    largest: float
    variables: tuple[str, ...]
    optimizer: float | None


class ReloadEvidence(Evidence):
    """Every format's round trip; ``repeat`` is how far two calls of the model in memory lie apart."""

    rows: int
    repeat: float
    formats: tuple[Reloaded, ...]


RELOAD = Kind("reload", ReloadAsk, ReloadEvidence, "mltspec.subjects.observers.reload:observe")


class ReloadParams(Params):
    """``within`` is the largest absolute difference of a prediction; ``on`` the data to predict."""

    within: Quantity
    on: str | None
    rows: Quantity
