"""The graph of evidence that expectations ask for; equal asks become one request."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mltspec.checks.registry import KINDS
from mltspec.evidence.kind import Ask
from mltspec.plan.plan import Request
from mltspec.plan.wire import digest_of


class Requests:
    """Collects requests for one plan. Those of different roots are never one: equal names may be other code."""

    def __init__(self) -> None:
        self._by_ask: dict[tuple[Ask, tuple[Path, ...]], str] = {}
        self._requests: dict[str, Request] = {}

    def add(self, ask: Ask, roots: tuple[Path, ...]) -> str:
        """Add an ask and all that it needs; return its id."""
        known = self._by_ask.get((ask, roots))
        if known is not None:
            return known
        folders = tuple(map(str, roots))
        needs = tuple(self.add(need, roots) for need in ask.needs())
        place = digest_of(folders)
        name = digest_of([ask.identity(), place])[:16]
        self._by_ask[ask, roots] = name
        self._requests[name] = Request(
            id=name,
            kind=ask.kind,
            ask=ask.model_dump(mode="json"),
            needs=needs,
            group=digest_of([ask.group(), place])[:16],
            roots=folders,
            label=ask.label(),
            limit_s=KINDS[ask.kind].limit_s,
        )
        return name

    def all(self) -> Iterable[Request]:
        """Return every request, what is needed before what needs it."""
        return self._requests.values()
