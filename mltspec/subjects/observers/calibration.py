"""Measures how often answers come true, by how sure they are. Needs no framework.

Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 2 (equal-width bins).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
from scipy.special import expit

from mltspec.evidence.agreement import Bin, CalibrationAsk, CalibrationEvidence
from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.predictions import PredictionsEvidence
from mltspec.subjects.answers import Answers, Array, Floats, Task
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.observers.difference import answers_of, load_scores

DRAWS = 200
"""How often labels are drawn anew as a perfectly calibrated model would have them."""


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[CalibrationEvidence]:
    """Measure the calibration of kept answers.

    Raises:
        Unfit: the answers are about numbers, and have no confidence.
    """
    answers = answers_of(load_scores(cast(PredictionsEvidence, found[0]), bench))
    return [_calibration(cast(CalibrationAsk, ask), answers) for ask in asks]


def _calibration(ask: CalibrationAsk, answers: Answers) -> CalibrationEvidence:
    confidence, right = _confidence(answers)
    place = np.minimum((confidence * ask.bins).astype(np.intp), ask.bins - 1)
    rows = np.bincount(place, minlength=ask.bins)
    sure = np.bincount(place, confidence, ask.bins)
    true = np.bincount(place, right, ask.bins)
    generator = np.random.default_rng(ask.seed)
    drawn = [
        _error(np.bincount(place, generator.random(len(confidence)) < confidence, ask.bins), sure, len(confidence))
        for _ in range(DRAWS)
    ]
    return CalibrationEvidence(
        error=_error(true, sure, len(confidence)),
        rows=len(confidence),
        bins=tuple(
            Bin(
                start=at / ask.bins,
                end=(at + 1) / ask.bins,
                confidence=float(sure[at] / rows[at]),
                accuracy=float(true[at] / rows[at]),
                rows=int(rows[at]),
            )
            for at in np.flatnonzero(rows)
        ),
        usual=float(np.mean(drawn)),
        rarely=float(np.quantile(drawn, 0.95)),
    )


def _error(true: Array, sure: Array, rows: int) -> float:
    """The mean gap between confidence and accuracy, bins weighted by their rows."""
    return float(np.abs(true - sure).sum() / rows)


def _confidence(answers: Answers) -> tuple[Floats, Floats]:
    """Return how sure each answer is, and whether it came true, (rows,) each.

    Of a question of yes or no it is the chance of yes; of classes, that of the class decided for.
    """
    if answers.asked is Task.NUMBERS:
        raise Unfit("calibration is of probabilities; these answers are numbers")
    if np.isnan(answers.score).any():
        raise Unfit("some answers are NaN: they have no confidence")
    chances = answers.probabilities
    if answers.asked is Task.CLASSES:
        return chances.max(axis=-1).reshape(-1), (answers.chosen == answers.labels).reshape(-1).astype(np.float64)
    chances = expit(chances) if answers.unbounded else chances
    return np.clip(chances, 0, 1).reshape(-1), answers.labels.reshape(-1).astype(np.float64)
