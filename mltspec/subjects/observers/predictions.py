"""Metrics of a trained model on data, overall and by slice; one pass of predictions serves them all."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from mltspec.evidence.kind import Ask, Blob, Evidence
from mltspec.evidence.predictions import PredictionsAsk, PredictionsEvidence, SliceValue
from mltspec.evidence.training import TrainingEvidence
from mltspec.plan.subject import Data
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models, state
from mltspec.subjects.answers import Answers, Array, Floats
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.compiled import close, compiled_metrics, direction, head_losses, row_losses
from mltspec.subjects.metrics import KNOWN, canonical, mean, measure
from mltspec.subjects.passes import Seen, heads, watch
from mltspec.subjects.slices import did_you_mean, split

QUALITY = "quality"
"""The model's main metric: the first that it is compiled with, else its loss."""

Rows: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True)
class Ruler:
    """A metric bound to one pass.

    Args:
        overall: its value on all rows.
        on: its value on some rows; None where it cannot be had by slice.
        contribution: (rows,), where it is their mean, weighted by ``weights`` if there are any.
        head: the labels and scores it is about, or None.
    """

    overall: float
    on: Callable[[Rows], float] | None
    higher_is_better: bool | None
    contribution: Floats | None = None
    weights: Floats | None = None
    head: Answers | None = None


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Predict each data set once and measure every metric asked for.

    Args:
        asks: PredictionsAsks of one training run.
        found: that run's TrainingEvidence.
        bench: where the model's state lies and scores are kept.

    Raises:
        Unfit: an unknown metric or slice, no rows, or a run that kept no state.
    """
    wanted = [cast(PredictionsAsk, ask) for ask in asks]
    run = wanted[0].run
    trained = cast(TrainingEvidence, found[0])
    if trained.state is None:
        raise Unfit(f"the training run of `{run.model.name}` was cut short and kept no state to predict with")
    framework.prepare(run.seed, bench.threads)
    model = models.build(run.model, bench)
    state.load_state(model, bench.path(trained.state))
    answers: dict[int, Evidence] = {}
    for data in dict.fromkeys(ask.data for ask in wanted):
        here = {at: ask for at, ask in enumerate(wanted) if ask.data == data}
        answers.update(_on_data(model, here, bench))
    return [answers[at] for at in range(len(wanted))]


def _on_data(model: Any, asks: Mapping[int, PredictionsAsk], bench: Bench) -> dict[int, Evidence]:
    """Answer all asks about one data set."""
    data = next(iter(asks.values())).data
    loaded = datasets.load(data, bench, model)
    evaluate = any(ask.metric not in KNOWN for ask in asks.values())
    # A stream would have to be read once more to count its rows.
    total = 0 if loaded.arrays() is None else loaded.rows
    seen = watch(model, loaded.batches(), evaluate, bench.progress, total)
    answers = heads(seen, model)
    rulers = {name: ruler(model, seen, answers, name) for name in {ask.metric for ask in asks.values()}}
    columns = {**loaded.features(), **_columns(seen, answers, data)}
    kept = {name: _keep_scores(ruler, bench) for name, ruler in rulers.items()}
    return {at: _evidence(ask, rulers[ask.metric], seen, columns, kept[ask.metric]) for at, ask in asks.items()}


def _evidence(
    ask: PredictionsAsk, ruler: Ruler, seen: Seen, columns: Mapping[str, Array], scores: Blob
) -> PredictionsEvidence:
    slices = split(columns, ask.by)
    if slices and ruler.on is None:
        raise Unfit(
            f"`{ask.metric}` cannot be measured by slice: it is no mean over rows, and the model computes it itself"
        )
    return PredictionsEvidence(
        metric=ask.metric,
        value=ruler.overall,
        rows=seen.rows,
        higher_is_better=ruler.higher_is_better,
        slices=tuple(
            SliceValue(where=part.where, value=ruler.on(part.at) if ruler.on else math.nan, rows=len(part.at))
            for part in slices
        ),
        rows_digest=seen.rows_digest,
        scores=scores,
    )


def ruler(model: Any, seen: Seen, answers: Mapping[str, Answers], name: str) -> Ruler:
    """Find the metric of that name: the compiled loss, a compiled metric, one known by name, or a log.

    Raises:
        Unfit: there is none; the message says which there are.
    """
    if name == QUALITY:
        name = next(iter(compiled_metrics(model, seen)), "loss")
    if name == "loss":
        return _loss(model, seen, answers)
    by_name, head = _which(name, answers)
    compiled = compiled_metrics(model, seen)
    if name in compiled:
        return _compiled(model, seen, name, compiled[name], by_name, head)
    if by_name and head is not None:
        return _by_name(by_name, head)
    losses = head_losses(model, seen)
    if name in losses:
        return Ruler(losses[name], lambda rows: head_losses(model, seen, rows)[name], False)
    if name in seen.logs:
        return Ruler(seen.logs[name], None, direction(model, name), head=head)
    offered = {"loss", *compiled, *seen.logs}
    offered.update(f"{head}_{known}" if len(answers) > 1 else known for head in answers for known in KNOWN)
    raise Unfit(f"there is no metric `{name}`: {did_you_mean(name, sorted(offered))}")


def _loss(model: Any, seen: Seen, answers: Mapping[str, Answers]) -> Ruler:
    """The loss as evaluation reports it; by slice without regularisation, which belongs to no row."""
    if "loss" not in seen.logs:
        raise Unfit("the model is compiled without a loss, so it has none; pass `loss=` to `model.compile`")
    overall = seen.logs["loss"]
    head = next(iter(answers.values())) if len(answers) == 1 else None
    found = row_losses(model, seen)
    if found is None:
        return Ruler(overall, None, False, head=head)
    return Ruler(
        overall=overall,
        on=lambda rows: mean(found.losses[rows], None if found.weights is None else found.weights[rows]),
        higher_is_better=False,
        contribution=found.losses + (overall - found.mean),
        weights=found.weights,
        head=head,
    )


def _by_name(name: str, head: Answers) -> Ruler:
    """A metric that needs no compiling."""
    metric = KNOWN[name]
    measured = measure(metric, head)
    return Ruler(
        overall=measured.value,
        on=lambda rows: measure(metric, head.take(rows)).value,
        higher_is_better=metric.higher_is_better,
        contribution=measured.contribution,
        weights=None if measured.contribution is None else head.weights,
        head=head,
    )


def _compiled(model: Any, seen: Seen, name: str, overall: float, by_name: str, head: Answers | None) -> Ruler:
    """A metric that the model is compiled with; a NaN score makes it NaN, whatever Keras makes of it."""
    scores = np.zeros((seen.rows, 1)) if head is None else head.score.reshape(seen.rows, -1)
    lost: Array = np.asarray(np.isnan(scores).any(axis=1))
    contribution, weights = _as_mean(by_name, head, overall)
    return Ruler(
        overall=math.nan if lost.any() else overall,
        on=lambda rows: math.nan if lost[rows].any() else compiled_metrics(model, seen, rows)[name],
        higher_is_better=KNOWN[by_name].higher_is_better if by_name else direction(model, name),
        contribution=contribution,
        weights=weights,
        head=head,
    )


def _as_mean(by_name: str, head: Answers | None, value: float) -> tuple[Floats | None, Floats | None]:
    """Return what each row contributes to a compiled metric, if its value proves that it is such a mean."""
    if not by_name or head is None:
        return None, None
    try:
        contribution = measure(KNOWN[by_name], head).contribution
    except Unfit:
        return None, None
    for weights in (None, head.weights):
        if contribution is not None and close(mean(contribution, weights), value):
            return contribution, weights
    return None, None


def _which(name: str, answers: Mapping[str, Answers]) -> tuple[str, Answers | None]:
    """Return the known metric that a name stands for ("" if none), and the head that it is about."""
    for head, its in answers.items():
        if head and name.startswith(f"{head}_") and (found := canonical(name.removeprefix(f"{head}_"))):
            return found, its
    only = next(iter(answers.values())) if len(answers) == 1 else None
    return canonical(name) if only else "", only


def _columns(seen: Seen, answers: Mapping[str, Answers], data: Data) -> dict[str, Array]:
    """Return everything to slice by: inputs of one value a row, and labels under their names."""
    columns = dict(seen.columns)
    for name, head in answers.items():
        columns[name or data.label or "label"] = head.labels
    if len(answers) == 1:
        columns["label"] = next(iter(answers.values())).labels
    return columns


def _keep_scores(ruler: Ruler, bench: Bench) -> Blob:
    """Keep what a paired comparison needs: labels, scores, contributions and weights, one entry a row."""
    arrays: dict[str, Array] = {}
    if (head := ruler.head) is not None:
        truth = head.labels
        arrays["truth"] = truth.reshape(-1) if truth.size == len(truth) else truth
        arrays["score"] = head.score
        arrays["task"] = np.array(head.asked.value)
        arrays["logits"] = np.array(head.unbounded)
        if head.weights is not None:
            arrays["row_weight"] = head.weights
    if ruler.contribution is not None:
        arrays["contribution"] = ruler.contribution
    if ruler.weights is not None:
        arrays["weight"] = ruler.weights
    file = bench.folder / "scores.npz"
    save: Any = np.savez_compressed
    save(file, **arrays)
    return bench.keep(file)
