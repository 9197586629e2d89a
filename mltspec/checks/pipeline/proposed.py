"""Contracts proposed from a run that is known to be good: what it wrote, with room for what another day brings.

Room is given by rule, and each line says what was seen: half the rows; a tenth of a column's span at either end, never
across zero; shares and missing values by their exact intervals at 99.9%. What a rule cannot know, an author must: the
lines are there to be edited.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from mltspec.evidence.pipeline import ColumnSeen, TableSeen

FEW = 20
"""A column with at most so many different texts is taken for one of categories."""
OFTEN = 5
"""A value seen less often is as likely one of many more that were not seen."""
CONFIDENCE = 0.999
ROOM = 0.1
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset({"edition", "let", "suite", "expect"})
_BEGINS_A_PROMISE = frozenset({"rows", "columns", "missing", "share", "unique"})


def contract(stage: str, table: TableSeen, sample: int | None, alone: bool) -> Iterator[str]:
    """Write an expectation that the table keeps; ``alone`` where the stage writes no other table."""
    where = "" if alone else f' in "{table.file}"'
    on = "" if sample is None else f" on sample of {sample} rows"
    yield f"expect contract of {stage} holds{where}{on} {{"
    yield f"  rows >= {_half(table.rows)}  # {table.rows:,} seen"
    yield f"  columns [{', '.join(_name(each.name) for each in table.columns)}]"
    for column in table.columns:
        for line in _promises(column, table.rows):
            yield f"  {line}"
    yield "}"


def _promises(column: ColumnSeen, rows: int) -> Iterator[str]:
    name = _name(column.name)
    subject = f'"{column.name}"' if column.name in _BEGINS_A_PROMISE else name
    yield f"{subject} holds {column.type}"
    yield f"missing {name} <= {_most_missing(column.missing, rows)}  # {column.missing:,} of {rows:,} seen"
    if column.low is not None and column.high is not None and math.isfinite(column.low) and math.isfinite(column.high):
        low, high = _widened(column.low, column.high, whole=column.type == "whole numbers")
        if column.distinct != 2:
            yield f"{subject} in {low}..{high}  # {column.low:g}..{column.high:g} seen"
    often = all(count >= OFTEN for _, count in column.values)
    if column.type == "texts" and column.distinct == len(column.values) <= FEW and often:
        yield f"{subject} among [{', '.join(_value(value) for value, _ in column.values)}]"
    if column.distinct == 2 and often and column.type in ("whole numbers", "yes or no", "texts"):
        value, count = column.values[-1]
        yield f"share {name} = {_value(value)} in {_shares(count, rows)}  # {count:,} of {rows:,} seen"
    if column.distinct == rows > 1 and column.type in ("whole numbers", "texts"):
        yield f"unique {name}"


def _name(name: str) -> str:
    return name if _WORD.fullmatch(name) and name not in _RESERVED else f'"{name}"'


def _value(value: str) -> str:
    plain = _WORD.fullmatch(value) or re.fullmatch(r"\d+(\.\d+)?", value)
    return value if plain and value not in _RESERVED else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _half(rows: int) -> str:
    """Return half of a count to two digits, rounded down."""
    half = max(1, rows // 2)
    unit = 10 ** max(0, len(str(half)) - 2)
    return f"{half // unit * unit:_}"


def _widened(low: float, high: float, whole: bool) -> tuple[str, str]:
    room = (high - low or abs(high) or 1.0) * ROOM
    ends = [low - room if low < 0 else max(0.0, low - room), high + room if high > 0 else min(0.0, high + room)]
    if whole:
        return f"{math.floor(ends[0])}", f"{math.ceil(ends[1])}"
    return _rounded(ends[0], math.floor), _rounded(ends[1], math.ceil)


def _rounded(value: float, way: object) -> str:
    """Return a number to three digits, rounded away from what was seen."""
    if not value:
        return "0"
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    return f"{way(value / step) * step:.10g}"  # type: ignore[operator]


def _most_missing(missing: int, rows: int) -> str:
    from mltspec.statistics.shares import exact_share

    return "0%" if not missing else f"{math.ceil(exact_share(missing, rows, CONFIDENCE).high * 1000) / 10:g}%"


def _shares(count: int, rows: int) -> str:
    from mltspec.statistics.shares import exact_share

    interval = exact_share(count, rows, CONFIDENCE)
    return f"{math.floor(interval.low * 1000) / 10:g}%..{math.ceil(interval.high * 1000) / 10:g}%"
