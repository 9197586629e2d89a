"""A proposed contract compiles, is kept by the run it was made from, and broken by one that went wrong."""

import pytest

from mltspec.checks.pipeline import contract_holds
from mltspec.checks.pipeline.proposed import contract
from mltspec.checks.pipeline.staged import example_run, example_stage
from mltspec.compile.expectations import understand
from mltspec.compile.names import Declared, Names
from mltspec.compile.planning import params_of
from mltspec.evidence.pipeline import ColumnSeen, TableSeen
from mltspec.language.parse import parse
from mltspec.language.source import Source, Span
from mltspec.language.tree import Expect

pytest.importorskip("scipy")
NAMES = Names({"nightly": Declared("pipeline", Span(0, 0), None, stages=("features",))})


def column(name, type, low=None, high=None, distinct=90, missing=0, values=()):
    return ColumnSeen(name=name, type=type, missing=missing, low=low, high=high, distinct=distinct, values=values)


COLUMNS = (
    column("id", "whole numbers", 0.0, 999.0, distinct=1000),
    column("rows", "numbers", -3.25, 8.75, missing=12),
    column("speed in mph", "numbers", 0.5, 99.0),
    column("carrier", "texts", distinct=2, values=(("UA", 700), ('A "B"', 300))),
    column("late", "whole numbers", 0.0, 1.0, distinct=2, values=(("0", 800), ("1", 200))),
    column("note", "texts", distinct=800, values=(("", 3),)),
    column("flat", "numbers", 2.5, 2.5, distinct=1),
)
TABLE = TableSeen(file="table.csv", rows=1000, columns=COLUMNS)


def judged(lines, table):
    text = "\n".join(["edition 2026", *lines, ""])
    parsed = parse(Source("a.mlt", text))
    assert not parsed.diagnostics
    (statement,) = [each for each in parsed.spec.statements if isinstance(each, Expect)]
    claim = understand(statement, NAMES, False)
    params = params_of(claim, statement.span)
    return contract_holds.judge(params, [example_run(example_stage("features", tables=(table,)))])


def with_column(name, **changes):
    columns = tuple(each.model_copy(update=changes) if each.name == name else each for each in COLUMNS)
    return TABLE.model_copy(update={"columns": columns})


@pytest.mark.parametrize("alone", [True, False])
def test_the_run_itself_keeps_it(alone):
    lines = list(contract("features", TABLE, 5000, alone))
    judgement = judged(lines, TABLE)
    assert judgement.verdict == "passed", judgement.explanation
    assert ('in "table.csv"' in lines[0]) is not alone


BROKEN = {
    "fewer rows": TABLE.model_copy(update={"rows": 300}),
    "a column less": TABLE.model_copy(update={"columns": COLUMNS[:-1]}),
    "another range": with_column("speed in mph", high=250.0),
    "below zero": with_column("speed in mph", low=-1.0),
    "missing values": with_column("rows", missing=100),
    "a new category": with_column("carrier", distinct=3, values=(("UA", 700), ('A "B"', 295), ("XX", 5))),
    "other balance": with_column("late", values=(("0", 500), ("1", 500))),
    "repeated ids": with_column("id", distinct=900),
    "other type": with_column("rows", type="texts"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_run_that_went_wrong_breaks_it(fault):
    assert judged(contract("features", TABLE, None, True), BROKEN[fault]).verdict == "failed"
