"""A kind, an observer and a check that need no framework."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar

from mltspec.checks.check import Check, Params
from mltspec.evidence.kind import Ask, Blob, Evidence, Kind
from mltspec.plan.plan import Expectation, Marks, Place, Plan, Request
from mltspec.plan.subject import Data, Model, Origin
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.subjects.bench import Unfit

HERE = str(Path(__file__).parent)


class FakeAsk(Ask):
    """Something for the observer to do."""

    kind: ClassVar[str] = "fake"
    does: str = "count"
    seed: int = 0
    of: tuple["FakeAsk", ...] = ()
    model: Model | None = None
    data: Data | None = None
    together: str = ""

    def needs(self):
        return self.of

    def group(self):
        return self.together or self.identity()

    def label(self):
        return f"{self.does} {self.seed}"


class FakeEvidence(Evidence):
    """What it came to."""

    value: float
    text: str = ""
    file: Blob | None = None


def model(target: str = "user:build") -> Model:
    return Model(name="net", build=Origin(kind="python", target=target))


def count_calls(bench, text="x") -> None:
    """Leave a line in a file outside the roots, as the tests' witness."""
    with (bench.roots[0].parent / "calls").open("a") as stream:
        stream.write(text + "\n")


def observe(asks, found, bench):
    count_calls(bench, " ".join(f"{ask.does}:{ask.seed}" for ask in asks))
    return [_act(ask, found, bench) for ask in asks]


def _act(ask, found, bench):
    total = ask.seed + sum(record.value for record in found)
    text = ""
    file = None
    match ask.does:
        case "raise":
            raise ValueError("no such column: age")
        case "unfit":
            raise Unfit("`net` is not compiled; call compile() in build")
        case "exit":
            sys.exit(3)
        case "vanish":
            os._exit(0)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "segv":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hang":
            time.sleep(60)
        case "memory":
            raise MemoryError
        case "print":
            print("noise\n" * 300_000, "last words")
            raise ValueError("after much noise")
        case "garbage":
            return "nonsense"
        case "orphan":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
            (bench.roots[0].parent / "orphan").write_text(str(child.pid))
        case "chdir":
            os.chdir("/")
        case "user":
            import importlib

            module, _, name = ask.model.build.target.partition(":")
            text = str(getattr(importlib.import_module(module), name)())
        case "blob":
            (bench.folder / "b").write_bytes(b"weights" * 100)
            file = bench.keep(bench.folder / "b")
        case "progress":
            for step in range(6):
                bench.progress(step, 6, "steps")
                time.sleep(0.12)
        case "nap":
            time.sleep(0.4)
        case "thread":
            threading.Thread(target=time.sleep, args=(60,)).start()
        case "isolate":
            endings = [bench.isolate(f"engine_fakes:{name}", {"n": 7}, 1.0) for name in ("drill", "dies", "hangs")]
            text = repr([(e.status, e.output.strip()[-40:], e.timed_out) for e in endings])
    return FakeEvidence(value=float(total), text=text, file=file)


def drill(payload, bench):
    print("payload", payload["n"], bench.folder.is_dir())


def dies(payload, bench):
    print("about to die", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def hangs(payload, bench):
    time.sleep(60)


FAKE = Kind("fake", FakeAsk, FakeEvidence, "engine_fakes:observe", limit_s=20.0)


class FakeParams(Params):
    """A bound, and for claims of the form k of n the k."""

    at_most: float = 100.0
    of: int | None = None


def judge(params: FakeParams, evidence: Sequence[FakeEvidence]) -> Judgement:
    if params.at_most == -1:
        raise RuntimeError("the check is broken")
    good = [record.value <= params.at_most for record in evidence]
    passed = all(good) if params.of is None else sum(good) >= params.of
    return Judgement(
        verdict=Verdict.PASSED if passed else Verdict.FAILED,
        explanation=f"values {[record.value for record in evidence]}",
        measured=Figure(text=str(len(evidence))),
    )


def missing(params: FakeParams, evidence: Sequence[FakeEvidence]) -> int:
    if params.of is None:
        return 1
    return max(0, params.of - sum(record.value <= params.at_most for record in evidence))


FAKE_CHECK = Check("fake", 1, "fake", "A fake.", FakeParams, FakeEvidence, (FAKE,), lambda p, s: (), judge)
COUNTING = Check(
    "counting", 1, "counting", "K of n.", FakeParams, FakeEvidence, (FAKE,), lambda p, s: (), judge, missing=missing
)
CHECKS = {"fake": FAKE_CHECK, "counting": COUNTING}
KINDS = {"fake": FAKE}
TODAY = date(2026, 7, 1)


def claim(*asks, check="fake", marks=None, obstacle="", **params):
    """Return a claim about asks, for ``plan_of``."""
    return asks, check, marks or Marks(), obstacle, params


def plan_of(*claims, root: Path, limit_s: float = 20.0) -> Plan:
    requests: dict[str, Request] = {}

    def request(ask):
        id = ask.identity()
        if id not in requests:
            needs = tuple(request(need) for need in ask.needs())
            requests[id] = Request(
                id=id,
                kind=ask.kind,
                ask=ask.model_dump(mode="json"),
                needs=needs,
                group=ask.group(),
                roots=(str(root),),
                label=ask.label(),
                limit_s=limit_s,
            )
        return id

    expectations = tuple(
        Expectation(
            id=f"e{index}",
            suite="s",
            check=check,
            test=1,
            text="fake",
            params=params,
            defaults=(),
            needs=tuple(request(ask) for ask in asks),
            at=Place(file="a.mlt", line=index + 1, column=1),
            marks=marks,
            seed=0,
            obstacle=obstacle,
        )
        for index, (asks, check, marks, obstacle, params) in enumerate(claims)
    )
    return Plan(version="1", profile="default", requests=tuple(requests.values()), expectations=expectations)


class ApartAsk(FakeAsk):
    """An ask that wants an interpreter of its own."""

    kind: ClassVar[str] = "apart"

    def own_interpreter(self):
        return True


APART = Kind("apart", ApartAsk, FakeEvidence, "engine_fakes:observe", limit_s=20.0)
KINDS["apart"] = APART
