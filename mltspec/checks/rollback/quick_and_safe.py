"""A rollback to the version that served before is quick and safe.

A candidate is promoted and rolled back under steady load, several times. The time runs from the order to the end of the
last answer that is not the old version's, confirmed by a quiet window: never to the moment at which a command returns.
Load is open loop, so a server that stalls cannot hide it.

    expect rollback < 10s
    expect rollback on staging < 5s under 200 requests/s in 10 drills { stale answers <= 20 }

By default no request may fail, be answered wrongly, be answered by the candidate though it was sent after the server
said that the rollback was done, or wait longer than 1s. Judged on the worst drill. Where no server is declared,
mltspec's own is drilled with two exports of the model; it is no production binary, and the report says so.

Inconclusive when the versions cannot be told apart by their answers, or when too few requests met a drill.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 7; Tene, "How NOT to Measure
Latency", 2013.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.refusals import no_upper_bound
from mltspec.checks.rollback.depicted import answers_over_time
from mltspec.checks.servers import meant, obstacle_on
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural
from mltspec.evidence.drill import ROLLBACK, Drill, Killed, RollbackAsk, RollbackEvidence
from mltspec.evidence.kind import Ask
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

FEWEST = 5
"""With fewer requests after the order, the end of a rollback is not seen."""


class Bound(Params):
    """A bound on what may go wrong: one line of the block, one of its fields."""

    op: str
    failed: int | None = None
    wrong: int | None = None
    stale: int | None = None
    slowest: Quantity | None = None


class RollbackParams(Params):
    """The server to drill on, the longest time, the load, and what may go wrong."""

    on: str | None
    to: str | None
    compare: str
    limit: Quantity
    rate: Quantity
    drills: Quantity
    start: Literal["warm", "cold"]
    block: tuple[Bound, ...]

    def most(self, field: str, default: float) -> float:
        """Return the largest value of a field that the author allows; ``<`` leaves its bound itself out."""
        found = default
        for bound in self.block:
            value = getattr(bound, field)
            if value is not None:
                found = float(value) - (1e-9 if bound.op == "<" else 0.0)
        return found


def asks(params: RollbackParams, scope: Scope) -> Sequence[Ask]:
    """One series of drills."""
    server = meant(params.on, scope)
    assert server is not None
    return [
        RollbackAsk(
            model=scope.model,
            data=scope.training,
            server=server,
            to=params.to,
            rate=float(params.rate),
            drills=params.drills.count,
            start=params.start,
            seed=scope.seed,
        )
    ]


def obstacle(params: RollbackParams, scope: Scope) -> str:
    """Say why no drill may be held."""
    return obstacle_on(params.on, scope, "rollback")


def judge(params: RollbackParams, evidence: Sequence[RollbackEvidence]) -> Judgement:
    """The worst drill decides."""
    (seen,) = evidence
    bound = Figure(text=f"{params.compare} {params.limit}", value=float(params.limit))
    broken = _broken(params, seen)
    if broken:
        return failed(broken, bound=bound, details=seen.log.splitlines())
    if seen.told_apart == "not":
        return inconclusive(
            f"the old and the new version answer all {plural(seen.rows, 'row')} alike, so nobody can tell which "
            "answered; drill with a candidate that answers differently",
            bound=bound,
        )
    thin = min((drill.after for drill in seen.drills), default=0)
    if thin < FEWEST or not any(drill.met_new for drill in seen.drills):
        return inconclusive(
            f"too little was seen: a drill had {plural(thin, 'request')} after the order, and {FEWEST} are the fewest; "
            "drill under more requests/s",
            bound=bound,
        )
    worst = max(seen.drills, key=lambda drill: drill.last_other)
    measured = figure(worst.last_other, f"{number(worst.last_other)} s")
    faults = _faults(params, seen, worst)
    if faults:
        return failed("; ".join(faults), measured, bound, details=_details(seen))
    return passed(_held(seen, worst), measured, bound)


def _broken(params: RollbackParams, seen: RollbackEvidence) -> str:
    """Say what is wrong before any time is looked at."""
    if seen.old_error:
        return f"the version to roll back to, {seen.target}, cannot be loaded in today's environment: {seen.old_error}"
    if seen.new_error:
        return f"the candidate cannot be loaded, so it cannot be rolled back either: {seen.new_error}"
    if seen.target != seen.served_before:
        return (
            f"the drill rolls back to version {seen.target}, but version {seen.served_before} served before: a "
            "rollback returns to what callers had"
        )
    refused = [drill.error for drill in seen.drills if drill.error]
    return f"the server did not roll back when told to: {refused[0]}" if refused else ""


def _faults(params: RollbackParams, seen: RollbackEvidence, worst: Drill) -> list[str]:
    faults = []
    limit = float(params.limit)
    late = worst.last_other >= limit if params.compare == "<" else worst.last_other > limit
    if not worst.last_other < float("inf"):
        faults.append("the rollback never came true: the candidate went on answering until the drill was given up")
    elif late:
        faults.append(
            f"the rollback took {number(worst.last_other)} s until the last answer that was not the old version's"
            f" (the command returned after {number(worst.acknowledged)} s)"
        )
    checks: tuple[tuple[str, float, Callable[[Drill], float], str], ...] = (
        ("failed", 0, lambda d: d.failed, "failed"),
        ("wrong", 0, lambda d: d.wrong, "were answered as neither version does"),
        ("stale", 0, lambda d: d.stale, "were sent after the server had said it was done, and met the candidate"),
        ("slowest", 1.0, lambda d: d.slowest, ""),
    )  # fmt: skip
    for field, default, value_of, words in checks:
        most, drill = params.most(field, default), max(seen.drills, key=value_of)
        value = value_of(drill)
        if value > most and field == "slowest":
            faults.append(
                f"an answer took {number(value)} s, though 99 of 100 took at most {number(drill.p99)} s: a caller was "
                "kept waiting while versions changed"
            )
        elif value > most:
            cause = f" ({drill.first_failure})" if field == "failed" and drill.first_failure else ""
            faults.append(f"{value:g} of {plural(drill.requests, 'request')} {words}{cause}")
    return faults + _aftermath(seen)


def _aftermath(seen: RollbackEvidence) -> list[str]:
    faults = []
    if seen.changed_answers:
        faults.append(
            f"after the drills version {seen.target} answers {plural(seen.changed_answers, 'row')} otherwise than "
            "before"
        )
    if seen.files_changed:
        faults.append(f"the files of version {seen.target} are not those that served before")
    if seen.candidate_client:
        faults.append(
            f"callers that have changed over to the candidate's signature are refused by the old version: "
            f"{seen.candidate_client}"
        )
    if seen.killed is not None and (seen.killed.error or seen.killed.live != seen.target):
        faults.append(
            f"killed in the middle of a rollback, the server came back on version {seen.killed.live or 'none'}"
            + (f": {seen.killed.error}" if seen.killed.error else "")
        )
    return faults


def _held(seen: RollbackEvidence, worst: Drill) -> str:
    total = sum(drill.requests for drill in seen.drills)
    stand_in = "" if seen.production else "; rehearsed on mltspec's own server, which is no production binary"
    return (
        f"{plural(len(seen.drills), 'drill')} from version {seen.candidate} to {seen.target} on {seen.system}: the "
        f"last other answer ended {number(worst.last_other)} s after the order, {plural(total, 'request')}, none "
        f"failed or wrong, the slowest {number(max(drill.slowest for drill in seen.drills))} s{stand_in}"
    )


def _details(seen: RollbackEvidence) -> list[str]:
    return [
        f"drill {at}: last other answer {number(d.last_other)} s, command {number(d.acknowledged)} s, "
        f"{d.failed} failed, {d.wrong} wrong, {d.stale} stale of {d.requests}, slowest {number(d.slowest)} s"
        for at, d in enumerate(seen.drills[:20], 1)
    ]


def _example(**seen: object) -> RollbackEvidence:
    drill = Drill(
        last_other=0.012,
        first_old=0.011,
        acknowledged=0.009,
        requests=240,
        after=110,
        met_new=90,
        failed=0,
        wrong=0,
        stale=0,
        slowest=0.04,
        p99=0.011,
    )
    changes = {key: seen.pop(key) for key in list(seen) if key in Drill.model_fields}
    held = RollbackEvidence(
        system="local",
        production=False,
        served_before="1",
        target="1",
        candidate="2",
        told_apart="protocol",
        rows=32,
        drills=(drill, drill.model_copy(update=changes)),
    )
    return held.model_copy(update=seen)


CHECK = Check(
    name="rollback-quick",
    test=7,
    phrase="rollback",
    summary="A rollback to the version that served before is quick and safe.",
    params=RollbackParams,
    evidence=RollbackEvidence,
    kinds=(ROLLBACK,),
    asks=asks,
    judge=judge,
    obstacle=obstacle,
    depict=lambda params, evidence: answers_over_time(evidence[0]),
    refuse=no_upper_bound,
    clauses=(
        Clause("on {on:server}", "the server to drill on; the only one declared, else mltspec's own"),
        Clause("to {to:name}", "the version to roll back to; the one that served before by default"),
        Clause("{compare:compare} {limit:time}", "the longest time", required=True),
        Clause("under {rate:requests per time}", "the load during the drill", default="under 100 requests/s"),
        Clause("in {drills:drills}", "how often", default="in 3 drills"),
        Clause("from {start:warm/cold}", "whether the old version is still loaded", default="from warm"),
    ),
    block=(
        Clause("failed requests {op:compare} {failed:count}", "requests without an answer; 0 by default"),
        Clause("wrong answers {op:compare} {wrong:count}", "answers that are neither version's; 0 by default"),
        Clause("stale answers {op:compare} {stale:count}", "not the old version's after the command; 0 by default"),
        Clause("slowest answer {op:compare} {slowest:time}", "the longest that anybody waits; 1s by default"),
    ),
    examples=lambda: (
        Example(
            "expect rollback < 10s",
            (_example(),),
            Verdict.PASSED,
            "2 drills from version 2 to 1 on local: the last other answer ended 0.012 s after the order, 480 requests",
        ),
        Example(
            "expect rollback < 300ms",
            (_example(last_other=0.53, acknowledged=0.05, stale=25),),
            Verdict.FAILED,
            "the rollback took 0.53 s until the last answer that was not the old version's (the command returned after "
            "0.05 s); 25 of 240 requests were sent after the server had said it was done, and met the candidate",
        ),
        Example(
            "expect rollback < 10s { failed requests = 0 }",
            (_example(failed=4, first_failure="status 400: Model half is not ready yet"),),
            Verdict.FAILED,
            "4 of 240 requests failed (status 400: Model half is not ready yet)",
        ),
        Example(
            "expect rollback < 20s",
            (_example(last_other=13.3, slowest=13.34),),
            Verdict.FAILED,
            "an answer took 13.34 s, though 99 of 100 took at most 0.011 s",
        ),
        Example(
            "expect rollback < 10s",
            (_example(killed=Killed(live="2", seconds=4.0)),),
            Verdict.FAILED,
            "killed in the middle of a rollback, the server came back on version 2",
        ),
        Example(
            "expect rollback < 10s", (_example(told_apart="not"),), Verdict.INCONCLUSIVE, "answer all 32 rows alike"
        ),
        Example("expect rollback < 10s", (_example(after=2),), Verdict.INCONCLUSIVE, "too little was seen"),
    ),
)
