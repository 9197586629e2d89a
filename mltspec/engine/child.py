"""One job, inside its own process: the same for a forked child and for a fresh interpreter."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from mltspec.engine import job as wire
from mltspec.engine.blame import Garbage, of_exception
from mltspec.engine.isolate import Isolator
from mltspec.engine.job import Answer, Job, Typed, load
from mltspec.engine.ledger import FileDigests, Ledger
from mltspec.engine.touched import Trace
from mltspec.engine.trace import Recorder, read_log
from mltspec.evidence.kind import Evidence
from mltspec.subjects.bench import Bench, Progress

_TELL_EVERY_S = 0.1


def work(folder: Path) -> None:
    """Do the job that lies in a folder, and leave the answer there. Never raises."""
    job = Job.from_json((folder / wire.JOB).read_bytes())
    with (folder / wire.STACK).open("w") as stack:
        _dump_stacks_to(stack)
        try:
            answer = Answer(evidence=_observe(job), trace=_trace(job))
        except BaseException as error:
            answer = Answer(failure=of_exception(error, job.roots), trace=_trace(job))
        wire.write(folder / wire.ANSWER, answer.to_json())


def settle_in(job: Job) -> None:
    """Give the process the paths that the user's code expects, and randomness of its own."""
    sys.path[:] = [*job.roots, *(entry for entry in job.path if entry not in job.roots)]
    if job.roots:
        os.chdir(job.roots[0])
    for name in job.shadowed:
        _unload(name, job.roots)
    if "numpy" in sys.modules:  # a forked generator would repeat that of its siblings
        sys.modules["numpy"].random.seed()


def bench_of(job: Job, scratch: Path, isolated: bool = False) -> Bench:
    """Return the bench for a job; an isolated process tells no progress."""
    folder = Path(job.folder)
    scratch.mkdir(parents=True, exist_ok=True)
    return Bench(
        roots=tuple(map(Path, job.roots)),
        folder=scratch,
        objects=Path(job.objects),
        progress=_silent if isolated else _progress(folder / wire.PROGRESS),
        isolate=Isolator(job, run_isolated),
        threads=job.threads,
    )


def run_isolated(job: Job, errand: wire.Errand, scratch: Path) -> None:
    """Call a function in this process, which was made for it, with its payload and a bench."""
    bench = bench_of(job, scratch, isolated=True)
    with _faulty(job, bench, must_reach=False):
        load(errand.target)(errand.payload, bench)


def watch(job: Job) -> None:
    """Record what the process reads from now on."""
    Recorder(Path(job.folder) / wire.READS, job.roots, job.hidden).install()


def _observe(job: Job) -> tuple[str, ...]:
    settle_in(job)
    observe = load(job.observer)
    asks = [_read(ask) for ask in job.asks]
    found = [_read(record) for record in job.found]
    watch(job)
    bench = bench_of(job, Path(job.folder) / wire.SCRATCH)
    with _faulty(job, bench, job.must_reach):
        answers = observe(asks, found, bench)
    return tuple(_checked(answers, len(asks), job.observer))


def _faulty(job: Job, bench: Bench, must_reach: bool) -> AbstractContextManager[None]:
    """Return what puts the job's fault into the subject; nothing where there is none."""
    if job.injection is None:
        return nullcontext()
    from mltspec.subjects.mutants.injecting import injected

    return injected(job.injection, bench, Path(job.folder) / wire.REACHED, must_reach)


def _checked(answers: Sequence[Evidence], count: int, observer: str) -> Sequence[str]:
    try:
        texts = [answer.to_json() for answer in answers if isinstance(answer, Evidence)]
    except TypeError:
        texts = []
    if len(texts) != count:
        raise Garbage(f"{observer} answered {answers!r:.200}, not {count} pieces of evidence")
    return texts


def _trace(job: Job) -> Trace:
    log = Path(job.folder) / wire.READS
    hidden = frozenset(Path(folder).name for folder in job.hidden)
    return read_log(log, job.roots, FileDigests(Ledger(Path(job.ledger))), hidden) if log.exists() else Trace()


def _read(record: Typed) -> object:
    return load(record.type).from_json(record.json_text)


def _dump_stacks_to(stack: IO[str]) -> None:
    faulthandler.enable(file=stack)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, file=stack, all_threads=True)


def _unload(name: str, roots: Sequence[str]) -> None:
    """Forget a loaded module that the user's own module of that name hides."""
    file = getattr(sys.modules.get(name), "__file__", None)
    if file is None or file.startswith(tuple(roots)):
        return
    for loaded in [other for other in sys.modules if other == name or other.startswith(name + ".")]:
        del sys.modules[loaded]


def _silent(done: int, total: int, unit: str) -> None:
    pass


def _progress(file: Path) -> Progress:
    """Return a teller that writes one short line, at most ten times a second."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    told = 0.0

    def tell(done: int, total: int, unit: str) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _TELL_EVERY_S or done == total:
            told = now
            os.pwrite(handle, f"{done} {total} {unit}".ljust(80).encode()[:80], 0)

    return tell
