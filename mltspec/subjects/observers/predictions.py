"""Metrics of a model on data, overall and by slice; one pass of predictions serves them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from mltspec.evidence.artifact import ArtifactEvidence
from mltspec.evidence.kind import Ask, Blob, Evidence
from mltspec.evidence.predictions import ANSWERS, Filter, PredictionsAsk, PredictionsEvidence, SliceValue
from mltspec.evidence.training import TrainingAsk, TrainingEvidence
from mltspec.plan.subject import Data
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models, state
from mltspec.subjects.answers import Answers, Array
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.bounds import Codes, bounded
from mltspec.subjects.kept_scores import ScoresFile, arrays_of
from mltspec.subjects.metrics import KNOWN
from mltspec.subjects.passes import Pass, Seen, heads, taken, watched
from mltspec.subjects.piles import BLOCK_ROWS
from mltspec.subjects.rulers import Ruler, ruler
from mltspec.subjects.score_counts import counted
from mltspec.subjects.slices import Slice, chosen, split
from mltspec.subjects.streamed import Block, Blocks, alike, measured
from mltspec.subjects.weak_slices import every


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Predict each data set once and measure every metric asked for.

    Args:
        asks: PredictionsAsks of one model.
        found: its TrainingEvidence, or its ArtifactEvidence.
        bench: where the model lies and scores are kept.

    Raises:
        Unfit: an unknown metric or slice, no rows, or a run that kept no state.
    """
    wanted = [cast(PredictionsAsk, ask) for ask in asks]
    model = model_of(wanted[0], found[0], bench)
    answers: dict[int, Evidence] = {}
    for data in dict.fromkeys(ask.data for ask in wanted):
        here = {at: ask for at, ask in enumerate(wanted) if ask.data == data}
        answers.update(_on_data(model, here, bench))
    return [answers[at] for at in range(len(wanted))]


def model_of(ask: PredictionsAsk, found: Evidence, bench: Bench) -> Any:
    """Return the model that is asked about, as it was trained or as it lies in its file."""
    run = ask.run
    if not isinstance(run, TrainingAsk):
        from mltspec.subjects.artifacts import restored

        framework.prepare(0, bench.threads)
        return restored(run, cast(ArtifactEvidence, found), bench)
    trained = cast(TrainingEvidence, found)
    if trained.state is None:
        raise Unfit(f"the training run of `{run.model.name}` was cut short and kept no state to predict with")
    framework.prepare(run.seed, bench.threads)
    model = models.build(run.model, bench)
    state.load_state(model, bench.path(trained.state))
    return model


def _on_data(model: Any, asks: Mapping[int, PredictionsAsk], bench: Bench) -> dict[int, Evidence]:
    """Answer all asks about one data set."""
    data = next(iter(asks.values())).data
    loaded = datasets.load(data, bench, model)
    # A stream would have to be read once more to count its rows.
    total = 0 if loaded.arrays() is None else loaded.rows
    evaluate = any(ask.metric not in KNOWN and ask.metric != ANSWERS for ask in asks.values())
    done = watched(model, loaded.batches(), evaluate, bench.progress, total, bench.folder, BLOCK_ROWS)
    features = loaded.features()
    found: dict[int, Evidence] = _in_blocks(model, asks, done, features, bench) if len(done.pile) > 1 else {}
    left = {at: ask for at, ask in asks.items() if at not in found}
    if not left:
        return found
    seen = done.whole()
    columns = {**features, **_columns(seen, heads(seen, model), data)}
    for only, here in _by_rows(left).items():
        found.update(_on_rows(model, here, *_filtered(only, seen, columns), bench))
    return found


def _in_blocks(
    model: Any, asks: Mapping[int, PredictionsAsk], done: Pass, features: Mapping[str, Array], bench: Bench
) -> dict[int, Evidence]:
    """Answer what can be answered without having all rows in memory."""
    found: dict[int, Evidence] = {}
    for only, here in _by_rows(asks).items():
        data = next(iter(here.values())).data
        everything = alike(lambda: _slabs(done, features), model)

        def read(only: Sequence[Filter] = only, data: Data = data, everything: Blocks = everything) -> Iterator[Block]:
            for block in everything():
                columns = {**block.columns, **_columns(block.seen, block.answers, data)}
                at = chosen(columns, only) if only else None
                if at is None:
                    yield replace(block, columns=columns)
                elif len(at):
                    seen = taken(block.seen, at, repr(only))
                    answers = {name: head.take(at) for name, head in block.answers.items()}
                    yield Block(seen, answers, {name: column[at] for name, column in columns.items()})

        if next(read(), None) is None:
            raise Unfit(_nothing_met(only))
        found.update(measured(model, here, read, done, bench))
    return found


