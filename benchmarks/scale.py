"""Much at once: planning thousands of expectations, ordering a large graph, and starting hundreds of children."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar

from benchmarks.figure import Figure
from mltspec.checks.check import Check, Params
from mltspec.engine.board import Board
from mltspec.engine.run import run
from mltspec.engine.settings import Settings
from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.plan.plan import Expectation, Marks, Place, Plan, Request
from mltspec.plan.verdict import Judgement, Verdict
from mltspec.subjects.bench import Bench

FILES, OF_EACH = 500, 20
SMALL, LARGE = 10_000, 100_000
PIECES, WORKERS = 400, 2
NAP_S = 0.05


class NapAsk(Ask):
    """Nothing but time; ``number`` tells naps apart."""

    kind: ClassVar[str] = "nap"
    number: int

    def label(self) -> str:
        """Name it."""
        return f"nap {self.number}"


class NapEvidence(Evidence):
    """That the time has passed."""


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[NapEvidence]:
    """Let time pass."""
    time.sleep(NAP_S)
    return [NapEvidence() for _ in asks]


def judge(params: Params, evidence: Sequence[NapEvidence]) -> Judgement:
    """Hold whenever there is evidence at all."""
    return Judgement(verdict=Verdict.PASSED, explanation="slept")


NAP = Kind("nap", NapAsk, NapEvidence, "benchmarks.scale:observe")
SLEEPS = Check("nap", 1, "nap", "A nap.", Params, NapEvidence, (NAP,), lambda params, scope: (), judge)


def figures() -> Iterator[Figure]:
    """Measure all four."""
    yield Figure("plan 10,000 expectations of 500 specs", _planning(), 10.0, unit="s", at_most=True)
    small, large = _ordering(SMALL), _ordering(LARGE)
    note = f"{small:.2f} s and {large:.2f} s"
    yield Figure("order 100,000 requests / order 10,000", large / small, 25.0, at_most=True, note=note)
    busy, took = _scheduling()
    ideal = PIECES * NAP_S / WORKERS
    note = (
        f"{(took - ideal) / PIECES * 1e3:.1f} ms a piece beyond the work itself, starting a process for each included"
    )
    yield Figure("scheduling, of the run's own time a piece", busy / PIECES * 1e3, 5.0, "ms", True, note)


def _planning() -> float:
    """Return the seconds from specs on the disk to a plan."""
    from benchmarks.language import HEAD
    from mltspec.compile.specs import compile_specs

    with tempfile.TemporaryDirectory() as folder:
        for number in range(FILES):
            lines = [f"  expect auc on holdout by carrier >= 0.{number:03}{i:02} id e{i}" for i in range(OF_EACH)]
            text = "\n".join([HEAD, f'suite "s{number}" for delay on history {{', *lines, "}", ""])
            Path(folder, f"spec{number}.mlt").write_text(text)
        paths = sorted(Path(folder).iterdir())
        began = time.perf_counter()
        plan = compile_specs(paths).plan
        took = time.perf_counter() - began
    assert len(plan.expectations) == FILES * OF_EACH
    return took


def _requests(count: int, root: Path) -> tuple[Request, ...]:
    """Return pieces of evidence; every tenth stands on the nine before it."""
    found: list[Request] = []
    for number in range(count):
        needs = tuple(each.id for each in found[-9:]) if number % 10 == 9 else ()
        found.append(
            Request(
                id=str(number),
                kind=NapAsk.kind,
                ask={"number": number},
                needs=needs,
                group=str(number),
                roots=(str(root),),
                label=f"nap {number}",
                limit_s=60.0,
            )
        )
    return tuple(found)


def _ordering(count: int) -> float:
    """Return the seconds to want, take and answer so many requests, by a scheduler whose children take no time."""
    requests = _requests(count, Path("/"))
    began = time.perf_counter()
    board = Board(requests)
    for request in requests:
        board.want(request.id)
    answered = 0
    while answered < count:
        while board.runnable:
            board.make_ready(board.runnable.popleft())
        for id in board.take():
            board.answer(id, NapEvidence())
            answered += 1
    return time.perf_counter() - began


def _scheduling() -> tuple[float, float]:
    """Return the processor seconds of a run of many naps, its children's left out, and the seconds on the clock."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        requests = tuple(each.model_copy(update={"needs": ()}) for each in _requests(PIECES, root))
        plan = Plan(version="1", profile="default", requests=requests, expectations=tuple(map(_expected, requests)))
        settings = Settings(
            workers=WORKERS, store=root / ".mltspec", preload=("benchmarks.scale",), today=date(2026, 1, 1)
        )
        clock, busy = time.perf_counter(), time.process_time()
        outcome = run(plan, settings, {SLEEPS.name: SLEEPS}, {NAP.name: NAP}, lambda event: None)
        spent = time.process_time() - busy, time.perf_counter() - clock
    assert all(each.verdict is Verdict.PASSED for each in outcome.judgements.values())
    assert outcome.gathered == PIECES
    return spent


def _expected(request: Request) -> Expectation:
    return Expectation(
        id=request.id,
        suite="naps",
        check=SLEEPS.name,
        test=1,
        text="nap",
        params={},
        defaults=(),
        needs=(request.id,),
        at=Place(file="naps.mlt", line=1, column=1),
        marks=Marks(),
        seed=0,
    )
