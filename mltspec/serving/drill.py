"""A rollback drill on any system: promote, roll back, and watch every answer meanwhile."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from mltspec.evidence.drill import MOST_POINTS, Drill, Point
from mltspec.serving.asking import predict
from mltspec.serving.load.load import Load
from mltspec.serving.load.record import WORDS, Shot
from mltspec.serving.load.schedule import MOST_REQUESTS, Schedule, steady
from mltspec.serving.system import Answer, Rows, System, Trouble

QUIET_S = 1.0
"""So long nothing but old answers must come before a rollback counts as over."""
SETTLE_S = 0.4
GIVE_UP_S = 60.0
PATIENCE_S = 30.0
"""How long a caller waits for an answer: longer than any load that has been seen to stall one."""
TOLERANCE = 1e-4
_LOOK_EVERY_S = 0.01

Met = Literal["old", "new", "failed", "wrong"]


@dataclass(frozen=True)
class Expected:
    """What both versions answer to each row, and how answers are told apart.

    A candidate that fails by itself is known by its failures: rolling it back is what rollbacks are for.

    ``rows`` are those that load is made of: all where the protocol tells the versions apart, else those whose answers
    differ. What the protocol calls a version need not be its number: some servers keep one name for all.
    """

    old: Sequence[Answer]
    new: Sequence[Answer]

    @property
    def told_apart(self) -> Literal["protocol", "answers", "not"]:
        """How it is known which version answered."""
        if self._named:
            return "protocol"
        return "answers" if self.rows else "not"

    @property
    def rows(self) -> list[int]:
        """The numbers of the rows to ask about."""
        if self._named:
            return list(range(len(self.old)))
        return [at for at, (old, new) in enumerate(zip(self.old, self.new, strict=True)) if not alike(old, new)]

    @property
    def _named(self) -> bool:
        """Whether every answer carries its version's name, and no name stands for both."""
        old, new = ({answer.version for answer in answers} for answers in (self.old, self.new))
        return None not in old | new and not old & new

    def met(self, row: int, answer: Answer) -> Met:
        """Tell which version an answer is from: by its name where it carries one, and always by its values."""
        if answer.error:
            return "new" if self.new[row].error else "failed"
        if alike(answer, self.old[row]) and answer.version in (None, self.old[row].version):
            return "old"
        if alike(answer, self.new[row]) and answer.version in (None, self.new[row].version):
            return "new"
        return "wrong"


def alike(one: Answer, other: Answer) -> bool:
    """Tell whether two answers say the same, up to rounding."""
    if one.error or other.error or one.outputs.keys() != other.outputs.keys():
        return False
    return all(_near(one.outputs[name], other.outputs[name]) for name in one.outputs)


def _near(a: np.ndarray, b: np.ndarray) -> bool:
    if a.shape != b.shape:
        return False
    if a.dtype.kind not in "biuf":
        return bool(np.array_equal(a, b))
    return bool(np.allclose(a.astype(np.float64), b.astype(np.float64), TOLERANCE, TOLERANCE, equal_nan=True))


@dataclass
class Course:
    """A series of drills on one system.

    Args:
        system: with ``old`` live and ``new`` loaded.
        rows: one row each, as both versions take them.
        cold: unload the old version before each rollback.
        progress: told after each drill.
    """

    system: System
    old: str
    new: str
    rows: Sequence[Rows]
    rate: float
    drills: int
    cold: bool
    work: Path
    seed: int
    progress: Callable[[int], None] = lambda done: None
    give_up_s: float = GIVE_UP_S
    points: tuple[Point, ...] = ()
    _worst: float = field(default=-1.0, repr=False)

    def expected(self) -> Expected:
        """Ask both versions about every row before anything is drilled.

        Raises:
            Trouble: a version does not answer.
        """
        old = [self._told(predict(self.system, row)) for row in self.rows]
        if self.system.loads_aside:
            return Expected(old, [predict(self.system, row, self.new) for row in self.rows])
        self.system.promote(self.new)
        time.sleep(QUIET_S)
        new = [predict(self.system, row) for row in self.rows]
        self.system.rollback(self.old)
        time.sleep(QUIET_S)
        return Expected(old, new)

    def _told(self, answer: Answer) -> Answer:
        if answer.error:
            raise Trouble(f"version {self.old} does not answer before the drill: {answer.error}")
        if self.system.addresses_versions and answer.version not in (None, self.old):
            raise Trouble(f"version {self.old} is said to be live, but version {answer.version} answers")
        return answer

    def hold(self, expected: Expected) -> list[Drill]:
        """Hold the drills, and keep the picture of the worst one.

        Raises:
            Trouble: the server refuses to promote, or the load generator breaks.
        """
        asked = expected.rows
        calls = [self.system.call(self.rows[row]) for row in asked]
        at = steady(self.rate, min(self._longest_s, MOST_REQUESTS / self.rate), self.seed)
        which = np.random.default_rng(self.seed).integers(len(calls), size=len(at)).astype(np.uint32)
        found: list[Drill] = []
        with Load(calls, Schedule(at, which), self.work, limit_s=PATIENCE_S) as load:
            watch = Watch(load, self.system, expected, asked)
            watch.until(lambda: bool(watch.seen), load.start + SETTLE_S, self.give_up_s)
            for _ in range(self.drills):
                found.append(self._one(watch))
                self.progress(len(found))
            load.stop()
        return found

    @property
    def _longest_s(self) -> float:
        """How long there is load at the most: also for a drill that is given up, promoted and rolled back slowly."""
        return (self.drills + 2) * self.give_up_s

    def _one(self, watch: Watch) -> Drill:
        began = time.monotonic()
        self.system.promote(self.new)
        watch.until(lambda: "new" in watch.met_since(began), time.monotonic() + SETTLE_S, self.give_up_s)
        if self.cold:
            self.system.unload(self.old)
        ordered, error = time.monotonic(), ""
        try:
            self.system.rollback(self.old)
        except Trouble as trouble:
            error = str(trouble)
        done = time.monotonic()
        watch.until(lambda: watch.quiet_since(ordered), done + QUIET_S, 0.0 if error else self.give_up_s)
        drill = _measured(watch.during(began), ordered, done, error, watch.quiet_since(ordered))
        if drill.last_other > self._worst:
            self._worst = drill.last_other
            self.points = _picture(watch.during(began), ordered)
        watch.forget()
        return drill


