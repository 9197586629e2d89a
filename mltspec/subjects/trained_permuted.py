"""A model's answers against the labels and against the same labels permuted: whether there is any relation at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from mltspec.evidence.trained import Association
from mltspec.subjects.answers import Answers, Floats, Task
from mltspec.subjects.nests import mapped
from mltspec.subjects.trained_measures import Judged
from mltspec.subjects.trained_yardstick import errors, targets

PERMUTED, PERMUTED_LOSSES = 200, 20
"""How many permutations; fewer where each costs a call of the compiled loss."""

CLEAR = 0.01
"""A chance so small leaves no doubt that needs a second measure."""


def associations(judged: Judged) -> list[Association]:
    """Return the error of the answers on true and on permuted labels, by every measure at hand.

    Source: Ojala and Garriga, "Permutation tests for studying classifier performance", JMLR 11, 2010, test 1.
    """
    generator = np.random.default_rng(0)
    places = [generator.permutation(len(judged.answers.truth)) for _ in range(PERMUTED)]
    decided = _of_errors(judged.answers, places)
    told_by_rows = judged.restored.losses(judged.scored.seen.labels, judged.scored.seen.outputs) is not None
    if decided is not None and decided.chance <= CLEAR and told_by_rows:
        return [decided]
    found = [decided, _of_loss(judged, places[:PERMUTED_LOSSES])]
    return [each for each in found if each is not None]


def _of_errors(answers: Answers, places: Sequence[Any]) -> Association | None:
    ours, wanted = errors(answers), targets(answers)
    if ours is None or wanted is None:
        return None
    numbers = answers.asked is Task.NUMBERS
    permuted = [_mean(errors(_other_rows(answers, at))) for at in places]
    perfect = [float(np.mean((wanted - wanted[at]) ** 2 if numbers else wanted != wanted[at])) for at in places]
    spread = float(np.std(perfect))
    return _association(
        "squared error" if numbers else "share of wrong answers",
        _mean(ours),
        permuted,
        float(np.mean(perfect)) / spread if spread > 0 else 0.0,
    )


def _of_loss(judged: Judged, places: Sequence[Any]) -> Association | None:
    scored = judged.scored
    if scored.loss is None:
        return None
    losses = [judged.restored.data_loss(_moved(judged, at), scored.seen.labels) for at in places]
    known = [loss for loss in losses if loss is not None]
    return _association("loss", scored.loss, known, None) if len(known) == len(losses) else None


def _moved(judged: Judged, at: Any) -> Any:
    """Return the outputs with this head's answers given to other rows."""
    outputs = judged.scored.seen.outputs
    if judged.alone or not isinstance(outputs, dict):
        return mapped(lambda leaf: leaf[at], outputs)
    name = next(name for name, each in judged.scored.heads.items() if each is judged.answers)
    return {**outputs, name: outputs[name][at]}


def _other_rows(answers: Answers, at: Any) -> Answers:
    return Answers(answers.truth, answers.score[at], answers.weights, answers.unbounded, answers.asked)


def _association(measure: str, ours: float, permuted: Sequence[float], attainable: float | None) -> Association:
    lower = sum(each <= ours for each in permuted)
    return Association(
        measure=measure,
        ours=ours,
        permuted=float(np.mean(permuted)),
        spread=float(np.std(permuted)),
        chance=(1 + lower) / (1 + len(permuted)),
        attainable=attainable,
    )


def _mean(values: Floats | None) -> float:
    return math.nan if values is None else float(values.mean())
