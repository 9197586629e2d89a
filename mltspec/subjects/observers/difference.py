"""A metric of one model against another's, paired on the same rows. Needs no model: only kept scores."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

import numpy as np

from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.predictions import DifferenceAsk, DifferenceEvidence, PredictionsEvidence
from mltspec.statistics.auc import delong_difference, macro_difference
from mltspec.statistics.bootstrap import bootstrap_over_rows, paired_bootstrap
from mltspec.statistics.interval import Interval
from mltspec.statistics.proportions import paired_proportions
from mltspec.subjects.answers import Answers, Array, Floats, Task
from mltspec.subjects.bench import Bench
from mltspec.subjects.metrics import KNOWN, canonical, measure

Scores: TypeAlias = Mapping[str, Array]

MOST_DRAWS = 200_000_000
"""Rows times resamples above which a metric that is no mean over rows is resampled less often."""


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Compare two measurements of one metric.

    Args:
        asks: DifferenceAsks with equal needs.
        found: PredictionsEvidence of ours and of theirs.
        bench: where their scores are kept.
    """
    ours, theirs = (cast(PredictionsEvidence, evidence) for evidence in found)
    return [_difference(cast(DifferenceAsk, ask), ours, theirs, bench) for ask in asks]


def _difference(
    ask: DifferenceAsk, ours: PredictionsEvidence, theirs: PredictionsEvidence, bench: Bench
) -> DifferenceEvidence:
    same_rows = ours.rows_digest == theirs.rows_digest
    gap = ours.value - theirs.value
    interval = Interval(gap, math.nan, math.nan, "not paired: the rows differ")
    if same_rows:
        interval = paired(ask, _load(ours, bench), _load(theirs, bench), gap)
    return DifferenceEvidence(
        ours=ours.value,
        theirs=theirs.value,
        difference=interval.estimate,
        low=interval.low,
        high=interval.high,
        rows=ours.rows,
        same_rows=same_rows,
        higher_is_better=ours.higher_is_better,
        method=interval.method,
    )


def paired(ask: DifferenceAsk, ours: Scores, theirs: Scores, gap: float) -> Interval:
    """Return ours minus theirs with its bounds, by the sharpest method that the kept scores allow.

    Args:
        ask: the confidence, and the bootstrap's resamples and seed.
        ours: the arrays kept with our measurement.
        theirs: the arrays kept with theirs, of the same rows.
        gap: the difference of the two values, for a metric of which nothing is known row by row.
    """
    if "contribution" in ours and "contribution" in theirs:
        return _means(ask, ours["contribution"], theirs["contribution"], ours.get("weight"))
    name = canonical(ask.ours.metric) or canonical(ask.ours.metric.rpartition("_")[2])
    if not name or "truth" not in ours or "truth" not in theirs:
        return Interval(gap, math.nan, math.nan, "none: the metric cannot be taken apart by rows")
    one, other = _answers(ours), _answers(theirs)
    if name == "auc":
        return _areas(ask, one, other)
    metric = KNOWN[name]
    resamples = max(200, min(ask.resamples, MOST_DRAWS // len(one.truth)))
    return bootstrap_over_rows(
        lambda at: measure(metric, one.take(at)).value - measure(metric, other.take(at)).value,
        len(one.truth),
        ask.confidence,
        resamples,
        ask.seed,
    )


def _means(ask: DifferenceAsk, ours: Floats, theirs: Floats, weights: Floats | None) -> Interval:
    """Compare two means over rows; shares of right answers have an interval of their own."""
    if np.isnan(ours).any() or np.isnan(theirs).any():
        return Interval(math.nan, math.nan, math.nan, "none: a prediction is NaN")
    zero_one = np.isin(ours, [0.0, 1.0]).all() and np.isin(theirs, [0.0, 1.0]).all()
    if zero_one and weights is None:
        only_ours, only_theirs = int(np.sum(ours > theirs)), int(np.sum(theirs > ours))
        return paired_proportions(len(ours), only_ours, only_theirs, ask.confidence)
    return paired_bootstrap(ours - theirs, ask.confidence, ask.resamples, ask.seed, weights)


def _areas(ask: DifferenceAsk, ours: Answers, theirs: Answers) -> Interval:
    """Compare two areas under the ROC curve: by DeLong, or by influence where there are classes or weights."""
    truth, one = _columns(ours)
    _, other = _columns(theirs)
    if truth.shape[1] == 1 and ours.weights is None:
        return delong_difference(truth[:, 0], one[:, 0], other[:, 0], ask.confidence)
    weights = None if ours.weights is None else np.repeat(ours.weights, len(truth) // len(ours.truth))
    return macro_difference(truth, one, other, ask.confidence, weights)


def _columns(answers: Answers) -> tuple[Array, Floats]:
    """Return labels and scores as one column a question of yes or no, (rows, questions)."""
    outputs = answers.score.shape[-1]
    score = answers.probabilities.reshape(-1, outputs)
    if answers.asked is not Task.CLASSES:
        return answers.labels.reshape(-1, outputs), score
    labels = answers.labels.reshape(-1)
    if outputs == 2:
        return labels[:, None], score[:, 1:]
    return labels[:, None] == np.arange(outputs), score


def _answers(scores: Scores) -> Answers:
    """Return kept labels and scores as they were measured."""
    return Answers(
        truth=scores["truth"],
        score=scores["score"],
        weights=scores.get("row_weight"),
        logits=bool(scores["logits"]),
        task=Task(str(scores["task"])),
    )


def _load(evidence: PredictionsEvidence, bench: Bench) -> Scores:
    with np.load(bench.path(evidence.scores)) as kept:
        return {name: kept[name] for name in kept.files}
