"""How a trained model stands beside simple answers: what several checks ask of the same look."""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Scope
from mltspec.checks.wording import number
from mltspec.evidence.trained import HeadLook, LayerUnits, Measure, RateTry, Standing
from mltspec.plan.subject import Data

WORTH = 0.05
"""A gain below this share of the trivial answer's error is none to speak of, however certain."""

POSSIBLE = 0.25
"""Where even the good end of the interval lies below this share, the gain is small."""

TAUGHT = 0.1
"""A linear model that gains less, at the bad end of its interval, is no yardstick."""

SIGNIFICANCE = 0.05

BETTER = 0.5
"""A learning rate is to blame if another one ends at less than this share of the loss."""


HELD_OUT = "holdout"
"""The name under which data to judge a trained model by is found where none is named."""


def judged_on(on: str | None, scope: Scope) -> Data:
    """Return the data named or, without a name, `holdout` where the spec declares it, else the training data."""
    if on is not None:
        return scope.data[on]
    return scope.data.get(HELD_OUT, scope.training)


def worthless(head: HeadLook) -> bool:
    """Tell whether no measure says that the answers are better than the same answer for every row."""
    return bool(head.measures) and not _other_purpose(head) and all(_gains_nothing(each) for each in head.measures)


def _other_purpose(head: HeadLook) -> bool:
    """Tell whether the loss finds sense in answers that it does not judge row by row.

    Embeddings, distances and the like may look like scores of classes and are none: only their loss knows.
    """
    if any(measure.name == "loss" for measure in head.measures):
        return False
    return any(each.measure == "loss" and each.chance <= SIGNIFICANCE for each in head.associations)


def _gains_nothing(measure: Measure) -> bool:
    nothing = measure.gain.low <= 0 or measure.gain.estimate < WORTH
    return nothing and (measure.name == "loss" or measure.gain.high < POSSIBLE)


def short(head: HeadLook) -> bool:
    """Tell whether every measure says that the answers gain less than half of what a linear model gains.

    The loss has no say where it is the wrong one: outputs that sum to one cannot name several labels at once.
    """
    asked = [measure for measure in head.measures if not (head.sums_to_one and measure.name == "loss")]
    if not asked or _other_purpose(head):
        return False
    return all(
        measure.short is not None
        and measure.linear_gain is not None
        and measure.short.low > 0
        and measure.linear_gain.low > TAUGHT
        for measure in asked
    )


def fell_short(standing: Standing) -> bool:
    """Tell whether an output of the model is no better than it would be without any learning to speak of."""
    return any(head.constant or worthless(head) or short(head) for head in standing.heads)


def passes_nothing(layer: LayerUnits) -> bool:
    """Tell whether a layer tells no rows apart though what it is given does."""
    return layer.inputs_vary and layer.constant + layer.faint == layer.units


def beside(measure: Measure, linear_on: str = "") -> str:
    """Return ``accuracy 0.95 against 0.1 of the trivial answer and 0.93 of a linear model``."""
    linear = "" if measure.linear is None else f" and {number(measure.linear)} of a linear model"
    trivial = "the trivial answer (the same for every row)"
    return f"{measure.name} {number(measure.ours)} against {number(measure.trivial)} of {trivial}{linear}{linear_on}"


def worst(heads: Sequence[HeadLook]) -> HeadLook | None:
    """Return the output with the smallest gain."""
    measured = [head for head in heads if head.measures]
    return min(measured, key=lambda head: head.measures[0].gain.estimate, default=None)


def remedy(rates: Sequence[RateTry]) -> RateTry | None:
    """Return the try that ends far below the run's own learning rate, equally long and from the same start."""
    if not rates:
        return None
    own, *others = rates
    finite = [each for each in others if each.loss == each.loss and abs(each.loss) != float("inf")]
    best = min(finite, key=lambda each: each.loss, default=None)
    if best is None or best.loss >= best.start:
        return None
    if own.loss != own.loss or own.loss == float("inf"):
        return best
    fell, falls = own.start - own.loss, best.start - best.loss
    return best if best.loss < BETTER * own.loss and falls > fell / BETTER else None


def rate_told(rates: Sequence[RateTry]) -> str:
    """Say what the tries prove of the learning rate; empty if they prove nothing."""
    best = remedy(rates)
    if best is None:
        return ""
    own = rates[0]
    too = "high" if best.factor < 1 else "small"
    what = (
        "steps this large overshoot and the loss diverges"
        if too == "high"
        else "steps this small hardly move the weights towards the answer, so the loss falls too slowly"
    )
    return (
        f"the learning rate {number(own.rate)} is too {too}: {what}; over {best.steps} steps from the same start the "
        f"loss goes {number(own.start)} -> {number(own.loss)}, and at {number(best.rate)} it goes to "
        f"{number(best.loss)}"
    )