def _slabs(done: Pass, features: Mapping[str, Array]) -> Iterator[tuple[Seen, Mapping[str, Array]]]:
    """Yield block by block, each with its part of what the data itself has in columns."""
    start = 0
    for seen in done.blocks():
        rows = slice(start, start + seen.rows)
        yield seen, {name: column[rows] for name, column in features.items()}
        start += seen.rows


def _by_rows(asks: Mapping[int, PredictionsAsk]) -> dict[tuple[Filter, ...], dict[int, PredictionsAsk]]:
    """Return asks by the conditions that rows must meet."""
    found: dict[tuple[Filter, ...], dict[int, PredictionsAsk]] = {}
    for at, ask in asks.items():
        found.setdefault(ask.only, {})[at] = ask
    return found


def _on_rows(
    model: Any, asks: Mapping[int, PredictionsAsk], seen: Seen, columns: Mapping[str, Array], bench: Bench
) -> dict[int, Evidence]:
    """Answer all asks about the same rows of one data set."""
    answers = heads(seen, model)
    rulers = {name: ruler(model, seen, answers, name, bench) for name in {ask.metric for ask in asks.values()}}
    return {at: _evidence(ask, rulers[ask.metric], seen, columns, bench) for at, ask in asks.items()}


def _filtered(only: Sequence[Filter], seen: Seen, columns: Mapping[str, Array]) -> tuple[Seen, Mapping[str, Array]]:
    if not only:
        return seen, columns
    at = chosen(columns, only)
    if not len(at):
        raise Unfit(_nothing_met(only))
    return taken(seen, at, repr(only)), {name: column[at] for name, column in columns.items()}


def _nothing_met(only: Sequence[Filter]) -> str:
    return f"no row meets `where {' and '.join(map(str, only))}`: there is nothing to measure"


def _evidence(
    ask: PredictionsAsk, ruler: Ruler, seen: Seen, columns: Mapping[str, Array], bench: Bench
) -> PredictionsEvidence:
    parts = split(columns, ask.by, ask.quantiles)
    if (parts or ask.search) and ruler.on is None:
        raise Unfit(
            f"`{ask.metric}` cannot be measured by slice: it is no mean over rows, and the model computes it itself"
        )
    whole = bounded(ruler, np.zeros(seen.rows, np.intp), 1, ask.confidence)
    member = _member(parts, seen.rows)
    return PredictionsEvidence(
        metric=ask.metric,
        value=ruler.overall,
        rows=seen.rows,
        higher_is_better=ruler.higher_is_better,
        slices=every(ask, ruler, columns) if ask.search else _slices(ruler, parts, member, ask.confidence),
        rows_digest=seen.rows_digest,
        scores=_keep_scores(ruler, member if parts else None, bench),
        settings=ruler.settings,
        low=_at(whole.low, 0, ruler.shift),
        high=_at(whole.high, 0, ruler.shift),
        method=whole.method,
        share=ruler.share,
        counts=counted(ruler.head),
    )


def _member(parts: Sequence[Slice], rows: int) -> Codes:
    """Return the slice of each row, (rows,)."""
    member = np.zeros(rows, np.intp)
    for number, part in enumerate(parts):
        member[part.at] = number
    return member


def _slices(ruler: Ruler, parts: Sequence[Slice], member: Codes, confidence: float) -> tuple[SliceValue, ...]:
    if not parts:
        return ()
    found = bounded(ruler, member, len(parts), confidence)
    return tuple(
        SliceValue(
            where=part.where,
            value=float(found.value[number]),
            rows=len(part.at),
            low=_at(found.low, number),
            high=_at(found.high, number),
        )
        for number, part in enumerate(parts)
    )


def _at(values: Any, number: int, shift: float = 0.0) -> float | None:
    return None if values is None else float(values[number]) + shift


def _columns(seen: Seen, answers: Mapping[str, Answers], data: Data) -> dict[str, Array]:
    """Return everything to slice by: inputs of one value a row, and labels under their names."""
    columns = dict(seen.columns)
    for name, head in answers.items():
        columns[name or data.label or "label"] = head.labels
    if len(answers) == 1:
        columns["label"] = next(iter(answers.values())).labels
    return columns


def _keep_scores(ruler: Ruler, member: Codes | None, bench: Bench) -> Blob:
    """Keep what a paired comparison needs, and the slice of each row."""
    kept = ScoresFile(bench.folder, "scores")
    arrays = arrays_of(ruler)
    kept.add(arrays if member is None else {**arrays, "member": member.astype(np.int32)})
    return kept.keep(bench)
