"""The candidate loads in the serving system's own process, beside the version that serves.

A model that loads where it was trained may not load where it serves: another version of the runtime, a custom op or a
layer whose code the server has not, a file that was not copied.

    expect canary on staging loads within 30s

Loaded is when a row is answered, not when the server says so. A failure carries the end of the server's log. To try the
servers of yesterday as well, declare each and write one line for it.

Inconclusive never: a candidate loads or it does not.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 6; TFX, InfraValidator (LOAD_ONLY).
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.canary.tried import TriedParams, ask_of, example, stand_in, unloaded
from mltspec.checks.check import Check, Clause, Example, Scope
from mltspec.checks.servers import obstacle_on
from mltspec.checks.wording import failed, figure, number, passed
from mltspec.evidence.canary import CANARY, CanaryEvidence
from mltspec.evidence.kind import Ask
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict


class LoadsParams(TriedParams):
    """``within`` is the longest time until the first answer."""

    within: Quantity


def asks(params: LoadsParams, scope: Scope) -> Sequence[Ask]:
    """One look."""
    return [ask_of(params.on, scope)]


def judge(params: LoadsParams, evidence: Sequence[CanaryEvidence]) -> Judgement:
    """It must answer a row within the limit."""
    (seen,) = evidence
    bound = Figure(text=f"within {params.within}", value=float(params.within))
    missing = unloaded(seen, bound)
    if missing is not None:
        return missing
    measured = figure(seen.load_s, f"{number(seen.load_s)} s")
    if not seen.load_s <= float(params.within):
        return failed(f"the candidate answered its first row only {number(seen.load_s)} s after the order to load it",
                      measured, bound)  # fmt: skip
    return passed(
        f"version {seen.version} was loaded and answered its first row after {number(seen.load_s)} s{stand_in(seen)}",
        measured,
        bound,
    )


CHECK = Check(
    name="canary-loads",
    test=6,
    phrase="canary on {on:server} loads",
    summary="The candidate loads in the serving system's own process.",
    params=LoadsParams,
    evidence=CanaryEvidence,
    kinds=(CANARY,),
    asks=asks,
    judge=judge,
    obstacle=lambda params, scope: obstacle_on(params.on, scope, "canary"),
    clauses=(Clause("within {within:time}", "the longest time until the first answer", default="within 60s"),),
    examples=lambda: (
        Example(
            "expect canary on staging loads within 30s",
            (example(),),
            Verdict.PASSED,
            "version 2 was loaded and answered its first row after 0.61 s; tried on mltspec's own server",
        ),
        Example(
            "expect canary on staging loads",
            (example(load_error="Op type not registered 'MyOp'"),),
            Verdict.FAILED,
            "local cannot load the candidate, so nothing else of it is known: Op type not registered 'MyOp'",
        ),
        Example(
            "expect canary on staging loads within 500ms",
            (example(),),
            Verdict.FAILED,
            "the candidate answered its first row only 0.61 s after the order to load it",
        ),
    ),
)
