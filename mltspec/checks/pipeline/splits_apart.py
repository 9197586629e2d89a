"""Two tables that a pipeline writes to fit on and to judge on have nothing in common.

    expect no leakage between "training.parquet" and "holdout.parquet" of features apart from id
    expect no leakage between "train.csv" and "test.csv" of split grouped by patient ordered by visit label ill

No row of the second stands in the first, unless as many would by chance at the rate at which rows of the first have a
twin among themselves (below one in a thousand fails). `grouped by`: no value of that column stands in both. `ordered
by`: every row of the first is before every row of the second. `label`: no feature tells the label of every row, by a
value for each or by one threshold.

Inconclusive when a table has no row.

Source: Kapoor and Narayanan, "Leakage and the reproducibility crisis in machine-learning-based science", Patterns 4(9),
2023, types L1.1 to L1.4, L2, L3.1 and L3.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.pipeline.staged import meant, obstacle_of, run_of
from mltspec.checks.wording import failed, figure, inconclusive, listed, passed, plural, share
from mltspec.evidence.kind import Ask
from mltspec.evidence.pipeline import PIPELINE_RUN
from mltspec.evidence.splits import SPLITS, Order, SharedGroup, SplitsAsk, SplitsEvidence
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

LEAST_CHANCE = 1e-3


class SplitsParams(Params):
    """The tables, the stage that writes them, and what may not stand in both."""

    first: str
    second: str
    stage: str
    pipeline: str | None
    sample: Quantity | None
    apart_from: tuple[str, ...] | None
    groups: tuple[str, ...] | None
    time: str | None
    label: str | None


def asks(params: SplitsParams, scope: Scope) -> Sequence[Ask]:
    """The tables of a run that other claims share."""
    pipeline = meant(params.stage, params.pipeline, scope)
    assert pipeline is not None
    return [
        SplitsAsk(
            run=run_of(pipeline, params.sample, scope),
            stage=params.stage,
            first=params.first,
            second=params.second,
            apart_from=params.apart_from or (),
            groups=params.groups or (),
            time=params.time,
            label_column=params.label,
        )
    ]


def obstacle(params: SplitsParams, scope: Scope) -> str:
    """Say which stage is not there."""
    return obstacle_of(params.stage, params.pipeline, scope)


def judge(params: SplitsParams, evidence: Sequence[SplitsEvidence]) -> Judgement:
    """Rows, groups, time and label: all that is wrong is told."""
    (seen,) = evidence
    bound = Figure(text="nothing in common")
    if seen.undone:
        return failed(seen.undone, bound=bound)
    if not all(seen.rows):
        return inconclusive("a table without a row shares nothing with any", bound=bound)
    measured = figure(seen.shared / seen.rows[1], f"{seen.shared:,} of {plural(seen.rows[1], 'row')}")
    faults = list(_faults(params, seen))
    if faults:
        rows = [f"row {at} of `{params.second}` stands in `{params.first}`" for at in seen.examples]
        return failed("; ".join(faults), measured, bound, rows)
    also = [f"no {group.name} stands in both" for group in seen.groups]
    also += (
        [f"`{params.first}` ends before `{params.second}` begins ({seen.order.first_of_second})"] if seen.order else []
    )
    also += [f"no feature tells {params.label}"] if params.label else []
    return passed(
        f"{seen.shared:,} of {plural(seen.rows[1], 'row')} of `{params.second}` are among the "
        f"{plural(seen.rows[0], 'row')} of `{params.first}`{_by_chance(seen)}{''.join(f'; {each}' for each in also)}",
        measured,
        bound,
    )


def _by_chance(seen: SplitsEvidence) -> str:
    return f", no more than by chance ({plural(seen.twins, 'row')} there have a twin)" if seen.shared else ""


def _faults(params: SplitsParams, seen: SplitsEvidence) -> Iterator[str]:
    if seen.shared and seen.chance < LEAST_CHANCE:
        yield (
            f"{seen.shared:,} of {plural(seen.rows[1], 'row')} ({share(seen.shared / seen.rows[1])}) of "
            f"`{params.second}` stand in `{params.first}` too, where only {plural(seen.twins, 'row')} have a twin "
            "among themselves: the split is not disjoint"
        )
    for group in seen.groups:
        if group.shared:
            yield (
                f"{group.shared:,} of {group.of:,} values of {group.name} stand in both (`{group.example}`, …), in "
                f"{plural(group.rows, 'row')} of `{params.second}`: split by group, not by row"
            )
    if seen.order is not None:
        yield from _out_of_order(params, seen.order)
    if seen.tell:
        yield (
            f"{listed(seen.tell)} {'tells' if len(seen.tell) == 1 else 'tell'} {params.label} of every row: it is the "
            "label in another form, or known only after it"
        )


def _out_of_order(params: SplitsParams, order: Order) -> Iterator[str]:
    if order.late:
        yield (
            f"{plural(order.late, 'row')} of `{params.first}` are not before `{params.second}`, which begins at "
            f"{order.first_of_second} (the last of `{params.first}` is {order.last_of_first}): the past is judged by "
            "what was fitted on its future"
        )
    elif order.missing:
        yield f"{plural(order.missing, 'row')} have no {params.time}, so nobody can tell on which side they belong"


def _example(**seen: object) -> SplitsEvidence:
    apart = SplitsEvidence(rows=(800, 200), shared=0, twins=3, chance=1.0, examples=(), groups=(), order=None, tell=())
    return apart.model_copy(update=seen)


_LINE = 'expect no leakage between "train.csv" and "test.csv" of features'

CHECK = Check(
    name="splits-apart",
    test=3,
    phrase="no leakage between {first:text} and {second:text}",
    summary="Tables of a pipeline to fit on and to judge on share no row, group or time; no feature is the label.",
    params=SplitsParams,
    evidence=SplitsEvidence,
    kinds=(SPLITS, PIPELINE_RUN),
    asks=asks,
    judge=judge,
    about="pipeline",
    obstacle=obstacle,
    clauses=(
        Clause("of {stage:stage}", "the stage that writes both tables", required=True),
        Clause("apart from {apart_from:names}", "columns that do not make rows different: ids, times of arrival"),
        Clause("grouped by {groups:names}", "columns of which no value may stand in both: a patient, a customer"),
        Clause("ordered by {time:name}", "the time by which the first table must end before the second begins"),
        Clause("label {label:name}", "the label, which no feature may tell"),
        Clause("on sample of {sample:rows}", "how many rows first stages take; all by default"),
        Clause("in pipeline {pipeline:pipeline}", "the pipeline, where several have a stage of that name"),
    ),
    examples=lambda: (
        Example(
            f"{_LINE} grouped by tail ordered by day label late",
            (
                _example(
                    groups=(SharedGroup(name="tail", shared=0, of=40, rows=0, example=""),),
                    order=Order(last_of_first="2013-09-30", first_of_second="2013-10-01", late=0, missing=0),
                ),
            ),
            Verdict.PASSED,
            "0 of 200 rows of `test.csv` are among the 800 rows of `train.csv`; no tail stands in both; `train.csv` "
            "ends before `test.csv` begins (2013-10-01); no feature tells late",
        ),
        Example(
            _LINE,
            (_example(shared=40, chance=1e-60, examples=(3,)),),
            Verdict.FAILED,
            "40 of 200 rows (20.0%) of `test.csv` stand in `train.csv` too, where only 3 rows have a twin",
        ),
        Example(
            f"{_LINE} grouped by tail",
            (_example(groups=(SharedGroup(name="tail", shared=12, of=40, rows=61, example="N14228"),)),),
            Verdict.FAILED,
            "12 of 40 values of tail stand in both (`N14228`, …), in 61 rows of `test.csv`: split by group",
        ),
        Example(
            f"{_LINE} label late",
            (_example(tell=("arr_delay",)),),
            Verdict.FAILED,
            "`arr_delay` tells late of every row: it is the label in another form, or known only after it",
        ),
        Example(_LINE, (_example(rows=(800, 0)),), Verdict.INCONCLUSIVE, "a table without a row shares nothing"),
    ),
)
