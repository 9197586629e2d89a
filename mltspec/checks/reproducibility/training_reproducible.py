"""Training with the same seed, data and code ends in the same model.

Each run is a process of its own with the same declared seed and op determinism on. Losses at every step, all
weights and the optimizer's state, metrics, metrics by slice and predictions example by example are compared.

    expect training reproducible across 2 runs {
      predictions within 1e-6
      auc         within 0.1pp
      auc by carrier within 1pp
    }

Without a block the runs must be bitwise equal. With one, only what it names is judged.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.refusals import run_alone
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural, where
from mltspec.evidence.comparison import COMPARISON, ComparisonAsk, ComparisonEvidence, VariableDifference
from mltspec.evidence.kind import Ask
from mltspec.evidence.predictions import PREDICTIONS, PredictionsAsk
from mltspec.evidence.training import TRAINING
from mltspec.plan.picture import Bar, Bars, Curves, Moment, Picture
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.plan.wire import Wire

WEIGHTS, PREDICTED = "weights", "predictions"


class Tolerance(Wire):
    """One line of the block: how far apart something may lie over the runs."""

    of: str
    by: tuple[str, ...] | None
    within: Quantity


class ReproducibleParams(Params):
    """``tolerances`` empty asks for bitwise equality."""

    runs: Quantity
    on: str | None
    tolerances: tuple[Tolerance, ...]


def asks(params: ReproducibleParams, scope: Scope) -> Sequence[Ask]:
    """As many replicas as asked for, and of each the metrics that the block names."""
    runs = tuple(scope.run(replica=i) for i in range(params.runs.count))
    data = scope.data[params.on] if params.on else scope.training
    metrics = [
        ("loss" if tolerance.of == PREDICTED else tolerance.of, tolerance.by or ())
        for tolerance in params.tolerances
        if tolerance.of != WEIGHTS
    ]
    measured = tuple(PredictionsAsk(run=run, data=data, metric=metric, by=by) for run in runs for metric, by in metrics)
    return [ComparisonAsk(runs=runs, measured=measured)]


def judge(params: ReproducibleParams, evidence: Sequence[ComparisonEvidence]) -> Judgement:
    """Hold the differences against the tolerances, or against none at all."""
    (seen,) = evidence
    runs = plural(seen.runs, "run")
    if not params.tolerances:
        bound = Figure(text="bitwise equal", value=0.0)
        if seen.bitwise:
            steps = plural(seen.steps[0], "step")
            return passed(f"{runs} of {steps} are bitwise equal", figure(0.0, "bitwise equal"), bound)
        measured = figure(seen.largest_weight_difference)
        return failed(f"{runs} with the same seed differ: {_parting(seen)}", measured, bound, _lines(seen))
    found = [(tolerance, *_difference(tolerance, seen)) for tolerance in params.tolerances]
    bound = Figure(text="; ".join(f"{_name(t)} within {t.within}" for t in params.tolerances))
    measured = Figure(text="; ".join(f"{_name(t)} {number(value)}" for t, value, _ in found))
    empty = [_name(t) for t, value, _ in found if value != value]
    if empty:
        return inconclusive(f"nothing could be compared for {', '.join(empty)}", measured, bound)
    wrong = [(t, value, at) for t, value, at in found if value > float(t.within)]
    if not wrong:
        return passed(f"{runs} with the same seed agree: {measured.text}", measured, bound)
    told = "; ".join(
        f"{_name(t)} differs by {number(value)}{at}, expected at most {t.within}" for t, value, at in wrong
    )
    return failed(f"{runs} with the same seed differ: {told}; {_parting(seen)}", measured, bound, _lines(seen))


def depict(params: ReproducibleParams, evidence: Sequence[ComparisonEvidence]) -> Sequence[Picture]:
    """Show the losses of all runs with the step at which they part, and the variables that differ most."""
    (seen,) = evidence
    pictures: list[Picture] = []
    if any(line.x for line in seen.curves):
        parted = seen.parted_at_step
        moments = () if parted is None else (Moment(at=parted, text=f"the runs part at step {parted}"),)
        title = "training loss of runs with the same seed"
        pictures.append(Curves(title=title, x="step", y="training loss", lines=seen.curves, moments=moments))
    if seen.variables:
        bars = tuple(Bar(name=v.path, value=v.largest, note=v.group) for v in seen.variables)
        title = "largest difference by variable"
        pictures.append(Bars(title=title, value="largest absolute difference", bars=bars, log=True))
    return pictures


def _name(tolerance: Tolerance) -> str:
    return f"{tolerance.of} by {', '.join(tolerance.by)}" if tolerance.by else tolerance.of


def _difference(tolerance: Tolerance, seen: ComparisonEvidence) -> tuple[float, str]:
    """Return the largest difference of what a tolerance names, NaN where nothing was compared, and where it is."""
    if tolerance.of == WEIGHTS:
        return seen.largest_weight_difference, ""
    if tolerance.of == PREDICTED:
        return (float("nan") if seen.predictions is None else seen.predictions), ""
    for metric in seen.metrics:
        if metric.metric == tolerance.of and metric.by == (tolerance.by or ()):
            at = f" at {where(metric.where.items())}" if metric.where else ""
            return metric.largest, at
    return float("nan"), ""


def _parting(seen: ComparisonEvidence) -> str:
    """Say where the runs part, and why: as a contrast proved, else where to look."""
    if len(set(seen.steps)) > 1:
        where_, look = f"they took {', '.join(map(str, seen.steps))} steps", "look for early stopping by chance"
    elif seen.parted_at_step is None:
        first = f"; most in `{seen.variables[0].path}`" if seen.variables else ""
        where_ = f"losses are equal at every step, but weights or optimizer state are not{first}"
        look = "look for state that is set outside the training step"
    elif seen.parted_at_step <= 1:
        where_ = "they part at the first step, so initial weights, the data or its order differ"
        look = "look for a random number generator that is not seeded, time, or the environment"
    else:
        losses = " and ".join(number(loss) for loss in seen.losses_at_parting[:2])
        where_ = f"they part at step {seen.parted_at_step} (losses {losses})"
        look = "look for an unseeded generator, data order, or a non-deterministic operation"
    return f"{where_}; {seen.cause or look}"


def _lines(seen: ComparisonEvidence) -> list[str]:
    return [f"{v.group} `{v.path}` differs by {number(v.largest)}" for v in seen.variables[:8]]


def _example(**changes: object) -> ComparisonEvidence:
    seen = ComparisonEvidence(
        runs=2,
        steps=(328, 328),
        bitwise=True,
        parted_at_step=None,
        losses_at_parting=(),
        variables=(),
        largest_weight_difference=0.0,
        predictions=None,
        prediction_rows=0,
        metrics=(),
    )
    return seen.model_copy(update=changes)


CHECK = Check(
    name="training-reproducible",
    test=1,
    phrase="training reproducible",
    summary="Runs with the same seed, each in its own process, end in the same model.",
    params=ReproducibleParams,
    evidence=ComparisonEvidence,
    kinds=(COMPARISON, TRAINING, PREDICTIONS),
    asks=asks,
    judge=judge,
    depict=depict,
    clauses=(
        Clause("across {runs:runs}", "how many runs to compare", default="across 2 runs"),
        Clause("on {on:data}", "the rows to predict for the block's metrics; the training data by default"),
    ),
    block=(
        Clause("{of:name} by {by:names} within {within:number|percentage points}", "a metric by slice"),
        Clause("{of:name} within {within:number|percentage points}", "`predictions`, `weights` or a metric"),
    ),
    block_field="tolerances",
    refuse=run_alone,
    examples=lambda: (
        Example(
            "expect training reproducible",
            (_example(),),
            Verdict.PASSED,
            "2 runs of 328 steps are bitwise equal",
        ),
        Example(
            "expect training reproducible",
            (
                _example(
                    bitwise=False,
                    parted_at_step=1,
                    losses_at_parting=(2.3, 2.4),
                    largest_weight_difference=0.4,
                    variables=(VariableDifference(path="dense/kernel", group="model", largest=0.4),),
                ),
            ),
            Verdict.FAILED,
            "2 runs with the same seed differ: they part at the first step, so initial weights, the data or its order",
        ),
    ),
)
