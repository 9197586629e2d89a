"""Pictures of metrics: by slice, and against simple models and baselines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mltspec.checks.wording import plural, where
from mltspec.evidence.agreement import AgreementEvidence
from mltspec.evidence.predictions import DifferenceEvidence, PredictionsEvidence
from mltspec.evidence.trained import HeadLook
from mltspec.plan.picture import Bar, Bars, Bound, Table

MOST_BARS = 40


def by_slice(
    seen: PredictionsEvidence, bound: Bound, least_rows: int, holds: Callable[[float], bool], worst_first: bool
) -> list[Bars]:
    """Return a metric overall and on each slice, worst first; slices too small to be judged are neither red nor green.

    Args:
        seen: the metric, by slice.
        bound: what is asked of each slice.
        least_rows: slices with fewer rows are shown, not judged.
        holds: whether a value is as asked.
        worst_first: whether small values are the bad ones.
    """
    if not seen.slices:
        return []
    slices = sorted(seen.slices, key=lambda each: each.value if worst_first else -each.value)
    bars = [
        Bar(
            name=where(each.where.items()),
            value=each.value,
            low=each.low,
            high=each.high,
            note=plural(each.rows, "row") + ("" if each.rows >= least_rows else ", too few to judge"),
            held=holds(each.value) if each.rows >= least_rows else None,
        )
        for each in slices[:MOST_BARS]
    ]
    bars.append(Bar(name="all rows", value=seen.value, low=seen.low, high=seen.high, note=plural(seen.rows, "row")))
    by = ", ".join(slices[0].where)
    more = f" (the worst {MOST_BARS} of {len(slices):,} slices)" if len(slices) > MOST_BARS else ""
    return [Bars(title=f"{seen.metric} by {by}{more}", value=seen.metric, bars=tuple(bars), bound=bound)]


def difference(seen: DifferenceEvidence, metric: str, limit: float, asked: str, held: bool | None) -> list[Bars]:
    """Return a paired difference with its interval and the least that was asked for."""
    if not seen.same_rows:
        return []
    whole = Bar(
        name="all rows" if seen.slices else "difference",
        value=seen.difference,
        low=seen.low,
        high=seen.high,
        note=f"{seen.method}, {plural(seen.rows, 'row')}",
        held=None if seen.slices else held,
    )
    slices = sorted(seen.slices, key=lambda each: each.difference if limit <= 0 else -each.difference)
    bars = [
        Bar(
            name=where(each.where.items()),
            value=each.difference,
            low=each.low,
            high=each.high,
            note=f"{each.ours:.4g} against {each.theirs:.4g}, {plural(each.rows, 'row')}",
        )
        for each in slices[:MOST_BARS]
    ]
    more = f" (the worst {MOST_BARS} of {len(slices):,} slices)" if len(slices) > MOST_BARS else ""
    title = f"{metric}: ours less the baseline's{more}"
    bound = Bound(value=limit, text=asked)
    return [Bars(title=title, value=f"difference of {metric}", bars=(*bars, whole), bound=bound)]


def flipped(seen: AgreementEvidence, title: str, other: str) -> list[Bars | Table]:
    """Return the rows that two sides answer differently, and the share that agrees by slice."""
    pictures: list[Bars | Table] = []
    if seen.slices:
        bars = tuple(
            Bar(
                name=where(each.where.items()),
                value=each.value,
                low=each.low,
                high=each.high,
                note=plural(each.rows, "row"),
            )
            for each in sorted(seen.slices, key=lambda each: each.value)[:MOST_BARS]
        )
        pictures.append(Bars(title="rows that agree, by slice", value="share of rows", bars=bars))
    if seen.flips:
        rows = tuple((str(f.row), where(f.where.items()), f.ours, f.theirs, f.label) for f in seen.flips)
        pictures.append(Table(title=title, head=("row", "slice", "ours", other, "label"), rows=rows))
    return pictures


def beside_simple(heads: Sequence[HeadLook]) -> list[Table]:
    """Return each output's measures beside those of the trivial answer and of a linear model."""
    rows = [
        (
            head.head or "output",
            measure.name,
            f"{measure.ours:.4g}",
            f"{measure.trivial:.4g}",
            "-" if measure.linear is None else f"{measure.linear:.4g}",
            f"{measure.gain.estimate:.1%} [{measure.gain.low:.1%}, {measure.gain.high:.1%}]",
        )
        for head in heads
        for measure in head.measures
    ]
    head = ("output", "measure", "model", "trivial answer", "linear model", "error taken away")
    return [Table(title="beside simple models", head=head, rows=tuple(rows))] if rows else []
