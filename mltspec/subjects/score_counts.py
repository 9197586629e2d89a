"""Answers as counts that can be added up, by score and label, or by label and decision: for pictures."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from mltspec.evidence.predictions import ScoreCounts
from mltspec.subjects.answers import Answers, Task

BINS = 100
"""Of equal width between 0 and 1."""

MOST_CLASSES = 24
"""A table of more is no picture."""


def counted(answers: Answers | None) -> ScoreCounts | None:
    """Count the rows of one output; None where it asks for neither yes or no nor one of a few classes."""
    if answers is None or not np.isfinite(answers.score).all():
        return None
    if answers.asked is Task.BINARY:
        score = answers.score.reshape(-1).astype(np.float64)
        place = np.clip((expit(score) if answers.unbounded else score) * BINS, 0, BINS - 1).astype(np.intp)
        yes = answers.labels.reshape(-1) == 1
        return ScoreCounts(
            yes=tuple(np.bincount(place[yes], minlength=BINS).tolist()),
            no=tuple(np.bincount(place[~yes], minlength=BINS).tolist()),
        )
    classes = answers.score.shape[-1]
    if answers.asked is not Task.CLASSES or classes > MOST_CLASSES:
        return None
    pairs = answers.labels.reshape(-1) * classes + answers.chosen.reshape(-1)
    table = np.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    return ScoreCounts(decided=tuple(map(tuple, table.tolist())))


def merged(one: ScoreCounts | None, other: ScoreCounts | None) -> ScoreCounts | None:
    """Return the counts of two parts of the rows together; None where one has none."""
    if one is None or other is None:
        return None
    return ScoreCounts(
        yes=tuple(map(sum, zip(one.yes, other.yes, strict=True))),
        no=tuple(map(sum, zip(one.no, other.no, strict=True))),
        decided=tuple(
            tuple(map(sum, zip(mine, its, strict=True))) for mine, its in zip(one.decided, other.decided, strict=True)
        ),
    )
