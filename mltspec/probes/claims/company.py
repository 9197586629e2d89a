"""Claims about what must not matter to a row's answer: its company, its place, padding behind it, being asked twice."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mltspec.probes.batch import typical
from mltspec.probes.schema import Array
from mltspec.probes.trial import HELD, Claim, Others, Outcome, Trial, compared

PADDING_STEPS = 3


def rows_independent(tolerance: float) -> Claim:
    """A row's prediction does not depend on the other rows. The measure is the largest deviation.

    The batch is predicted whole, backwards, and one of its rows alone; a batch of one row is compared
    with the same row beside a typical one.
    """
    return Claim("rows independent", lambda trial: _worst(trial, _other_company(trial), tolerance), _DEVIATION)


def order_irrelevant(tolerance: float) -> Claim:
    """Rows in another order get the same answers, in that order. The measure is the largest deviation."""
    return Claim("order irrelevant", lambda trial: _worst(trial, _other_orders(trial), tolerance), _DEVIATION)


def prediction_repeatable(tolerance: float) -> Claim:
    """The same batch sent twice gets the same answers. The measure is the largest deviation."""

    def repeat(trial: Trial) -> Outcome:
        rows = len(trial.outputs[0]) if trial.outputs else 0
        again = Others("when sent again", np.arange(rows), trial.model.forward(trial.batch), "at first")
        return compared(trial, again, tolerance)

    return Claim("prediction repeatable", repeat, _DEVIATION)


def padding_irrelevant(features: Sequence[str], value: float, tolerance: float) -> Claim:
    """Padding behind a sequence does not change its answer. The measure is the largest deviation.

    Outputs of every step are compared for the steps that were there before.
    """
    return Claim("padding irrelevant", lambda trial: _padded(trial, tuple(features), value, tolerance), _DEVIATION)


def prediction_leaves_state() -> Claim:
    """Predicting changes no variable of the model or its optimizer."""

    def look(trial: Trial) -> Outcome:
        rows = trial.batch.rows if trial.outputs else 0
        moved = trial.model.moved()
        if not moved:
            return HELD._replace(value=None)
        more = f" and {len(moved) - 1} more" if len(moved) > 1 else ""
        return Outcome(True, math.inf, None, f"predicting {rows} rows changes {moved[0]}{more}")

    return Claim("prediction leaves state unchanged", look, "")


_DEVIATION = "largest deviation"


def _worst(trial: Trial, comparisons: Sequence[Others], tolerance: float) -> Outcome:
    outcomes = [compared(trial, others, tolerance) for others in comparisons]
    return max(outcomes, key=lambda outcome: (outcome.broken, outcome.badness), default=HELD)


def _other_company(trial: Trial) -> list[Others]:
    rows = trial.batch.rows
    if rows == 1:
        beside = trial.model.forward(trial.batch.followed_by(typical(trial.schema, 1)))
        return [Others("beside a typical row", np.array([0]), tuple(output[:1] for output in beside))]
    row = rows * 7 // 11
    alone = Others("alone", np.array([row]), trial.model.forward(trial.batch.take([row])))
    return [alone, _reordered(trial, np.arange(rows)[::-1], "with the batch in reverse order")]


def _other_orders(trial: Trial) -> list[Others]:
    rows = trial.batch.rows
    if rows == 1:
        return []
    turned = np.roll(np.arange(rows), 1)
    return [
        _reordered(trial, np.arange(rows)[::-1], "with the batch in reverse order"),
        _reordered(trial, turned, "with the last row put first"),
    ]


def _reordered(trial: Trial, order: Array, how: str) -> Others:
    return Others(how, order, trial.model.forward(trial.batch.take(order)))


def _padded(trial: Trial, features: tuple[str, ...], value: float, tolerance: float) -> Outcome:
    longer = trial.model.padded(trial.batch, features, value, PADDING_STEPS)
    cut = tuple(_cut(other, output) for output, other in zip(trial.outputs, longer, strict=True))
    how = f"with {PADDING_STEPS} steps of padding behind it"
    return compared(trial, Others(how, np.arange(trial.batch.rows), cut, "as it is"), tolerance)


def _cut(longer: Array, output: Array) -> Array:
    """Return the steps of an output that were there without padding."""
    if longer.ndim > 1 and output.ndim == longer.ndim and longer.shape[1] == output.shape[1] + PADDING_STEPS:
        return np.asarray(longer[:, : output.shape[1]])
    return longer
