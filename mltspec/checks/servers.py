"""Which server an expectation means, and whether it may be disturbed."""

from __future__ import annotations

from mltspec.checks.check import Scope
from mltspec.plan.subject import Server

REHEARSAL = Server(name="local", system="local")
"""What is meant where no server is declared: mltspec's own."""


def meant(on: str | None, scope: Scope) -> Server | None:
    """Return the server that is named, else the only one, else mltspec's own; None where several are declared."""
    if on:
        return scope.servers[on]
    if len(scope.servers) > 1:
        return None
    return next(iter(scope.servers.values()), REHEARSAL)


def obstacle_on(on: str | None, scope: Scope, phrase: str) -> str:
    """Return why nothing may be rehearsed; empty if it may."""
    server = meant(on, scope)
    if server is None:
        return f"several servers are declared: say which, `{phrase} on {next(iter(scope.servers))}`"
    if server.ours or server.drill:
        return ""
    return (
        f"server `{server.name}` is not marked for drills, and nothing is loaded or promoted on a server that is not: "
        "add `{ drill allowed }` to its declaration if its callers can bear it"
    )
