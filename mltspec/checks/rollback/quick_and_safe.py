"""A rollback to the version that served before is quick and safe.

    expect rollback on staging < 10s

The drill needs a serving system to rehearse on. Until one can be reached the expectation ends in an error that says
so; it is never passed unmeasured.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 7.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Params, Scope
from mltspec.checks.wording import inconclusive
from mltspec.evidence.kind import Ask, Evidence
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Judgement


class RollbackParams(Params):
    """The server to drill on and the longest time."""

    on: str | None
    compare: str
    limit: Quantity


class RollbackEvidence(Evidence):
    """One drill's time, in seconds."""

    seconds: float


def asks(params: RollbackParams, scope: Scope) -> Sequence[Ask]:
    """Nothing can be asked for before a server can be reached."""
    return []


def obstacle(params: RollbackParams, scope: Scope) -> str:
    """Say why no drill can be held."""
    if params.on:
        return f"serving systems such as `{params.on}` cannot be reached by this version, so no rollback was drilled"
    return "no such server yet: the spec declares none, so there is nothing to roll back"


def judge(params: RollbackParams, evidence: Sequence[RollbackEvidence]) -> Judgement:
    """Without a drill there is nothing to judge."""
    return inconclusive("no rollback was drilled")


CHECK = Check(
    name="rollback-quick",
    test=7,
    phrase="rollback",
    summary="A rollback to the version that served before is quick and safe.",
    params=RollbackParams,
    evidence=RollbackEvidence,
    kinds=(),
    asks=asks,
    judge=judge,
    obstacle=obstacle,
    clauses=(
        Clause("on {on:server}", "the server to drill on"),
        Clause("{compare:compare} {limit:time}", "the longest time", required=True),
    ),
)
