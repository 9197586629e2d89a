"""The graph of requests: which are wanted, which can be gathered now, which are settled."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator, Sequence

from mltspec.evidence.kind import Evidence
from mltspec.plan.events import Failure
from mltspec.plan.plan import Request


class Board:
    """Requests are wanted as long as somebody who is not settled holds a claim on them.

    A wanted request becomes *runnable* once all it needs is answered: it is looked up, and made *ready*
    when it has to be gathered. Ready requests that feed others come first, the longest chains first; but before
    them those that need an interpreter of their own, for it starts while the fork server still imports.
    """

    def __init__(self, requests: Sequence[Request]) -> None:
        self.requests = {request.id: request for request in requests}
        self.evidence: dict[str, Evidence] = {}
        self.failures: dict[str, Failure] = {}
        self.causes: dict[str, Failure] = {}
        self.runnable: deque[str] = deque()
        self._order = {request.id: index for index, request in enumerate(requests)}
        self._claims = dict.fromkeys(self.requests, 0)
        self._begun: set[str] = set()
        self._ready: list[tuple[bool, int, int, str]] = []
        self._groups: dict[tuple[str, str], dict[str, None]] = {}
        self._parted: set[str] = set()
        self._dependants: dict[str, list[str]] = {id: [] for id in self.requests}
        self._lacking = {request.id: len(set(request.needs)) for request in requests}
        for request in requests:
            for need in set(request.needs):
                self._dependants[need].append(request.id)
        self._heights = self._measure()

    def want(self, id: str) -> None:
        """Claim a request, and through it what it needs."""
        waiting = [id]
        while waiting:
            each = waiting.pop()
            self._claims[each] += 1
            if self._claims[each] > 1 or self.is_settled(each):
                continue
            waiting += self.requests[each].needs
            if not self._lacking[each] and each not in self._begun:
                self.runnable.append(each)

    def release(self, id: str) -> None:
        """Give up a claim; what nobody claims is not gathered."""
        waiting = [id]
        while waiting:
            each = waiting.pop()
            self._claims[each] -= 1
            if self._claims[each] == 0 and not self.is_settled(each):
                waiting += self.requests[each].needs

    def is_wanted(self, id: str) -> bool:
        """Return whether somebody holds a claim."""
        return self._claims[id] > 0

    def is_settled(self, id: str) -> bool:
        """Return whether a request is answered or failed."""
        return id in self.evidence or id in self.failures

    def make_ready(self, id: str, apart: bool = False) -> None:
        """Put a request in line to be gathered; ``apart`` if it needs an interpreter of its own."""
        self._begun.add(id)
        heapq.heappush(self._ready, (not apart, -self._heights[id], self._order[id], id))
        self._groups.setdefault(self._group(id), {})[id] = None

    def take(self) -> list[str]:
        """Return the next requests to gather in one process; none when no wanted one is ready."""
        while self._ready:
            *_, id = heapq.heappop(self._ready)
            mates = self._groups.get(self._group(id), {})
            if id not in mates:
                continue
            taken = [mate for mate in mates if self.is_wanted(mate) and not self.is_settled(mate)]
            if id in taken:
                for mate in taken:
                    del mates[mate]
                return taken
            del mates[id]
            self._begun.discard(id)
        return []

    def part(self, ids: Sequence[str]) -> None:
        """Put back requests whose group failed, each to be gathered by itself: one bad ask spoils no other."""
        self._parted.update(ids)
        for id in ids:
            self.put_back(id)

    def put_back(self, id: str) -> None:
        """Take back a request that was in a child's hands, and is still open."""
        self._begun.discard(id)
        if self.is_wanted(id) and not self.is_settled(id):
            self.runnable.append(id)

    def answer(self, id: str, evidence: Evidence) -> None:
        """Settle a request; what waited for it alone becomes runnable."""
        self.evidence[id] = evidence
        self._drop_claims_below(id)
        for dependant in self._dependants[id]:
            self._lacking[dependant] -= 1
            if not self._lacking[dependant] and self.is_wanted(dependant) and not self.is_settled(dependant):
                self.runnable.append(dependant)

    def fail(self, id: str, failure: Failure) -> Iterator[str]:
        """Settle a request as failed, and everything that needs it; return what failed with it."""
        self.failures[id] = self.causes[id] = failure
        self._drop_claims_below(id)
        waiting = list(self._dependants[id])
        while waiting:
            each = waiting.pop()
            if self.is_settled(each):
                continue
            self.failures[each] = missing(self.requests[id], failure)
            self.causes[each] = failure
            wanted = self.is_wanted(each)
            self._drop_claims_below(each)
            waiting += self._dependants[each]
            if wanted:
                yield each

    def closure(self, ids: Sequence[str]) -> set[str]:
        """Return requests with everything they need."""
        found: set[str] = set()
        waiting = list(ids)
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.add(each)
                waiting += self.requests[each].needs
        return found

    def _group(self, id: str) -> tuple[str, str]:
        request = self.requests[id]
        return request.kind, id if id in self._parted else request.group

    def _drop_claims_below(self, id: str) -> None:
        if self._claims[id] > 0:
            for need in self.requests[id].needs:
                self.release(need)

    def _measure(self) -> dict[str, int]:
        """Return how many requests the longest chain above each has."""
        heights = dict.fromkeys(self.requests, 0)
        above = {id: len(dependants) for id, dependants in self._dependants.items()}
        waiting = [id for id, count in above.items() if count == 0]
        while waiting:
            each = waiting.pop()
            for need in set(self.requests[each].needs):
                heights[need] = max(heights[need], heights[each] + 1)
                above[need] -= 1
                if above[need] == 0:
                    waiting.append(need)
        return heights


def missing(request: Request, failure: Failure) -> Failure:
    """Return the failure of what needs a request that failed; the cause stays in sight."""
    return Failure(
        kind="missing",
        message=f"needs `{request.label}`, which failed: {failure.message}",
        trace=failure.trace,
        output=failure.output,
    )
