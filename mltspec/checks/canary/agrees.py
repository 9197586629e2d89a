"""The server's answers are those of the model in memory, row by row: 200 OK is not enough.

A server may be live, ready and answer 200, and yet give the model other numbers than it was sent.

    expect canary on staging agrees within 1e-5 on sample of 500 from holdout

Inputs go by name, over every protocol that the server speaks. Where the model declares raw rows, these are sent as
serving computes their features and held against training's features in memory. Differences are relative to answers
above 1; the bound is never finer than the model's own computing type allows.

Inconclusive when there is no row, or when the model in memory does not repeat itself.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure tests 6 and 3 (no skew).
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.canary.tried import ROWS, TriedParams, ask_of, example, stand_in, unloaded
from mltspec.checks.check import Check, Clause, Example, Scope
from mltspec.checks.servers import obstacle_on
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.canary import CANARY, CanaryEvidence
from mltspec.evidence.exported import Likeness
from mltspec.evidence.kind import Ask
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

ROUNDINGS = 32
"""Operations in another order differ by a few roundings."""
FIRST_NUMBER = "first number everywhere"


class AgreesParams(TriedParams):
    """``within`` is the largest difference of an answer."""

    within: Quantity
    rows: int
    source: str | None


def asks(params: AgreesParams, scope: Scope) -> Sequence[Ask]:
    """One look."""
    return [ask_of(params.on, scope, params.source, params.rows)]


def judge(params: AgreesParams, evidence: Sequence[CanaryEvidence]) -> Judgement:
    """Every protocol must answer as memory does."""
    (seen,) = evidence
    limit = max(float(params.within), ROUNDINGS * seen.precision)
    bound = Figure(text=f"within {params.within}", value=limit)
    missing = unloaded(seen, bound)
    if missing is not None:
        return missing
    if not seen.rows or not seen.doors:
        return inconclusive("there is no row to ask about", bound=bound)
    if not seen.memory_repeat <= limit:
        return inconclusive(
            "the model is random at inference: its answers cannot be held against each other", bound=bound
        )
    if seen.unanswered:
        return failed(
            f"{seen.unanswered:,} of {plural(seen.rows, 'row')} got no answer: {seen.first_error}", bound=bound
        )
    worst = max(seen.doors, key=lambda door: door.largest)
    measured = figure(worst.largest, f"largest difference {number(worst.largest)}")
    faults = _faults(seen, worst, limit)
    if faults:
        return failed("; ".join(faults), measured, bound)
    raw = "" if seen.raw is None else f", raw rows by {number(seen.raw)}"
    return passed(
        f"served answers to {plural(seen.rows, 'row')} differ from memory by at most {number(worst.largest)} over "
        f"{' and '.join(door.name for door in seen.doors)}{raw}{stand_in(seen)}",
        measured,
        bound,
    )


def _faults(seen: CanaryEvidence, worst: Likeness, limit: float) -> list[str]:
    if not seen.repeat <= limit:
        return [
            f"two equal requests get answers that differ by {number(seen.repeat)}, where memory repeats itself: the "
            "candidate was exported in training mode (training=True), so dropout and the like are active as it serves"
        ]
    faults = []
    if not worst.largest <= limit:
        faults.append(
            f"over {worst.name} the answers to the same {plural(seen.rows, 'row')} differ from memory by "
            f"{number(worst.largest)}: {_cause(seen, limit)}"
        )
    elif not seen.single <= limit:
        faults.append(f"a row sent alone is answered otherwise than among others, by {number(seen.single)}")
    if seen.raw_error:
        faults.append(f"raw rows, as serving makes them, are not answered: {seen.raw_error}")
    elif seen.raw is not None and not seen.raw <= limit and not faults:
        faults.append(
            f"raw rows are answered otherwise than in memory, by {number(seen.raw)}: serving computes other features "
            "than training did; `expect serving matches training features` names them"
        )
    return faults


def _cause(seen: CanaryEvidence, limit: float) -> str:
    nearest = min(seen.likenesses, key=lambda each: each.largest, default=None)
    if nearest is not None and nearest.largest <= limit:
        return _likeness(nearest.name)
    if not seen.export <= limit:
        return "the export itself differs, before any server: `expect exported model agrees` names the cause"
    return "the export is faithful when called without the server, which must give it other numbers than it was sent"


def _likeness(name: str) -> str:
    if name == FIRST_NUMBER:
        return "the server gives the model the first number of each input in place of every number"
    if name.startswith("inputs"):
        return "the inputs arrive in another order: their names are swapped"
    if name.startswith("without"):
        return f"the candidate leaves out the {name.split()[1]} at the end"
    return f"the answers are those of the model {name}"


CHECK = Check(
    name="canary-agrees",
    test=6,
    phrase="canary on {on:server} agrees",
    summary="The server's answers are those of the model in memory, row by row.",
    params=AgreesParams,
    evidence=CanaryEvidence,
    kinds=(CANARY,),
    asks=asks,
    judge=judge,
    obstacle=lambda params, scope: obstacle_on(params.on, scope, "canary"),
    clauses=(
        Clause("within {within:number}", "largest difference of an answer, relative above 1", default="within 1e-4"),
        Clause("on sample of {rows:count}", "how many rows to ask about", default=f"on sample of {ROWS}"),
        Clause("from {source:data}", "the data they come from; the training data by default"),
    ),
    examples=lambda: (
        Example(
            "expect canary on staging agrees within 1e-5 on sample of 128 from holdout",
            (example(),),
            Verdict.PASSED,
            "served answers to 128 rows differ from memory by at most 1e-07 over V2 REST and V1 REST",
        ),
        Example(
            "expect canary on staging agrees",
            (
                example(
                    doors=(Likeness(name="V2 REST", largest=1.7),),
                    likenesses=(Likeness(name=FIRST_NUMBER, largest=0.0),),
                ),
            ),
            Verdict.FAILED,
            "differ from memory by 1.7: the server gives the model the first number of each input in place of every",
        ),
        Example(
            "expect canary on staging agrees",
            (example(repeat=0.4),),
            Verdict.FAILED,
            "two equal requests get answers that differ by 0.4, where memory repeats itself: the candidate was",
        ),
        Example("expect canary on staging agrees", (example(rows=0),), Verdict.INCONCLUSIVE, "there is no row"),
    ),
)
