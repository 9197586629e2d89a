"""Load on a server, seen from who asks for it: start, look, stop."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from mltspec.serving.load.record import Shot, Tail
from mltspec.serving.load.schedule import Schedule
from mltspec.serving.system import Call, Trouble

CONNECTIONS = 64
LIMIT_S = 10.0
_LEAD_S = 1.0
"""The generator's interpreter is up by then, and the first request is sent when it is due."""
_END_S = 5.0


class Load:
    """A schedule of calls being sent by a process of its own, which ends with this one.

    Args:
        calls: what is sent; the schedule names them by number.
        schedule: which is sent when.
        work: an existing folder; this load makes one of its own in it.
        connections: at most so many at once.
        limit_s: how long an answer is waited for.
        closed: send each request when a connection is free instead of when it is due, as many tools do.
    """

    def __init__(
        self,
        calls: Sequence[Call],
        schedule: Schedule,
        work: Path,
        connections: int = CONNECTIONS,
        limit_s: float = LIMIT_S,
        closed: bool = False,
    ) -> None:
        self.schedule = schedule
        self._limit_s = limit_s
        self._folder = Path(tempfile.mkdtemp(prefix="load-", dir=work))
        self.start = time.monotonic() + _LEAD_S
        np.savez(self._folder / "schedule.npz", at_s=schedule.at_s, which=schedule.which)
        plan = {
            "start": self.start,
            "connections": connections,
            "limit_s": limit_s,
            "closed": closed,
            "calls": [
                {"host": c.host, "port": c.port, "secure": c.secure, "request": base64.b64encode(c.request).decode()}
                for c in calls
            ],
        }
        file = self._folder / "plan.json"
        file.touch(mode=0o600)  # requests carry tokens
        file.write_text(json.dumps(plan))
        (self._folder / "shots").touch()
        self._tail = Tail(self._folder / "shots")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mltspec.serving.load.generator", str(self._folder)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )

    @property
    def end(self) -> float:
        """When the last request is due, on the monotonic clock."""
        return self.start + (float(self.schedule.at_s[-1]) if len(self.schedule) else 0.0)

    def new(self) -> Iterator[Shot]:
        """Return what became of requests since the last look, in the order in which they ended."""
        return self._tail.new()

    def finish(self) -> list[Shot]:
        """Wait for all answers, and return those not yet seen.

        Raises:
            Trouble: the generator broke.
        """
        return self._ended(max(0.0, self.end - time.monotonic()) + self._limit_s + _END_S)

    def stop(self) -> list[Shot]:
        """Send nothing more, wait for what is under way, and return what was not yet seen.

        Raises:
            Trouble: the generator broke.
        """
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        return self._ended(self._limit_s + _END_S)

    def __enter__(self) -> Self:
        """Return the load, which is already on its way."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the generator at once."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdin, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._tail.close()
        for file in self._folder.iterdir():
            file.unlink()
        self._folder.rmdir()

    def _ended(self, limit_s: float) -> list[Shot]:
        try:
            code = self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise Trouble("the load generator did not come to an end") from None
        if code != 0:
            assert self._process.stderr is not None
            raise Trouble(f"the load generator broke:\n{self._process.stderr.read().decode(errors='replace')[-2000:]}")
        return list(self._tail.new())
