"""Metrics of more rows than memory should hold: block by block, from sums that can be added up.

Means over rows, areas of yes-or-no questions and the model's own compiled metrics are measured so, overall and by
slice. What is no such thing (a function of the user's, most of scikit-learn's) needs all rows at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mltspec.evidence.predictions import Filter, PredictionsAsk, PredictionsEvidence, ScoreCounts, SliceValue
from mltspec.statistics.areas import Areas
from mltspec.statistics.moments import Moments
from mltspec.statistics.weighted import WeightedMoments
from mltspec.subjects.answers import Answers, Array, Task
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.bounds import Bounded, Codes, of_areas, of_mean, of_weighted, ordered
from mltspec.subjects.compiled import CompiledTotals
from mltspec.subjects.groupings import Combinations
from mltspec.subjects.kept_scores import ScoresFile, arrays_of
from mltspec.subjects.passes import Pass, Seen, digest_of_taken, heads
from mltspec.subjects.rulers import Ruler, ruler
from mltspec.subjects.score_counts import counted, merged

GENERAL = (Task.BINARY, Task.CLASSES, Task.TAGS, Task.NUMBERS)
"""Kinds of question, each more general than those before it: one block of rows may look simpler than all do."""


class NeedsAllRows(Exception):  # noqa: N818 - a kind of metric, no fault
    """A metric cannot be measured block by block."""


@dataclass(frozen=True)
class Block:
    """Rows that are measured together: the pass over them, their answers by output, and columns to slice by."""

    seen: Seen
    answers: Mapping[str, Answers]
    columns: Mapping[str, Array]


Blocks = Callable[[], Iterator[Block]]
"""Reads the blocks from the first one on, every time it is called."""


def measured(
    model: Any, asks: Mapping[int, PredictionsAsk], blocks: Blocks, done: Pass, bench: Bench
) -> dict[int, PredictionsEvidence]:
    """Answer asks about the same rows of one data set, as far as that can be done block by block.

    Args:
        model: the one that made the pass.
        asks: of the same data and the same conditions on its rows.
        blocks: those that meet the conditions.
        done: the pass.
        bench: where scores are kept.

    Returns:
        Evidence by the asks' numbers; those that are left need all rows at once.

    Raises:
        Unfit: an unknown slice.
    """
    gauges = {at: _Gauge(model, ask, bench, at) for at, ask in asks.items() if not ask.search}
    sliced = [gauge.slices for gauge in gauges.values() if gauge.ask.by]
    for read in (Combinations.survey, Combinations.count) if sliced else ():
        for block in blocks():
            for slices in sliced:
                read(slices, block.columns)
    for block in blocks():
        rulers: dict[str, Ruler] = {}
        for at, gauge in list(gauges.items()):
            name = gauge.ask.metric
            try:
                if name not in rulers:
                    rulers[name] = ruler(model, block.seen, block.answers, name, bench)
                gauge.add(block, rulers[name])
            except (NeedsAllRows, Unfit):
                # What only evaluation of all rows reports is not to be found in a block; if it is nowhere, all rows
                # together tell.
                del gauges[at]
    only = next(iter(asks.values())).only
    return {at: gauge.evidence({} if only else done.logs, done) for at, gauge in gauges.items()}


def alike(blocks: Callable[[], Iterator[tuple[Seen, Mapping[str, Array]]]], model: Any) -> Blocks:
    """Return blocks whose answers are read alike: as all rows together ask to be."""
    asked: dict[str, Task] = {}
    unbounded: dict[str, bool] = {}
    for seen, _ in blocks():
        for name, head in heads(seen, model).items():
            asked[name] = max(asked.get(name, head.asked), head.asked, key=GENERAL.index)
            unbounded[name] = unbounded.get(name, False) or head.unbounded

    def read() -> Iterator[Block]:
        for seen, columns in blocks():
            answers = {
                name: replace(head, task=asked[name], logits=unbounded[name])
                for name, head in heads(seen, model).items()
            }
            yield Block(seen, answers, columns)

    return read


class _Gauge:
    """One metric over blocks, overall and by slice."""

    def __init__(self, model: Any, ask: PredictionsAsk, bench: Bench, number: int) -> None:
        self.ask = ask
        self.slices = Combinations(ask.by, ask.quantiles)
        self._model, self._bench = model, bench
        self._scores = ScoresFile(bench.folder, f"scores-{number}")
        self._rows = np.zeros(0, np.int64)
        self._first: Ruler | None = None
        self._sums: Moments | WeightedMoments | None = None
        self._areas: tuple[Areas, Areas] | None = None
        self._totals: tuple[CompiledTotals, CompiledTotals] | None = None
        self._lost = np.zeros(0, bool)
        self._zero_one = True
        self._counts: ScoreCounts | None = None

    def add(self, block: Block, one: Ruler) -> None:
        """Take in a block.

        Raises:
            NeedsAllRows: the metric is none that adds up.
        """
        rows = block.seen.rows
        member = self.slices.member(block.columns, rows)
        first = self._first is None
        if first:
            self._begin(one)
        self._rows += np.bincount(member, minlength=len(self._rows))
        if self._sums is not None:
            self._add_mean(one, member)
        else:
            self._add_area(one, block, member)
        counts = counted(one.head)
        self._counts = counts if first else merged(self._counts, counts)
        arrays = arrays_of(one)
        self._scores.add({**arrays, "member": member.astype(np.int32)} if self.ask.by else arrays)

    def evidence(self, logs: Mapping[str, float], done: Pass) -> PredictionsEvidence:
        """Return what all blocks showed.

        Args:
            logs: what evaluation reports of all rows; empty where not all were measured.
            done: the pass.
        """
        assert self._first is not None
        whole, parts = self._bounded(overall=True), self._bounded(overall=False)
        value, shift = float(whole.value[0]), 0.0
        reported = logs.get(self._first.reported)
        if self._first.reported == "loss" and reported is not None:
            value, shift = reported, reported - value  # what penalties on weights add belongs to no row
        elif self._first.compiled and reported is not None and math.isfinite(value):
            value = reported
        wheres = self.slices.wheres()
        return PredictionsEvidence(
            metric=self.ask.metric,
            value=value,
            rows=int(self._rows.sum()),
            higher_is_better=self._first.higher_is_better,
            slices=tuple(
                SliceValue(
                    where=where,
                    value=float(parts.value[at]),
                    rows=int(self._rows[at]),
                    low=None if parts.low is None else float(parts.low[at]),
                    high=None if parts.high is None else float(parts.high[at]),
                )
                for at, where in enumerate(wheres)
            ),
            rows_digest=rows_digest(done, self.ask.only),
            scores=self._scores.keep(self._bench, shift),
            settings=self._first.settings,
            low=None if whole.low is None else float(whole.low[0]) + shift,
            high=None if whole.high is None else float(whole.high[0]) + shift,
            method=whole.method,
            share=self._first.share,
            counts=self._counts,
        )

    def _begin(self, one: Ruler) -> None:
        slices = max(1, len(self.slices.wheres()))
        self._first, self._rows, self._lost = one, np.zeros(slices, np.int64), np.zeros(slices, bool)
        if one.contribution is not None:
            first = float(one.contribution[0])
            around = first if math.isfinite(first) and first not in (0.0, 1.0) else 0.0
            size = (slices, 5) if one.weights is not None else (slices, 4)
            self._sums = (WeightedMoments if one.weights is not None else Moments)(np.zeros(size), around)
        else:
            if ordered(one) is not None:
                self._areas = (Areas(1), Areas(slices))
            if one.compiled:
                self._totals = (CompiledTotals(self._model, 1), CompiledTotals(self._model, slices))
            elif self._areas is None:
                raise NeedsAllRows

    def _add_mean(self, one: Ruler, member: Codes) -> None:
        if one.contribution is None or (one.weights is None) != isinstance(self._sums, Moments):
            raise NeedsAllRows
        values, slices = one.contribution - one.shift, len(self._rows)
        self._zero_one = self._zero_one and bool(np.isin(values, (0.0, 1.0)).all())
        if isinstance(self._sums, Moments):
            self._sums.merge(Moments.of(values, member, slices, self._sums.around))
        else:
            assert self._sums is not None
            assert one.weights is not None
            self._sums.merge(WeightedMoments.of(values, one.weights, member, slices, self._sums.around))

    def _add_area(self, one: Ruler, block: Block, member: Codes) -> None:
        nowhere = np.zeros(block.seen.rows, np.intp)
        if self._areas is not None:
            found = ordered(one)
            if found is None:
                raise NeedsAllRows
            self._areas[0].add(*found, nowhere)
            self._areas[1].add(*found, member)
        if self._totals is not None:
            if one.head is not None:
                lost = np.isnan(one.head.score).reshape(block.seen.rows, -1).any(axis=1)
                self._lost[np.unique(member[lost])] = True
            self._totals[0].add(block.seen, nowhere)
            self._totals[1].add(block.seen, member)

    def _bounded(self, overall: bool) -> Bounded:
        assert self._first is not None
        confidence, value = self.ask.confidence, None
        if self._totals is not None:
            lost = np.array([self._lost.any()]) if overall else self._lost
            value = np.where(lost, math.nan, self._totals[not overall].values(self._first.reported))
        if self._areas is not None:
            return of_areas(self._areas[not overall], confidence, value)
        if value is not None:
            return Bounded(value, None, None, "")
        assert self._sums is not None
        sums = self._sums.sums.sum(axis=0, keepdims=True) if overall else self._sums.sums
        if isinstance(self._sums, Moments):
            return of_mean(Moments(sums, self._sums.around), self._zero_one, confidence)
        return of_weighted(WeightedMoments(sums, self._sums.around), confidence)


def rows_digest(done: Pass, only: Sequence[Filter]) -> str:
    """Return the digest of a pass' rows, or of those that meet conditions."""
    return digest_of_taken(done.rows_digest, repr(only)) if only else done.rows_digest
