"""The candidate answers requests as production sends them, and refuses bad ones without falling over.

    expect canary on staging answers 500 rows from holdout

Each row is sent alone, then all in one batch. Rows with zeros, very large numbers and empty text are sent, too. Last
come requests that no client should send (a missing input, an unknown one, text for a number, a wrong shape, no JSON):
each must get a client error (4xx) that says something, and the server must still answer afterwards.

Where the protocol tells signatures, the candidate must take what the version that serves takes: callers change later.

Inconclusive when there is no row.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 6; TFX, InfraValidator
(LOAD_AND_QUERY), which looks at no answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.canary.tried import TriedParams, ask_of, example, stand_in, unloaded
from mltspec.checks.check import Check, Clause, Example, Scope
from mltspec.checks.servers import obstacle_on
from mltspec.checks.wording import failed, figure, inconclusive, passed, plural
from mltspec.evidence.canary import CANARY, CanaryEvidence, Misuse
from mltspec.evidence.kind import Ask
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict


class AnswersParams(TriedParams):
    """How many rows of which data are sent."""

    rows: Quantity
    source: str | None


def asks(params: AnswersParams, scope: Scope) -> Sequence[Ask]:
    """One look."""
    return [ask_of(params.on, scope, params.source, params.rows.count)]


def judge(params: AnswersParams, evidence: Sequence[CanaryEvidence]) -> Judgement:
    """Every row must be answered, every misuse refused."""
    (seen,) = evidence
    bound = Figure(text=f"{params.rows} answered", value=float(params.rows.count))
    missing = unloaded(seen, bound)
    if missing is not None:
        return missing
    if not seen.rows:
        return inconclusive("there is no row to ask about", bound=bound)
    answered = seen.rows - seen.unanswered
    measured = figure(answered, f"{answered:,} of {plural(seen.rows, 'row')} answered")
    faults = _faults(seen)
    if faults:
        return failed("; ".join(faults), measured, bound, details=seen.log.splitlines())
    return passed(
        f"all {plural(seen.rows, 'row')} were answered one by one and in one batch, with {len(seen.odd)} odd inputs, "
        f"and {len(seen.misuses)} bad requests were refused clearly{stand_in(seen)}",
        measured,
        bound,
    )


def _faults(seen: CanaryEvidence) -> list[str]:
    faults = []
    if seen.changed_inputs:
        faults.append(
            f"callers of version {seen.before} would be refused, for the signature has changed: "
            f"{'; '.join(seen.changed_inputs)}"
        )
    if seen.unanswered:
        faults.append(f"{seen.unanswered:,} of {plural(seen.rows, 'row')} got no answer, first: {seen.first_error}")
    elif seen.batch_error:
        faults.append(f"rows are answered alone, but not {seen.rows:,} in one batch: {seen.batch_error}")
    if seen.nonfinite:
        faults.append(f"{plural(seen.nonfinite, 'row')} got NaN or infinity for an answer, though not in memory")
    faults += [f"{odd.what}: {odd.said or f'status {odd.status}'}" for odd in seen.odd if odd.status != 200]
    for misuse in seen.misuses:
        if misuse.status == 200:
            faults.append(f"{misuse.what} was answered as if it were right")
        elif not 400 <= misuse.status < 500:
            said = f"status {misuse.status}" if misuse.status else "no answer"
            faults.append(f"{misuse.what} got {said} where a client error is due: {misuse.said}")
    if not seen.alive_after:
        faults.append("after the bad requests the server answers no more")
    return faults


_MISUSES = tuple(
    Misuse(what=what, status=400, said="no") for what in ("a missing input", "text for a number", "no JSON")
)
CHECK = Check(
    name="canary-answers",
    test=6,
    phrase="canary on {on:server} answers",
    summary="The candidate answers production-shaped requests, and refuses bad ones without falling over.",
    params=AnswersParams,
    evidence=CanaryEvidence,
    kinds=(CANARY,),
    asks=asks,
    judge=judge,
    obstacle=lambda params, scope: obstacle_on(params.on, scope, "canary"),
    clauses=(
        Clause("{rows:rows}", "how many rows to send at most", default="128 rows"),
        Clause("from {source:data}", "the data they come from; the training data by default"),
    ),
    examples=lambda: (
        Example(
            "expect canary on staging answers 128 rows from holdout",
            (example(misuses=_MISUSES),),
            Verdict.PASSED,
            "all 128 rows were answered one by one and in one batch, with 0 odd inputs, and 3 bad requests were",
        ),
        Example(
            "expect canary on staging answers",
            (example(unanswered=1, first_error="status 500: division by zero"),),
            Verdict.FAILED,
            "1 of 128 rows got no answer, first: status 500: division by zero",
        ),
        Example(
            "expect canary on staging answers",
            (example(misuses=(Misuse(what="text for a number", status=500, said="TypeError"),)),),
            Verdict.FAILED,
            "text for a number got status 500 where a client error is due: TypeError",
        ),
        Example(
            "expect canary on staging answers",
            (example(before="1", changed_inputs=("`x` takes INT32 [-1, 3] where it took FP32 [-1, 3]",)),),
            Verdict.FAILED,
            "callers of version 1 would be refused, for the signature has changed: `x` takes INT32 [-1, 3] where it",
        ),
        Example("expect canary on staging answers", (example(rows=0),), Verdict.INCONCLUSIVE, "there is no row"),
    ),
)
