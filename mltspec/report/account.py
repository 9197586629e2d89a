"""A run as it is known so far: what every report is written from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mltspec.plan.events import Event, GatheringEnded, GatheringProgress, GatheringStarted, Judged, RunEnded, RunStarted
from mltspec.plan.verdict import Verdict
from mltspec.report.outcome import VERDICTS, Overall, overall


class Account:
    """Takes events one by one.

    Args:
        maxfail: the number of failures that ends a run early, so that such an end is told from an interruption.
        diagnostics: what was found in the specs, as JSON.
    """

    def __init__(self, maxfail: int | None = None, diagnostics: Sequence[dict[str, Any]] = ()) -> None:
        self.diagnostics = tuple(diagnostics)
        self.started: RunStarted | None = None
        self.ended: RunEnded | None = None
        self.judged: list[Judged] = []
        self.evidence: dict[str, GatheringEnded] = {}
        self._maxfail = maxfail

    def take(self, event: Event) -> None:
        """Add what an event tells."""
        match event:
            case RunStarted():
                self.started = event
            case GatheringEnded():
                self.evidence[event.id] = event
            case Judged():
                self.judged.append(event)
            case RunEnded():
                self.ended = event
            case GatheringStarted() | GatheringProgress():
                pass

    @property
    def seconds(self) -> float:
        """How long the run took, 0 while it goes on."""
        return self.ended.seconds if self.ended else 0.0

    @property
    def unreached(self) -> int:
        """How many expectations the run did not get to."""
        return max(0, self.started.expectations - len(self.judged)) if self.started else 0

    @property
    def stopped(self) -> bool:
        """Whether the run ended early after too many failures."""
        return bool(self._maxfail) and self._failures() >= (self._maxfail or 0) and self.unreached > 0

    @property
    def interrupted(self) -> bool:
        """Whether somebody stopped the run."""
        return self.ended is not None and self.ended.interrupted and not self.stopped

    @property
    def overall(self) -> Overall:
        """What the run comes to."""
        if any(each["severity"] == "error" for each in self.diagnostics):
            return Overall.SPEC_ERROR
        return overall(self.judged, self.interrupted)

    def counts(self) -> dict[Verdict, int]:
        """How many expectations ended how; failures first, verdicts that did not occur left out."""
        found = Counter(each.judgement.verdict for each in self.judged)
        order = sorted(VERDICTS, key=lambda verdict: VERDICTS[verdict].makes is not Overall.FAILED)
        return {verdict: found[verdict] for verdict in order if found[verdict]}

    def is_cached(self, judged: Judged) -> bool:
        """Return whether all that an expectation was judged from came from the store."""
        needs = judged.expectation.needs
        known = [self.evidence[need].cached for need in needs if need in self.evidence]
        return bool(known) and all(known)

    def _failures(self) -> int:
        failing = (Verdict.FAILED, Verdict.ERROR, Verdict.TIMED_OUT, Verdict.XPASS)
        required = (each for each in self.judged if each.expectation.marks.severity == "error")
        return sum(each.judgement.verdict in failing for each in required)
