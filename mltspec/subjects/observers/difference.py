"""A metric of one model against another's, paired on the same rows. Needs no model: only kept scores."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

import numpy as np

from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.predictions import (
    DifferenceAsk,
    DifferenceEvidence,
    PredictionsEvidence,
    ScoreCounts,
    SliceDifference,
    StoredEvidence,
)
from mltspec.statistics.auc import delong_difference, macro_difference
from mltspec.statistics.bootstrap import bootstrap_over_rows, paired_bootstrap
from mltspec.statistics.interval import Interval
from mltspec.statistics.proportions import paired_proportions
from mltspec.statistics.shares import mcnemar
from mltspec.subjects import scikit
from mltspec.subjects.answers import Answers, Array, Floats, Task
from mltspec.subjects.bench import Bench
from mltspec.subjects.metrics import KNOWN, Metric, canonical, measure
from mltspec.subjects.score_counts import counted

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
    return [_difference(cast(DifferenceAsk, ask), cast(PredictionsEvidence, found[0]), found[1], bench) for ask in asks]


def _difference(ask: DifferenceAsk, ours: PredictionsEvidence, baseline: Evidence, bench: Bench) -> DifferenceEvidence:
    told = DifferenceEvidence(
        ours=ours.value,
        theirs=math.nan,
        difference=math.nan,
        low=math.nan,
        high=math.nan,
        rows=ours.rows,
        same_rows=False,
        higher_is_better=ours.higher_is_better,
        method="not paired",
        confidence=ask.confidence,
        share=ours.share,
    )
    theirs, update = known(baseline)
    told = told.model_copy(update=update)
    if theirs is None:
        return told
    gap = ours.value - theirs.value
    told = told.model_copy(update={"theirs": theirs.value, "difference": gap})
    if ours.rows_digest != theirs.rows_digest:
        return told
    if ours.settings != theirs.settings:
        settings = f"the metric was set otherwise: {theirs.settings or 'unknown'} against {ours.settings or 'unknown'}"
        return told.model_copy(update={"same_rows": True, "incomparable": settings})
    one, other = load_scores(ours, bench), load_scores(theirs, bench)
    interval = paired(ask, one, other, gap)
    return told.model_copy(
        update={
            "difference": interval.estimate,
            "low": interval.low,
            "high": interval.high,
            "same_rows": True,
            "method": interval.method,
            "slices": _by_slice(ask, ours, one, other),
            "our_scores": _counts_of(one),
            "their_scores": _counts_of(other),
            **_counts(one, other),
        }
    )


def _counts_of(scores: Scores) -> ScoreCounts | None:
    return counted(answers_of(scores)) if "truth" in scores else None


def known(baseline: Evidence) -> tuple[PredictionsEvidence | None, dict[str, Any]]:
    """Return a baseline's measurement, and what is told of the baseline."""
    if not isinstance(baseline, StoredEvidence):
        return cast(PredictionsEvidence, baseline), {}
    told = f"version {baseline.version}, saved {baseline.saved} from {baseline.origin}" if baseline.version else ""
    about = {"baseline": told, "incomparable": baseline.missing, "excused": baseline.absent and baseline.excused}
    return baseline.measured, about


def _counts(ours: Scores, theirs: Scores) -> dict[str, Any]:
    """Return how many rows one model alone has right, and McNemar's exact p-value, where rows are right or wrong."""
    if not _right_or_wrong(ours, theirs):
        return {}
    only_ours = int(np.sum(ours["contribution"] > theirs["contribution"]))
    only_theirs = int(np.sum(theirs["contribution"] > ours["contribution"]))
    return {"only_ours": only_ours, "only_theirs": only_theirs, "worse": mcnemar(only_ours, only_theirs)}


def _by_slice(ask: DifferenceAsk, ours: PredictionsEvidence, one: Scores, other: Scores) -> tuple[SliceDifference, ...]:
    """Return the paired difference on each of our slices."""
    if not ours.slices or "member" not in one:
        return ()
    order = np.argsort(one["member"], kind="stable")
    ends = np.cumsum(np.bincount(one["member"], minlength=len(ours.slices)))
    found = []
    for part, at in zip(ours.slices, np.split(order, ends[:-1]), strict=True):
        mine, its = _rows_of(one, at, len(order)), _rows_of(other, at, len(order))
        interval = paired(ask, mine, its, math.nan)
        found.append(
            SliceDifference(
                where=part.where,
                ours=part.value,
                theirs=part.value - interval.estimate,
                difference=interval.estimate,
                low=interval.low,
                high=interval.high,
                rows=part.rows,
            )
        )
    return tuple(found)


def _rows_of(scores: Scores, at: Any, rows: int) -> Scores:
    """Return some rows of every array that has one entry a row."""
    return {name: array[at] if array.ndim and len(array) == rows else array for name, array in scores.items()}


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
    metric = _metric(ask.ours.metric)
    if metric is None or "truth" not in ours or "truth" not in theirs:
        return Interval(gap, math.nan, math.nan, "none: the metric cannot be taken apart by rows")
    one, other = answers_of(ours), answers_of(theirs)
    if metric is KNOWN["auc"]:
        return _areas(ask, one, other)
    resamples = max(200, min(ask.resamples, MOST_DRAWS // len(one.truth)))
    return bootstrap_over_rows(
        lambda at: measure(metric, one.take(at)).value - measure(metric, other.take(at)).value,
        len(one.truth),
        ask.confidence,
        resamples,
        ask.seed,
    )


def _metric(name: str) -> Metric | None:
    """Return the metric that a name stands for, perhaps of one output (``kind_auc``); None if it is not known here."""
    parts = name.split("_")
    for start in range(len(parts)):
        bare = "_".join(parts[start:])
        known = canonical(bare)
        if known or bare.removeprefix(scikit.PREFIX) in scikit.KNOWN:
            return KNOWN[known] if known else scikit.metric(bare)
    return None


def _right_or_wrong(ours: Scores, theirs: Scores) -> bool:
    """Tell whether each row is either right or wrong, and all count alike."""
    if "weight" in ours or "contribution" not in ours or "contribution" not in theirs:
        return False
    return all(bool(np.isin(each["contribution"], (0.0, 1.0)).all()) for each in (ours, theirs))


def _means(ask: DifferenceAsk, ours: Floats, theirs: Floats, weights: Floats | None) -> Interval:
    """Compare two means over rows; shares of right answers have an interval of their own."""
    if np.isnan(ours).any() or np.isnan(theirs).any():
        return Interval(math.nan, math.nan, math.nan, "none: a prediction is NaN")
    if weights is None and all(np.isin(each, (0.0, 1.0)).all() for each in (ours, theirs)):
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


def answers_of(scores: Scores) -> Answers:
    """Return kept labels and scores as they were measured."""
    return Answers(
        truth=scores["truth"],
        score=scores["score"],
        weights=scores.get("row_weight"),
        logits=bool(scores["logits"]),
        task=Task(str(scores["task"])),
    )


def load_scores(evidence: PredictionsEvidence, bench: Bench) -> Scores:
    """Return the arrays kept with a measurement."""
    with np.load(bench.path(evidence.scores)) as kept:
        return {name: kept[name] for name in kept.files}
