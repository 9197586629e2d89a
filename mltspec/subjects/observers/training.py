"""Observes training runs: one run to the longest that is asked for, and the shorter ones read off it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from mltspec.evidence.kind import Ask, Blob, Evidence
from mltspec.evidence.training import LossPoint, TrainingAsk, TrainingEvidence
from mltspec.subjects import framework
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.loaded import Loaded
from mltspec.subjects.nests import Batch, rows_of
from mltspec.subjects.points import at_end, within_epoch
from mltspec.subjects.state import save_state
from mltspec.subjects.training import train, watched_rows
from mltspec.subjects.watcher import Point, Watcher


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[TrainingEvidence]:
    """Train once and answer every ask, which differ only in ``epochs``.

    Raises:
        Unfit: the subject cannot be trained as declared. What the user's code raises goes through.
    """
    wanted = [cast(TrainingAsk, ask) for ask in asks]
    limits = [ask.epochs for ask in wanted]
    until = None if None in limits else max(limit for limit in limits if limit is not None)
    ask = wanted[0]
    loaded, head = watched_rows(ask, bench)
    watcher = Watcher(rows=head, limits=limits, until=until, progress=bench.progress)
    model = train(ask, loaded, head, watcher, bench.folder / "work", bench)
    if watcher.step == 0 and until is not None:
        raise Unfit(
            f"`{ask.model.job or ask.model.train}` trains without `fit` and `train_on_batch`, so its epochs cannot be "
            f"told apart and it cannot be stopped after {until} of them"
        )
    state, digest = (None, "") if watcher.cut else _keep_state(model, head, bench)
    return [
        _answer(limit, watcher, model, loaded, state if finished(limit, watcher) else None, digest, bench)
        for limit in limits
    ]


def finished(limit: int | None, watcher: Watcher) -> bool:
    """Tell whether a run of so many epochs is the whole run."""
    if limit is None or watcher.epoch < limit:
        return True
    return watcher.epoch == limit and not watcher.cut


def _answer(
    limit: int | None,
    watcher: Watcher,
    model: Any,
    loaded: Loaded,
    state: Blob | None,
    digest: str,
    bench: Bench,
) -> TrainingEvidence:
    """Read a run of ``limit`` epochs off the one that was made."""
    whole = finished(limit, watcher)
    epochs = watcher.epoch if whole or limit is None else limit
    steps = watcher.step if whole else watcher.ends[epochs - 1]
    curve, curve_digest = _keep_curve(watcher, steps, bench)
    points = _watched(limit, watcher) if watcher.inference else _trained(limit, watcher)
    bad = watcher.curve.first_bad()
    bad = bad if bad is not None and bad <= steps else None
    logs = watcher.logs[epochs - 1] if 0 < epochs <= len(watcher.logs) else {}
    return TrainingEvidence(
        steps=steps or int(np.asarray(model.optimizer.iterations)),
        epochs=epochs,
        steps_per_epoch=watcher.ends[0] if watcher.ends else steps,
        rows=loaded.rows,
        watched_rows=rows_of(watcher.rows[0]) if watcher.rows is not None else 0,
        inference=watcher.inference,
        points=tuple(points),
        first_bad_step=bad,
        finished=whole,
        metrics=logs,
        trainable_variables=len(model.trainable_variables),
        state_digest=digest if whole else "",
        curve_digest=curve_digest,
        state=state,
        curve=curve,
        steps_per_second=watcher.steps_per_second(),
        device=framework.device(model),
        bad_data=loaded.describe_nonfinite() if bad is not None else "",
        rates=watcher.rates.read(steps),
    )


def _watched(limit: int | None, watcher: Watcher) -> list[LossPoint]:
    """Return the watched losses that a run of ``limit`` epochs alone would have taken."""
    span = watcher.span(limit)
    return [
        LossPoint(step=point.step, epoch=point.epoch, loss=point.loss)
        for point in watcher.points
        if (limit is None or point.epoch <= limit) and (point.step == 0 or _in_grid(point, span, watcher))
    ]


def _in_grid(point: Point, span: int | None, watcher: Watcher) -> bool:
    if point.end:
        return at_end(point.epoch, span)
    return point.in_epoch in within_epoch(point.epoch, span, point.steps)


def _trained(limit: int | None, watcher: Watcher) -> list[LossPoint]:
    """Return training losses where none could be taken on the watched rows: the first, and as many as those."""
    losses = watcher.curve.losses()
    points: list[LossPoint] = []
    start = 0
    for epoch, end in enumerate([*watcher.ends, watcher.step], start=1):
        span = watcher.span(limit)
        due = {start + step for step in within_epoch(epoch, span, end - start)} | {end if at_end(epoch, span) else 0}
        points += [
            LossPoint(step=step, epoch=epoch, loss=float(loss))
            for step, loss in zip(watcher.curve.steps, losses, strict=True)
            if start < step <= end and (step in due or step == 1) and (limit is None or epoch <= limit)
        ]
        start = end
    return points


def _keep_state(model: Any, head: Batch, bench: Bench) -> tuple[Blob, str]:
    file = bench.folder / "state.npz"
    digest = save_state(model, file, head[0])
    return bench.keep(file), digest


def _keep_curve(watcher: Watcher, steps: int, bench: Bench) -> tuple[Blob, str]:
    file = bench.folder / "curve.npz"
    digest = watcher.curve.save(file, steps)
    return bench.keep(file), digest
