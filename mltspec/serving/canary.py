"""A stream of requests shared out by lot between a candidate, a baseline of the same size, and what is live."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mltspec.checks.canary.comparison import alarm_at
from mltspec.evidence.traffic import Arm, Claim, Look
from mltspec.serving.load.load import Load
from mltspec.serving.load.record import WORDS, Shot
from mltspec.serving.load.schedule import Schedule, arrivals
from mltspec.serving.system import Answer, Rows, System
from mltspec.statistics.arms import spent

LOOKS = 10
_LOOK_EVERY_S = 0.05
_CANARY, _BASELINE, _LIVE = range(3)


@dataclass(frozen=True)
class Stream:
    """Traffic for a canary.

    Args:
        system: with ``baseline`` live and ``canary`` loaded.
        rows: what is asked, one row each; or whole requests, as they were recorded.
        labels: what a right answer is, by row; None where it is not known.
        shares: the candidate's share of the traffic, one a step.
        seconds: how long all steps take together.
        rate: requests a second, of all arms.
        seed: of arrivals, lots and rows.
        work: scratch.
        in_order: ask in the order of ``rows``, over and over, instead of drawing them.
        shadow: send the candidate copies of what the baseline is asked, instead of requests of its own.
        progress: told after each look.
    """

    system: System
    baseline: str
    canary: str
    rows: Sequence[Rows]
    labels: Sequence[float | None]
    shares: Sequence[float]
    seconds: float
    rate: float
    seed: int
    work: Path
    in_order: bool = False
    shadow: bool = False
    progress: Callable[[int, int], None] = lambda done, total: None

    @property
    def looks(self) -> int:
        """How many looks there are at the most, spread evenly over the steps."""
        return max(1, LOOKS // len(self.shares)) * len(self.shares)

    def run(self, claims: Sequence[Claim], alpha: float) -> list[Look]:
        """Send the stream, and return what was met between looks; it ends early at the first alarm.

        Raises:
            Trouble: the load generator broke.
        """
        schedule = self._schedule()
        rest = None if self.system.loads_aside else self.baseline
        row_calls = [
            self.system.call(row, version) for version in (self.canary, self.baseline, rest) for row in self.rows
        ]
        found: list[Look] = []
        with Load(row_calls, schedule, self.work) as load:
            pending: list[Shot] = []
            for number in range(1, self.looks + 1):
                until = load.start + self.seconds * number / self.looks
                while time.monotonic() < until:
                    pending += load.new()
                    time.sleep(_LOOK_EVERY_S)
                pending += load.finish() if number == self.looks else load.new()
                found.append(self._look(number, pending))
                pending = []
                self.progress(number, self.looks)
                if alarm_at(claims, found, number, spent(alpha, number, self.looks)) is not None:
                    load.stop()
                    break
        return found

    def _schedule(self) -> Schedule:
        at = arrivals(self.rate, self.seconds, self.seed)
        generator = np.random.default_rng(self.seed + 1)
        step = np.minimum((at / self.seconds * len(self.shares)).astype(int), len(self.shares) - 1)
        share = np.minimum(np.asarray(self.shares)[step], 0.5)
        lot = generator.random(len(at))
        arm = np.where(lot < share, _CANARY, np.where(lot < 2 * share, _BASELINE, _LIVE))
        row = np.arange(len(at)) % len(self.rows) if self.in_order else generator.integers(len(self.rows), size=len(at))
        if self.shadow:
            # Each request of the candidate's and of the baseline's goes to both, in an order drawn by lot.
            copied = arm != _LIVE
            twice = np.repeat(np.arange(len(at)), 1 + copied)
            first = np.r_[True, twice[1:] != twice[:-1]]
            at, row, copied, arm = at[twice], row[twice], copied[twice], arm[twice]
            arm = np.where(copied & ~first, 1 - arm, arm)
        return Schedule(at, (arm * len(self.rows) + row).astype(np.uint32))

    def _look(self, number: int, shots: Sequence[Shot]) -> Look:
        step = (number - 1) * len(self.shares) // self.looks
        canary, baseline = (self._arm(shots, arm) for arm in (_CANARY, _BASELINE))
        return Look(share=self.shares[step], canary=canary, baseline=baseline, memory_bytes=self.system.memory_bytes())

    def _arm(self, shots: Sequence[Shot], arm: int) -> Arm:
        first = arm * len(self.rows)
        ours = sorted((s for s in shots if first <= s.which < first + len(self.rows)), key=lambda shot: shot.due)
        answers = [(shot, self._answer(shot)) for shot in ours]
        errors = [answer.error for _, answer in answers if answer.error]
        good = [(shot, answer) for shot, answer in answers if not answer.error]
        missed = list(self._missed(good, first))
        return Arm(
            requests=len(ours),
            failed=len(errors),
            latencies_s=tuple(round(shot.latency_s, 6) for shot, _ in good),
            answers=tuple(_first_number(answer) for _, answer in good),
            mistakes=sum(missed),
            labelled=len(missed),
            first_error=errors[0] if errors else "",
        )

    def _answer(self, shot: Shot) -> Answer:
        error = WORDS.get(shot.trouble, "")
        return Answer(error=error) if error else self.system.read(shot.status, shot.body)

    def _missed(self, good: Sequence[tuple[Shot, Answer]], first: int) -> Iterator[bool]:
        """Tell, for each labelled answer, whether it misses its label."""
        for shot, answer in good:
            label = self.labels[shot.which - first]
            if label is not None and len(answer.outputs) == 1:
                scores = np.asarray(next(iter(answer.outputs.values()))).reshape(-1)
                yield (float(scores[0] > 0.5) if len(scores) == 1 else float(scores.argmax())) != label


def _first_number(answer: Answer) -> float:
    array = np.asarray(next(iter(answer.outputs.values()))).reshape(-1)
    return round(float(array[0]), 6) if array.size and array.dtype.kind in "biuf" else float("nan")
