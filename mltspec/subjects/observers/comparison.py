"""Compares training runs that ought to be equal: losses, variables, predictions, metrics. Needs no framework."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from mltspec.evidence.comparison import (
    ComparisonAsk,
    ComparisonEvidence,
    MetricDifference,
    VariableDifference,
)
from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.predictions import PredictionsAsk, PredictionsEvidence
from mltspec.evidence.training import TrainingEvidence
from mltspec.plan.picture import Line, thinned
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.contrasts import cause_of
from mltspec.subjects.state import largest_difference, read_state

MOST_VARIABLES = 20


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[ComparisonEvidence]:
    """Compare every run with the first.

    Args:
        asks: ComparisonAsks over the same evidence.
        found: the runs, then the metrics of each run in turn.
        bench: where states, curves and scores are kept.

    Raises:
        Unfit: a run kept no state.
    """
    return [_compare(cast(ComparisonAsk, ask), found, bench) for ask in asks]


def _compare(ask: ComparisonAsk, found: Sequence[Evidence], bench: Bench) -> ComparisonEvidence:
    count = len(ask.runs)
    runs = [cast(TrainingEvidence, record) for record in found[:count]]
    measured = [cast(PredictionsEvidence, record) for record in found[count:]]
    curves = [curve_of(run, bench) for run in runs]
    parted, losses = parting(curves)
    variables = _variables(runs, bench)
    each = len(measured) // count
    by_metric = [measured[at::each] for at in range(each)]
    predictions, rows = _predictions(by_metric, bench)
    bitwise = not variables and parted is None and len({run.steps for run in runs}) == 1
    weights = [variable.largest for variable in variables if variable.group == "model"]
    return ComparisonEvidence(
        runs=count,
        steps=tuple(run.steps for run in runs),
        bitwise=bitwise,
        parted_at_step=parted,
        losses_at_parting=losses,
        variables=tuple(variables[:MOST_VARIABLES]),
        largest_weight_difference=max(weights, default=0.0),
        predictions=predictions,
        prediction_rows=rows,
        metrics=tuple(_metric(one, ask.measured[at]) for at, one in enumerate(by_metric)),
        curves=tuple(_line(at, curve, parted) for at, curve in enumerate(curves)),
        cause="" if bitwise else cause_of(ask.runs[0], runs[0], parted, bench),
    )


def curve_of(run: TrainingEvidence, bench: Bench) -> dict[str, Any]:
    """Return a run's curve: ``step``, ``logged`` and ``loss``, (steps,) each."""
    if run.curve is None:
        return {name: np.zeros(0) for name in ("step", "logged", "loss")}
    with np.load(bench.path(run.curve)) as saved:
        return {name: saved[name] for name in saved.files}


def _line(at: int, curve: dict[str, Any], parted: int | None) -> Line:
    return thinned(f"run {at + 1}", curve["step"], curve["loss"], () if parted is None else (parted,))


def parting(curves: Sequence[dict[str, Any]]) -> tuple[int | None, tuple[float, ...]]:
    """Return the first step at which any run's logged loss is not the first run's, and the losses there."""
    first = curves[0]
    places = []
    for other in curves[1:]:
        shared = min(len(first["logged"]), len(other["logged"]))
        one, two = first["logged"][:shared], other["logged"][:shared]
        unequal = np.flatnonzero((one != two) & ~(np.isnan(one) & np.isnan(two)))
        if unequal.size:
            places.append(int(unequal[0]))
        elif len(first["logged"]) != len(other["logged"]):
            places.append(shared)
    if not places:
        return None, ()
    at = min(places)
    longest = max(curves, key=lambda curve: len(curve["step"]))
    losses = (float(curve["loss"][at]) if at < len(curve["loss"]) else math.nan for curve in curves)
    return int(longest["step"][at]), tuple(losses)


def _variables(runs: Sequence[TrainingEvidence], bench: Bench) -> list[VariableDifference]:
    """Return the variables of model and optimizer that differ, largest first."""
    states = []
    for run in runs:
        if run.state is None:
            raise Unfit("a run was cut short and kept no state to compare")
        states.append(read_state(bench.path(run.state)))
    entries, values = states[0]
    if any([e.what for e in other] != [e.what for e in entries] for other, _ in states[1:]):
        raise Unfit("the runs end with different variables: the model is not built the same way each time")
    found = []
    for at, entry in enumerate(entries):
        gaps = [largest_difference(values[at], other[at]) for _, other in states[1:]]
        unequal = [gap for gap in gaps if gap is not None]
        if entry.group != "metrics" and unequal:
            found.append(VariableDifference(path=entry.path, group=entry.group, largest=max(unequal)))
    return sorted(found, key=lambda variable: -variable.largest)


def _predictions(by_metric: Sequence[Sequence[PredictionsEvidence]], bench: Bench) -> tuple[float | None, int]:
    """Return the largest difference of a prediction over the runs, and over how many rows; None if none is kept."""
    largest, rows = None, 0
    for records in by_metric:
        scores = [_scores(record, bench) for record in records]
        if any(score is None for score in scores) or len({record.rows_digest for record in records}) > 1:
            continue
        gaps = [largest_difference(scores[0], other) or 0.0 for other in scores[1:]]
        largest, rows = max(largest or 0.0, *gaps), max(rows, records[0].rows)
    return largest, rows


def _scores(record: PredictionsEvidence, bench: Bench) -> Any:
    with np.load(bench.path(record.scores), allow_pickle=False) as saved:
        return saved["score"] if "score" in saved.files else None


def _metric(records: Sequence[PredictionsEvidence], ask: PredictionsAsk) -> MetricDifference:
    """Return the largest difference of one metric over the runs; over its slices, where it was asked by slice."""
    first = records[0]
    if not ask.by:
        gaps = [_gap(first.value, other.value) for other in records[1:]]
        return MetricDifference(metric=ask.metric, by=(), largest=max(gaps), where={}, slices=0)
    largest, where = 0.0, {}
    own = {tuple(sorted(part.where.items())): part.value for part in first.slices}
    for other in records[1:]:
        values = {tuple(sorted(part.where.items())): part.value for part in other.slices}
        for place in {**own, **values}:
            gap = _gap(own.get(place, math.nan), values.get(place, math.inf))
            if gap > largest:
                largest, where = gap, dict(place)
    return MetricDifference(
        metric=ask.metric,
        by=ask.by,
        largest=largest if own else math.nan,
        where=where,
        slices=len(own),
    )


def _gap(one: float, other: float) -> float:
    """Return the absolute difference; none between NaN and NaN, an infinite one between NaN and a number."""
    if math.isnan(one) and math.isnan(other):
        return 0.0
    gap = abs(one - other)
    return math.inf if math.isnan(gap) else gap
