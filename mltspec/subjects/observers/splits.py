"""Compares two tables that a stage wrote: what they have in common, and what tells the label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.pipeline import PipelineEvidence
from mltspec.evidence.splits import Order, SharedGroup, SplitsAsk, SplitsEvidence
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.observers.artifact import unpack
from mltspec.subjects.pipeline_artifacts import read_table
from mltspec.subjects.targets import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

MOST_EXAMPLES = 5
FEWEST_OF_A_LABEL = 5
"""With fewer rows of a label, a feature tells it by chance."""
NONE = SplitsEvidence(rows=(0, 0), shared=0, twins=0, chance=1.0, examples=(), groups=(), order=None, tell=())


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[SplitsEvidence]:
    """Compare each pair of tables.

    Args:
        asks: SplitsAsks of one run.
        found: the run.
        bench: holds what the stage wrote.

    Raises:
        Unfit: there is no such table or column.
    """
    run = cast(PipelineEvidence, found[0])
    return [_one(cast(SplitsAsk, ask), run, bench) for ask in asks]


def _one(ask: SplitsAsk, run: PipelineEvidence, bench: Bench) -> SplitsEvidence:
    stage = run.stage(ask.stage)
    if stage.ended != "done":
        broken = next(each for each in run.stages if each.ended not in ("done", "not run"))
        return NONE.model_copy(update={"undone": f"stage `{broken.name}` does not end well: {broken.error}"})
    if stage.kept is None:
        return NONE.model_copy(update={"undone": f"what `{ask.stage}` wrote is too large to be kept; ask for a sample"})
    folder = bench.folder / ask.identity()[:12]
    unpack(bench.path(stage.kept), folder)
    names = [table.file for table in stage.tables]
    for name in (ask.first, ask.second):
        if name not in names:
            wrote = ", ".join(f"`{each}`" for each in names) or "none"
            raise Unfit(f"stage `{ask.stage}` wrote no table `{name}`{did_you_mean(name, names)}; it wrote {wrote}")
    first, second = read_table(folder / ask.first), read_table(folder / ask.second)
    for column in (*ask.apart_from, *ask.groups, *filter(None, (ask.time, ask.label_column))):
        if column not in first or column not in second:
            raise Unfit(f"there is no column `{column}` in both tables{did_you_mean(column, map(str, first.columns))}")
    return _compared(ask, first, second)


def _compared(ask: SplitsAsk, first: pd.DataFrame, second: pd.DataFrame) -> SplitsEvidence:
    from scipy.stats import binom

    columns = [name for name in second.columns if name in set(first.columns) - set(ask.apart_from)]
    ours, theirs = _keys(first[columns]), _keys(second[columns])
    equal = theirs.isin(set(ours)).to_numpy()
    twins = int(ours.duplicated(keep=False).sum())
    rate = (twins + 1) / (len(ours) + 1)
    return SplitsEvidence(
        rows=(len(first), len(second)),
        shared=int(equal.sum()),
        twins=twins,
        chance=float(binom.sf(int(equal.sum()) - 1, len(second), rate)) if equal.any() else 1.0,
        examples=tuple(int(at) for at in equal.nonzero()[0][:MOST_EXAMPLES]),
        groups=tuple(_group(name, first[name], second[name]) for name in ask.groups),
        order=_order(first[ask.time], second[ask.time]) if ask.time else None,
        tell=tuple(_telling(first, second, ask.label_column, columns)) if ask.label_column else (),
    )


def _keys(frame: pd.DataFrame) -> pd.Series[Any]:
    import pandas as pd

    return pd.util.hash_pandas_object(frame.astype(str), index=False)


def _group(name: str, first: pd.Series[Any], second: pd.Series[Any]) -> SharedGroup:
    both = second.dropna().isin(set(first.dropna()))
    shared = second.dropna()[both]
    return SharedGroup(
        name=name,
        shared=int(shared.nunique()),
        of=int(second.nunique()),
        rows=int(both.sum()),
        example=str(shared.iloc[0]) if len(shared) else "",
    )


def _order(first: pd.Series[Any], second: pd.Series[Any]) -> Order:
    ours, theirs = first.dropna(), second.dropna()
    missing = len(first) + len(second) - len(ours) - len(theirs)
    if not len(ours) or not len(theirs):
        return Order(last_of_first="", first_of_second="", late=0, missing=missing)
    begin = theirs.min()
    return Order(
        last_of_first=str(ours.max()), first_of_second=str(begin), late=int((ours >= begin).sum()), missing=missing
    )


def _telling(first: pd.DataFrame, second: pd.DataFrame, label: str, columns: Sequence[str]) -> Iterator[str]:
    """Return features that tell the label of every row of both tables: by a value for each, or by one threshold."""
    import pandas as pd

    both = pd.concat([first, second])
    counts = both[label].value_counts()
    if len(counts) < 2 or int(counts.min()) < FEWEST_OF_A_LABEL:
        return
    for name in columns:
        if name == label:
            continue
        column = both[name]
        few = column.nunique() <= 2 * len(counts) and bool((both.groupby(column)[label].nunique() == 1).all())
        parted = len(counts) == 2 and column.dtype.kind in "iuf" and _parted(column, both[label])
        if (few and column.nunique() > 1 and not column.isna().any()) or parted:
            yield str(name)


def _parted(column: pd.Series[Any], label: pd.Series[Any]) -> bool:
    """Whether all values of one label lie above all of the other."""
    one, other = (group.dropna() for _, group in column.groupby(label))
    if not len(one) or not len(other) or column.isna().any():
        return False
    return bool(one.max() < other.min() or other.max() < one.min())
