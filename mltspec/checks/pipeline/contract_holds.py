"""What a stage wrote is what the next one was promised: columns, rows, ranges, missing values, balance.

    expect contract of features holds on sample of 5000 rows {
      rows      >= 4_000
      columns   [delay, distance, late]
      delay     in -60..1500
      missing delay <= 1%
      share late = 1 in 15%..30%
    }

Each line of the block is a promise about every row of the table; the first that is broken is told, and how many more.
`mltspec pipeline propose` writes such a block from a run that is known to be good.

Inconclusive when the stage wrote several tables, or none, and the claim does not say which (`in "train.csv"`).

Source: Breck et al., "Data Validation for Machine Learning", SysML 2019, section 4; Breck et al., "The ML Test Score",
IEEE Big Data 2017, "Infra 3" and "Data 1".
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Literal

from mltspec.checks.check import Check, Clause, Example, Params, Range, Scope
from mltspec.checks.pipeline.staged import example_run, example_stage, meant, not_reached, obstacle_of, run_of
from mltspec.checks.refusals import nothing_promised
from mltspec.checks.wording import failed, inconclusive, listed, number, passed, plural, share
from mltspec.evidence.kind import Ask
from mltspec.evidence.pipeline import PIPELINE_RUN, ColumnSeen, PipelineEvidence, TableSeen
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

HOLDS = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
    "!=": operator.ne,
}


class Promise(Params):
    """One line of the block: one of its forms, the fields of the others None."""

    op: str | None
    rows: int | None
    columns: tuple[str, ...] | None
    missing: str | None
    most_missing: Quantity | None
    balanced: str | None
    value: str | float | None
    share: Range | None
    column: str | None
    range: Range | None
    among: tuple[str, ...] | None
    type: Literal["whole numbers", "numbers", "yes or no", "texts", "times", "arrays"] | None
    unique: str | None


class ContractParams(Params):
    """The stage, the table in its folder (None: its only one), the sample, and what is promised of it."""

    stage: str
    pipeline: str | None
    file: str | None
    sample: Quantity | None
    block: tuple[Promise, ...]


def asks(params: ContractParams, scope: Scope) -> Sequence[Ask]:
    """The run that other claims about as many rows share."""
    pipeline = meant(params.stage, params.pipeline, scope)
    assert pipeline is not None
    return [run_of(pipeline, params.sample, scope)]


def obstacle(params: ContractParams, scope: Scope) -> str:
    """Say which stage is not there."""
    return obstacle_of(params.stage, params.pipeline, scope)


def judge(params: ContractParams, evidence: Sequence[PipelineEvidence]) -> Judgement:
    """Every promise is held against the whole table."""
    (seen,) = evidence
    bound = Figure(text=plural(len(params.block), "promise"), value=float(len(params.block)))
    unreached = not_reached(seen, params.stage)
    if unreached:
        return failed(unreached, bound=bound)
    tables = [each for each in seen.stage(params.stage).tables if params.file in (None, each.file)]
    if len(tables) != 1:
        return inconclusive(_which(params, seen), bound=bound)
    table = tables[0]
    if table.unreadable:
        return failed(f"`{table.file}` of `{params.stage}` cannot be read: {table.unreadable}", bound=bound)
    broken = [fault for promise in params.block if (fault := _fault(promise, table))]
    measured = Figure(text=f"{len(broken)} broken", value=float(len(broken)))
    if broken:
        more = f" (and {plural(len(broken) - 1, 'more promise')} broken)" if len(broken) > 1 else ""
        return failed(f"`{table.file}` of `{params.stage}`: {broken[0]}{more}", measured, bound, broken[1:])
    return passed(
        f"`{table.file}` of `{params.stage}` keeps {plural(len(params.block), 'promise')} over "
        f"{plural(table.rows, 'row')} of {plural(len(table.columns), 'column')}",
        measured,
        bound,
    )


def _which(params: ContractParams, seen: PipelineEvidence) -> str:
    names = [table.file for table in seen.stage(params.stage).tables]
    if params.file is not None:
        return f"`{params.stage}` wrote no table `{params.file}`; it wrote {listed(names) or 'none'}"
    if not names:
        return f"`{params.stage}` wrote no table that could be looked at: CSV, Parquet and NPZ files are"
    return f'`{params.stage}` wrote several tables, {listed(names)}: say which, `in "{names[0]}"`'


def _fault(promise: Promise, table: TableSeen) -> str:
    """Say how a promise is broken; empty if it is kept."""
    if promise.rows is not None:
        kept = HOLDS[str(promise.op)](table.rows, promise.rows)
        return "" if kept else f"{plural(table.rows, 'row')}, and {promise.op} {promise.rows:,} were promised"
    if promise.columns is not None:
        return _columns(promise.columns, [column.name for column in table.columns])
    name = str(promise.missing or promise.balanced or promise.unique or promise.column)
    column = next((each for each in table.columns if each.name == name), None)
    if column is None:
        return f"there is no column `{name}`; there are {listed([each.name for each in table.columns], 8)}"
    return _of_column(promise, column, table.rows)


def _columns(promised: Sequence[str], found: Sequence[str]) -> str:
    lost = [each for each in promised if each not in found]
    more = [each for each in found if each not in promised]
    told = [f"column {listed(lost)} is missing" if lost else "", f"column {listed(more)} is new" if more else ""]
    return "; ".join(filter(None, told))


def _of_column(promise: Promise, column: ColumnSeen, rows: int) -> str:
    if promise.most_missing is not None:
        return _missing(promise, column, rows)
    if promise.share is not None:
        return _share(promise, column, rows)
    if promise.range is not None:
        return _range(promise.range, column)
    if promise.among is not None:
        others = [f"{value} ({count:,} times)" for value, count in column.values if value not in promise.among]
        if not others and column.distinct > len(column.values):
            others = [f"{column.distinct:,} different values"]
        return f"`{column.name}` also holds {', '.join(others[:4])}" if others else ""
    if promise.type is not None:
        wider = promise.type == "numbers" and column.type == "whole numbers"
        kept = wider or column.type == promise.type
        return "" if kept else f"`{column.name}` holds {column.type}, and {promise.type} were promised"
    twice = rows - column.missing - column.distinct
    if column.missing or twice:
        repeated = f"{twice:,} of {plural(rows, 'row')} repeat a value, {column.missing:,} lack one"
        return f"`{column.name}` is not unique: {repeated}"
    return ""


def _missing(promise: Promise, column: ColumnSeen, rows: int) -> str:
    assert promise.most_missing is not None
    found = column.missing / rows if rows else 1.0
    if HOLDS[str(promise.op)](found, float(promise.most_missing)):
        return ""
    return (
        f"`{column.name}` is missing in {column.missing:,} of {plural(rows, 'row')} ({share(found)}), and "
        f"{promise.op} {promise.most_missing} was promised"
    )


def _share(promise: Promise, column: ColumnSeen, rows: int) -> str:
    assert promise.share is not None
    wanted = number(promise.value) if isinstance(promise.value, float) else str(promise.value)
    found = dict(column.values).get(wanted, 0) / rows if rows else 0.0
    if float(promise.share.low) <= found <= float(promise.share.high):
        return ""
    return f"`{column.name}` is {wanted} in {share(found)} of {plural(rows, 'row')}, and {promise.share} was promised"


def _range(promised: Range, column: ColumnSeen) -> str:
    if column.low is None or column.high is None:
        return f"`{column.name}` holds {column.type}, and numbers in {promised} were promised"
    if column.low < float(promised.low):
        return f"`{column.name}` goes down to {number(column.low)}, and {promised} was promised"
    if column.high > float(promised.high):
        return f"`{column.name}` goes up to {number(column.high)}, and {promised} was promised"
    return ""


CHECK = Check(
    name="contract-holds",
    test=3,
    phrase="contract of {stage:stage} holds",
    summary="What a stage wrote keeps its promises: columns, rows, ranges, missing values, balance of labels.",
    params=ContractParams,
    evidence=PipelineEvidence,
    kinds=(PIPELINE_RUN,),
    asks=asks,
    judge=judge,
    about="pipeline",
    obstacle=obstacle,
    refuse=nothing_promised,
    clauses=(
        Clause("in {file:text}", "the table in the stage's folder; its only one by default"),
        Clause("on sample of {sample:rows}", "how many rows first stages take; all by default"),
        Clause("in pipeline {pipeline:pipeline}", "the pipeline, where several have a stage of that name"),
    ),
    block=(
        Clause("rows {op:compare} {rows:count}", "how many rows there are"),
        Clause("columns {columns:names}", "which columns there are, in any order, and no others"),
        Clause("missing {missing:name} {op:compare} {most_missing:ratio}", "the share of rows without a value"),
        Clause("share {balanced:name} = {value:literal} in {share:range}", "the share of a value: balance of labels"),
        Clause("unique {unique:name}", "no value stands twice, and none is missing"),
        Clause("{column:name} in {range:range}", "no number lies outside"),
        Clause("{column:name} among {among:names}", "no other value occurs"),
        Clause(
            "{column:name} holds {type:whole numbers/numbers/yes or no/texts/times/arrays}",
            "what kind of values it has",
        ),
    ),
    examples=lambda: (
        Example(
            "expect contract of features holds { rows >= 300\n columns [delay, late]\n delay in -60..1500\n"
            " missing delay <= 2%\n share late = 1 in 15%..30%\n late among [0, 1]\n late holds whole numbers }",
            (example_run(),),
            Verdict.PASSED,
            "`table.csv` of `features` keeps 7 promises over 400 rows of 2 columns",
        ),
        Example(
            "expect contract of features holds { rows >= 1_000 }",
            (example_run(),),
            Verdict.FAILED,
            "`table.csv` of `features`: 400 rows, and >= 1,000 were promised",
        ),
        Example(
            "expect contract of features holds { missing delay <= 0.1%\n delay in 0..1500 }",
            (example_run(),),
            Verdict.FAILED,
            "`delay` is missing in 4 of 400 rows (1.0%), and <= 0.1% was promised (and 1 more promise broken)",
        ),
        Example(
            "expect contract of features holds { share late = 1 in 40%..60% }",
            (example_run(),),
            Verdict.FAILED,
            "`late` is 1 in 20.0% of 400 rows, and 40%..60% was promised",
        ),
        Example(
            'expect contract of features holds in "holdout.csv" { rows >= 300 }',
            (example_run(),),
            Verdict.INCONCLUSIVE,
            "`features` wrote no table `holdout.csv`; it wrote `table.csv`",
        ),
        Example(
            "expect contract of features holds { rows >= 300 }",
            (
                example_run(
                    example_stage("source", ended="failed", status=1, error="OSError: disk full"),
                    example_stage("features", ("source",), ended="not run"),
                ),
            ),
            Verdict.FAILED,
            "stage `source` failed: OSError: disk full, so `features` was not run",
        ),
    ),
)
