"""Runs a plan: answers from the store, gathers the rest in children, judges, and tells what happens."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from mltspec.checks.check import AnyCheck
from mltspec.engine import judging
from mltspec.engine.board import Board
from mltspec.engine.case import Case
from mltspec.engine.crew import Crew, Report
from mltspec.engine.gathering import Gathering
from mltspec.engine.launch import Launcher
from mltspec.engine.settings import Settings
from mltspec.engine.store import Store
from mltspec.evidence.kind import Evidence, Kind
from mltspec.plan.events import Event, Failure, GatheringEnded, Judged, RunEnded, RunStarted
from mltspec.plan.plan import Plan
from mltspec.plan.verdict import Judgement

PARTING = frozenset({"raised", "refused", "exit"})
"""Failures that may be one ask's alone: then the others of its group are asked again by themselves."""

Tell = Callable[[Event], None]


@dataclass(frozen=True)
class Outcome:
    """How a run ended. ``interrupted`` by the user; ``stopped`` after too many failures. ``evidence`` is by request."""

    judgements: Mapping[str, Judgement]
    seconds: float
    gathered: int
    cached: int
    interrupted: bool = False
    stopped: bool = False
    untracked: tuple[str, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


class _Stop(Exception):  # noqa: N818 - a decision, not an error
    """Too many failures."""


def run(
    plan: Plan, settings: Settings, checks: Mapping[str, AnyCheck], kinds: Mapping[str, Kind], tell: Tell
) -> Outcome:
    """Run a plan and return its outcome; every event is told as it happens.

    Raises:
        StoreError: the store cannot be used.
    """
    folder = Path(mkdtemp(prefix="mltspec-"))
    run_ = _Run(plan, settings, checks, kinds, tell, folder)
    try:
        return run_.go()
    finally:
        run_.close()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class _Tally:
    gathered: int = 0
    cached: int = 0
    failures: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    untracked: set[str] = field(default_factory=set)


class _Run:
    """The state of one run."""

    def __init__(
        self,
        plan: Plan,
        settings: Settings,
        checks: Mapping[str, AnyCheck],
        kinds: Mapping[str, Kind],
        tell: Tell,
        folder: Path,
    ) -> None:
        self._plan = plan
        self._settings = settings
        self._tell = tell
        self._began = time.monotonic()
        self._store = Store(settings.store, settings.read_only)
        self._board = Board(plan.requests)
        self._gathering = Gathering(plan, settings, kinds, self._store, folder)
        self._folder = folder
        self._crew: Crew | None = None
        self._launcher: Launcher | None = None
        self._tally = _Tally()
        self._judgements: dict[str, Judgement] = {}
        self._cases = [Case(each, checks[each.check]) for each in plan.expectations]
        self._stale: deque[Case] = deque()
        self._waiting: dict[str, list[Case]] = {}
        for case in self._cases:
            for need in case.expectation.needs:
                self._waiting.setdefault(need, []).append(case)

    def go(self) -> Outcome:
        """Answer, gather and judge until all is judged."""
        interrupted = stopped = False
        try:
            self._start()
            while self._work():
                self._settle()
            self._give_up()
        except KeyboardInterrupt:
            interrupted = True
        except _Stop:
            stopped = True
        self.close()
        self._store.remember({id: str(each.verdict) for id, each in self._judgements.items()})
        outcome = Outcome(
            judgements=self._judgements,
            seconds=time.monotonic() - self._began,
            gathered=self._tally.gathered,
            cached=self._tally.cached,
            interrupted=interrupted,
            stopped=stopped,
            untracked=tuple(sorted(self._tally.untracked)),
            evidence=self._board.evidence,
        )
        self._tell(
            RunEnded(
                seconds=outcome.seconds,
                interrupted=interrupted or stopped,
                gathered=outcome.gathered,
                cached=outcome.cached,
                untracked=outcome.untracked,
            )
        )
        return outcome

    def close(self) -> None:
        """End every child; harmless when there is none."""
        if self._launcher is not None:
            self._launcher.close()
            self._launcher = None

    def _start(self) -> None:
        """Answer what the store can, and tell of it only after the run's start."""
        early: list[Event] = []
        tell, self._tell = self._tell, early.append
        try:
            self._stale.extend(self._cases)
            self._settle()
        finally:
            self._tell = tell
            tell(
                RunStarted(
                    expectations=len(self._plan.expectations),
                    requests=len(self._plan.requests),
                    cached=self._tally.cached,
                    workers=self._settings.workers,
                    profile=self._plan.profile,
                )
            )
            for event in early:
                tell(event)

    def _settle(self) -> None:
        """Look up and judge until nothing more can be done without a child."""
        while self._stale or self._board.runnable:
            while self._stale:
                self._consider(self._stale.popleft())
            if self._board.runnable:
                self._look_up(self._board.runnable.popleft())

    def _consider(self, case: Case) -> None:
        if case.judgement is not None:
            return
        expectation = case.expectation
        if judging.is_skipped(expectation, self._settings.today):
            case.judgement = judging.skipped(expectation)
        elif expectation.obstacle:
            case.judgement = judging.obstructed(expectation.obstacle)
        elif not case.advance(self._board):
            return
        assert case.judgement is not None
        self._judged(case, judging.marked(expectation, case.judgement, self._settings.today))

    def _give_up(self) -> None:
        """Tell of expectations that cannot be judged though nothing failed: their requests need each other."""
        for case in self._cases:
            if case.expectation.id not in self._judgements:
                self._judged(case, judging.obstructed("its evidence was never gathered: requests need each other"))

    def _judged(self, case: Case, judgement: Judgement) -> None:
        expectation = case.expectation
        self._judgements[expectation.id] = judgement
        spent = self._tally.seconds
        seconds = sum(spent.get(id, 0.0) for id in self._board.closure(expectation.needs))
        reproduce = self._settings.reproduce(expectation)
        self._tell(
            Judged(
                expectation=expectation,
                judgement=judgement,
                seconds=seconds,
                reproduce=reproduce,
                pictures=case.pictures(),
            )
        )
        if judgement.verdict in judging.FAILING and expectation.marks.severity == "error":
            self._tally.failures += 1
        if self._settings.maxfail is not None and self._tally.failures >= self._settings.maxfail > 0:
            raise _Stop

    def _look_up(self, id: str) -> None:
        if self._board.is_settled(id) or not self._board.is_wanted(id):
            return
        found = self._gathering.look_up(self._board.requests[id], self._board.evidence)
        if found is None:
            self._board.make_ready(id, self._gathering.is_apart([self._board.requests[id]]))
            return
        evidence, entry = found
        self._tally.cached += 1
        self._tally.untracked.update(entry.trace.untracked)
        self._answered(id, evidence, entry.seconds, cached=True)

    def _work(self) -> bool:
        """Start children while there is room, wait a moment, take in what they found."""
        while self._crew is None or self._crew.has_room:
            ids = self._board.take()
            if not ids:
                break
            self._start_child(ids)
        if self._crew is None or self._crew.is_idle:
            return False
        for event in self._crew.turn():
            if isinstance(event, Report):
                self._take_in(event)
            else:
                self._tell(event)
        for task in self._crew.tasks():
            if not any(map(self._board.is_wanted, task.requests)):
                self._crew.drop(task)
        return True

    def _start_child(self, ids: list[str]) -> None:
        if self._crew is None:
            self._store.save_ledger()  # children need not read again what is known
            preload = self._gathering.preload()
            self._launcher = Launcher(self._folder, self._settings.isolation, preload)
            self._crew = Crew(self._launcher, self._folder, max(1, self._settings.workers))
        requests = [self._board.requests[id] for id in ids]
        job = self._gathering.job(requests, self._board.evidence, self._crew.next_folder())
        label = requests[0].label if len(ids) == 1 else f"{requests[0].label} and {len(ids) - 1} more"
        limit_s = max(request.limit_s for request in requests)
        self._crew.start(job, ids, label, limit_s, fresh=self._gathering.is_apart(requests))

    def _take_in(self, report: Report) -> None:
        """Keep the evidence of a child, or settle its requests as failed."""
        ids, seconds = report.task.requests, report.seconds / len(report.task.requests)
        if report.task.dropped:
            for id in ids:
                self._board.put_back(id)
            return
        requests = [self._board.requests[id] for id in ids]
        found = self._gathering.keep(requests, report.answer, seconds)
        if isinstance(found, Failure) and len(ids) > 1 and found.kind in PARTING:
            self._board.part(ids)
            return
        if isinstance(found, Failure):
            for id in ids:
                self._failed(id, found, seconds)
            return
        self._tally.untracked.update(report.answer.trace.untracked)
        for id, evidence in zip(ids, found, strict=True):
            self._tally.gathered += 1
            self._tally.seconds[id] = seconds
            self._answered(id, evidence, seconds, cached=False)

    def _answered(self, id: str, evidence: Evidence, seconds: float, cached: bool) -> None:
        self._ended(id, seconds, cached, None)
        self._board.answer(id, evidence)
        self._stale.extend(self._waiting.get(id, ()))

    def _failed(self, id: str, failure: Failure, seconds: float) -> None:
        self._ended(id, seconds, False, failure)
        others = list(self._board.fail(id, failure))
        for other in others:
            self._ended(other, 0.0, False, self._board.failures[other])
        for each in (id, *others):
            self._stale.extend(self._waiting.get(each, ()))

    def _ended(self, id: str, seconds: float, cached: bool, failure: Failure | None) -> None:
        request = self._board.requests[id]
        self._tell(
            GatheringEnded(
                id=id,
                kind=request.kind,
                label=request.label,
                key=self._gathering.keys.get(id, ""),
                seconds=seconds,
                cached=cached,
                failure=failure,
            )
        )
