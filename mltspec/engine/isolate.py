"""Runs a function in a process that shares nothing with this one, so that it can be killed for real."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from mltspec.engine import job as wire
from mltspec.engine.forking import die_with_parent, interpreter, may_fork
from mltspec.engine.job import Errand, Job
from mltspec.subjects.bench import Ending

_KEPT_BYTES = 4096

Run = Callable[[Job, Errand, Path], None]


class Isolator:
    """The ``isolate`` of a bench: forks where the framework has not started yet, else starts afresh."""

    def __init__(self, job: Job, run: Run) -> None:
        self._job = job
        self._run = run

    def __call__(self, target: str, payload: dict[str, object], limit_s: float) -> Ending:
        """Call ``target(payload, bench)`` in a process of its own and return how that ended."""
        folder = Path(mkdtemp(prefix="isolated-", dir=self._job.folder))
        errand = Errand(target=target, payload=payload)
        read, write = os.pipe()
        pid = self._fork(errand, folder, write) if self._job.fork and may_fork() else self._spawn(errand, folder, write)
        os.close(write)
        try:
            return _await(pid, read, limit_s)
        finally:
            _kill(pid)
            os.close(read)

    def _fork(self, errand: Errand, folder: Path, output: int) -> int:
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            os.setpgid(0, 0)
            die_with_parent()
            os.dup2(output, 1)
            os.dup2(output, 2)
            self._run(self._job, errand, folder)
            status = 0
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else int(error.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _spawn(self, errand: Errand, folder: Path, output: int) -> int:
        wire.write(folder / "errand.json", errand.to_json())
        command = interpreter("mltspec.engine.worker", self._job.folder, str(folder))
        actions = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
        return os.posix_spawn(sys.executable, command, os.environ, file_actions=actions, setpgroup=0)


def _await(pid: int, output: int, limit_s: float) -> Ending:
    until = time.monotonic() + limit_s
    tail = bytearray()
    listening = [output]
    while True:
        ready, _, _ = select.select(listening, [], [], 0.01)
        if ready:
            said = os.read(output, 65536)
            tail += said
            del tail[:-_KEPT_BYTES]
            listening = listening if said else []
        ended, code = os.waitpid(pid, os.WNOHANG)
        if ended:
            return Ending(os.waitstatus_to_exitcode(code), (tail + _rest(output)).decode(errors="replace"))
        if time.monotonic() > until:
            _kill(pid)
            os.waitpid(pid, 0)
            return Ending(-signal.SIGKILL, tail.decode(errors="replace"), timed_out=True)


def _rest(output: int) -> bytes:
    os.set_blocking(output, False)
    try:
        return os.read(output, 65536)[-_KEPT_BYTES:]
    except BlockingIOError:
        return b""


def _kill(pid: int) -> None:
    """Kill what is left of the process group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
