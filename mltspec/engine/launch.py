"""The parent's end of the nursery: starts it, sends jobs, hears how they end."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mltspec.engine.forking import interpreter
from mltspec.engine.settings import Isolation

_IMPORT_LIMIT_S = 180.0


@dataclass(frozen=True)
class Started:
    """A child began on a job."""

    id: int
    pid: int


@dataclass(frozen=True)
class Ended:
    """A child ended; a negative status is the signal."""

    id: int
    status: int
    output: str


class NurseryDied(Exception):  # noqa: N818 - an event of the run, not an error of the program
    """The nursery ended unasked; ``output`` is the end of what it printed, ``unborn``: it had not begun to fork."""

    def __init__(self, output: str, unborn: bool) -> None:
        super().__init__(output)
        self.output = output
        self.unborn = unborn


class Launcher:
    """Starts jobs in children. The nursery itself is started with the first of them."""

    def __init__(self, folder: Path, isolation: Isolation, preload: Sequence[str]) -> None:
        self._folder = folder
        self._orders = {"folder": str(folder), "isolation": isolation, "preload": list(preload)}
        self._process: subprocess.Popen[bytes] | None = None
        self._pending = b""
        self._unborn = True
        self._importing_since: float | None = None

    def start(self, id: int, folder: Path, fresh: bool = False) -> None:
        """Start the job in a folder; ``fresh`` asks for an interpreter of its own."""
        self._send(start=id, folder=str(folder), fresh=fresh)

    def signal(self, id: int, number: int) -> None:
        """Send a signal to the child of a job, SIGKILL to all of its group."""
        self._send(signal=id, number=int(number))

    def hear(self, timeout_s: float) -> list[Started | Ended]:
        """Return what happened, waiting at most so long for something.

        Raises:
            NurseryDied: it is gone, and with it all running jobs.
        """
        process = self._process
        if process is None or process.stdout is None:
            return []
        ready, _, _ = select.select([process.stdout], [], [], timeout_s)
        if not ready:
            since = self._importing_since
            if since is not None and time.monotonic() - since > _IMPORT_LIMIT_S:
                process.kill()
            return []
        heard = os.read(process.stdout.fileno(), 1 << 16)
        if not heard:
            self.close()
            raise NurseryDied(self._last_words(), unborn=self._unborn)
        *lines, self._pending = (self._pending + heard).split(b"\n")
        return [event for line in lines if (event := self._understood(json.loads(line)))]

    def close(self) -> None:
        """End the nursery and everything it started."""
        process, self._process = self._process, None
        self._pending = b""
        if process is None:
            return
        if self._importing_since is not None:  # it would not hear; what it started before dies with it
            process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        try:
            process.wait(3.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _send(self, **command: object) -> None:
        if self._process is None:
            self._process = self._born()
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # its end is heard of where replies are read
            self._process.stdin.write((json.dumps(command) + "\n").encode())
            self._process.stdin.flush()

    def simplify(self) -> None:
        """From now on import nothing early: one of those modules ends or stops the process."""
        self._orders = {**self._orders, "isolation": "spawn", "preload": []}

    def _born(self) -> subprocess.Popen[bytes]:
        self._unborn, self._importing_since = True, None
        with (self._folder / "nursery.log").open("ab") as log:
            return subprocess.Popen(
                interpreter("mltspec.engine.nursery", json.dumps(self._orders)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def _understood(self, message: dict[str, object]) -> Started | Ended | None:
        if "importing" in message:
            self._unborn = bool(message["importing"])
            self._importing_since = time.monotonic() if self._unborn else None
            return None
        return _event(message)

    def _last_words(self) -> str:
        try:
            return (self._folder / "nursery.log").read_bytes()[-4096:].decode(errors="replace")
        except OSError:
            return ""


def _event(message: dict[str, object]) -> Started | Ended:
    if "started" in message:
        return Started(int(str(message["started"])), int(str(message["pid"])))
    return Ended(int(str(message["ended"])), int(str(message["status"])), str(message["output"]))
