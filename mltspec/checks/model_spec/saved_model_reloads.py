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


def asks(params: ReloadParams, scope: Scope) -> Sequence[Ask]:
    """One trained model, saved in every format."""
    data = scope.data[params.on] if params.on else scope.training
    return [ReloadAsk(run=scope.run(), data=data, rows=params.rows.count)]


def judge(params: ReloadParams, evidence: Sequence[ReloadEvidence]) -> Judgement:
    """Every format must give back the same predictions."""
    (seen,) = evidence
    limit = float(params.within)
    bound = Figure(text=f"within {params.within}", value=limit)
    if seen.rows == 0:
        return inconclusive("there is no row to predict", bound=bound)
    if not seen.repeat <= limit:
        return inconclusive(
            f"two calls of the model in memory already differ by {number(seen.repeat)} on the same rows; "
            "a layer is random at inference",
            figure(seen.repeat),
            bound,
        )
    faults = [text for text in (_fault(round_trip, limit) for round_trip in seen.formats) if text]
    worst = max((r.largest for r in seen.formats), key=lambda x: math.inf if math.isnan(x) else x, default=math.nan)
    measured = figure(worst, f"largest difference {number(worst)}")
    if faults:
        return failed("; ".join(faults), measured, bound)
    names = ", ".join(round_trip.format for round_trip in seen.formats)
    return passed(
        f"saved and loaded ({names}), the model answers as before: {plural(seen.rows, 'row')} differ by at most "
        f"{number(worst)}",
        measured,
        bound,
    )


def _fault(round_trip: Reloaded, limit: float) -> str:
    name = round_trip.format
    if round_trip.error:
        return f"the {name} cannot be saved and loaded again: {round_trip.error}"
    if not round_trip.largest <= limit:
        if round_trip.variables:
            cause = f"weights differ after loading, first `{round_trip.variables[0]}`"
        else:
            cause = (
                "all weights are equal, so the configuration was not: a layer whose get_config drops an argument, "
                "or state that is no variable"
            )
        return f"predictions change by {number(round_trip.largest)} after the {name} is loaded again ({cause})"
    if round_trip.optimizer:
        return f"the optimizer's state changes by {number(round_trip.optimizer)} after the {name} is loaded again"
    return ""


def _example(*formats: Reloaded) -> ReloadEvidence:
    return ReloadEvidence(rows=500, repeat=0.0, formats=formats)


CHECK = Check(
    name="saved-model-reloads",
    test=2,
    phrase="saved model reloads",
    summary="A saved, loaded or exported model gives the same predictions.",
    params=ReloadParams,
    evidence=ReloadEvidence,
    kinds=(RELOAD, TRAINING),
    asks=asks,
    judge=judge,
    clauses=(
        Clause("within {within:number}", "largest absolute difference of a prediction", default="within 1e-5"),
        Clause("on {on:data}", "the rows to predict; the training data by default"),
        Clause("over {rows:rows}", "how many rows to predict at most", default="over 512 rows"),
    ),
    examples=lambda: (
        Example(
            "expect saved model reloads within 1e-5 on holdout",
            (_example(Reloaded(format=".keras file", error="", largest=0.0, variables=(), optimizer=0.0)),),
            Verdict.PASSED,
            "saved and loaded (.keras file), the model answers as before: 500 rows differ by at most 0",
        ),
        Example(
            "expect saved model reloads",
            (_example(Reloaded(format=".keras file", error="", largest=0.652, variables=(), optimizer=0.0)),),
            Verdict.FAILED,
            "predictions change by 0.652 after the .keras file is loaded again (all weights are equal, so the "
            "configuration was not: a layer whose get_config drops an argument",
        ),
    ),
)