@dataclass(frozen=True)
class Seen:
    """A request and which version it met; ``error`` is why it failed."""

    shot: Shot
    met: Met
    error: str


class Watch:
    """What the load has met so far, and which requests are still under way."""

    def __init__(self, load: Load, system: System, expected: Expected, asked: Sequence[int]) -> None:
        self._load = load
        self._system = system
        self._expected = expected
        self._asked = asked
        self.seen: list[Seen] = []
        self._ended: set[int] = set()
        self._all_ended_below = 0

    def until(self, done: Callable[[], bool], earliest: float, give_up_s: float) -> None:
        """Look on until something is so, but not before ``earliest``, and no longer than ``give_up_s`` after it."""
        while True:
            self._look()
            now = time.monotonic()
            if (now >= earliest and done()) or now >= earliest + give_up_s:
                return
            time.sleep(_LOOK_EVERY_S)

    def during(self, began: float) -> list[Seen]:
        """Return the requests that were due since then."""
        return [each for each in self.seen if each.shot.due >= began]

    def met_since(self, began: float) -> set[Met]:
        """Return what requests that were due since then have met."""
        return {each.met for each in self.during(began)}

    def quiet_since(self, ordered: float) -> bool:
        """Tell whether the old version alone has answered for long enough, and nobody waits from before."""
        others = [each.shot.ended for each in self.seen if each.met != "old" and each.shot.ended >= ordered]
        last = max((each.shot.ended for each in self.seen), default=0.0)
        return last - max(others, default=ordered) >= QUIET_S and not self._waiting(last - QUIET_S)

    def _waiting(self, before: float) -> bool:
        """Tell whether a request that was due before then has not ended yet."""
        due = int(np.searchsorted(self._load.schedule.at_s, before - self._load.start))
        while self._all_ended_below in self._ended:
            self._ended.remove(self._all_ended_below)
            self._all_ended_below += 1
        return self._all_ended_below < due

    def forget(self) -> None:
        """Forget what is over."""
        self.seen.clear()

    def _look(self) -> None:
        for shot in self._load.new():
            self._ended.add(shot.number)
            error = WORDS.get(shot.trouble, "")
            answer = Answer(error=error) if error else self._system.read(shot.status, shot.body)
            self.seen.append(Seen(shot, self._expected.met(self._asked[shot.which], answer), answer.error))


def _measured(seen: Sequence[Seen], ordered: float, done: float, error: str, over: bool) -> Drill:
    others = [each.shot.ended for each in seen if each.met != "old" and each.shot.ended >= ordered]
    old = [each.shot.ended for each in seen if each.met == "old" and each.shot.sent >= ordered]
    waits = np.array([each.shot.latency_s for each in seen] or [math.nan])
    failures = [each.error for each in seen if each.met == "failed"]
    return Drill(
        last_other=max(others, default=ordered) - ordered if over else math.inf,
        first_old=min(old, default=math.inf) - ordered,
        acknowledged=done - ordered,
        requests=len(seen),
        after=sum(each.shot.sent >= ordered for each in seen),
        met_new=sum(each.met == "new" for each in seen),
        failed=len(failures),
        wrong=sum(each.met == "wrong" for each in seen),
        stale=sum(each.met == "new" and each.shot.sent >= done for each in seen),
        slowest=float(waits.max()),
        p99=float(np.quantile(waits, 0.99)),
        first_failure=failures[0] if failures else "",
        error=error,
    )


def _picture(seen: Sequence[Seen], ordered: float) -> tuple[Point, ...]:
    near = sorted(seen, key=lambda each: abs(each.shot.due - ordered))[:MOST_POINTS]
    return tuple(
        Point(at=round(each.shot.due - ordered, 4), ended=round(each.shot.ended - ordered, 4), version=each.met)
        for each in sorted(near, key=lambda each: each.shot.due)
    )
