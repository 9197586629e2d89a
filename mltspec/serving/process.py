"""A server that is started here: a process group of its own, its log in a file, ended with whoever started it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_STOP_S = 5.0
_LOG_LINES = 20
_OF_OURS = re.compile(r"\b(?:GET|POST) /v[12]\S*/(?:live|ready|index)\b")
"""A server that never becomes ready is asked often, and many log each time."""


class Process:
    """One server process; it may be started again after it was killed.

    Args:
        command: the program and its arguments.
        log: where it writes.
        environment: its environment, whole.
        guarded: it does not end by itself when its standard input does, so something must see to that.
    """

    def __init__(
        self, command: Sequence[str], log: Path, environment: Mapping[str, str], guarded: bool = False
    ) -> None:
        guard = [sys.executable, "-S", "-E", str(Path(__file__).with_name("guarded.py"))] if guarded else []
        self._command = [*guard, *command]
        self._log = log
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, says: bool = False) -> bytes:
        """Start it; with ``says``, wait for the first line that it prints and return that."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if says else log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )
        return self._process.stdout.readline().strip() if self._process.stdout is not None else b""

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def memory_bytes(self) -> int | None:
        """Return the resident memory of the process and of all that it started; None when it is gone."""
        import psutil  # only where memory is watched

        try:
            top = psutil.Process(self.pid)
            return sum(int(each.memory_info().rss) for each in (top, *top.children(recursive=True)))
        except (psutil.Error, AssertionError):
            return None

    def kill(self) -> None:
        """Kill it as a failing machine would: at once, with all that it started."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """End it; harmless when it has ended."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._end(signal.SIGTERM)

    def log(self) -> str:
        """Return the last lines that it wrote, but for those about our own looking."""
        try:
            lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join([line for line in lines if not _OF_OURS.search(line)][-_LOG_LINES:])

    def _end(self, first: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for each in (first, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, each)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_S)
                break
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what it started and did not end itself
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
