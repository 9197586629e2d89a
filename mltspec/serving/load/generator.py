"""The process that sends: on one core, from a schedule, writing down what becomes of each request.

Started by ``Load``; ``main`` reads the plan in a folder, sends, and ends early when its standard input does.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import ssl
import sys
import time
from collections import deque
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from mltspec.serving.load.clock import Alarm
from mltspec.serving.load.connection import Connection
from mltspec.serving.load.record import Shot, Trouble
from mltspec.serving.system import Call

_FLUSH_EVERY_S = 0.02


class Generator:
    """Sends requests when they are due, on as many connections as it takes up to a limit.

    Args:
        calls: what is sent.
        at: (requests,), due times on the monotonic clock.
        which: (requests,), the number of each request's call.
        connections: at most so many at once; a request that finds none free waits, and its latency says so.
        limit_s: how long an answer is waited for.
        closed: instead of at its time, each request is sent when a connection is free.
        out: where records go.
    """

    def __init__(
        self,
        calls: Sequence[Call],
        at: Any,
        which: Any,
        connections: int,
        limit_s: float,
        closed: bool,
        out: BinaryIO,
    ) -> None:
        self._calls = calls
        self._at: list[float] = at.tolist()
        self._which: list[int] = which.tolist()
        self._limit_s = limit_s
        self._closed = closed
        self._out = out
        self._next = 0
        self._left = len(self._at)
        self._waiting: deque[int] = deque()
        self._idle: dict[tuple[str, int, bool], list[Connection]] = {}
        self._busy: set[Connection] = set()
        self._opening = 0
        self._room = connections
        self._tasks: set[asyncio.Task[None]] = set()
        self._tls = ssl.create_default_context() if any(call.secure for call in calls) else None

    async def run(self, stop: asyncio.Event) -> None:
        """Send everything, or until told to stop; what is under way then is waited for."""
        self._loop = asyncio.get_running_loop()
        alarm = self._alarm = Alarm(self._loop, self._due)
        self._due()
        try:
            while self._left and not (stop.is_set() and not self._busy and not self._opening):
                if stop.is_set():
                    self._next = len(self._at)
                    self._waiting.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait() if not stop.is_set() else asyncio.Future(), _FLUSH_EVERY_S)
                self._sweep()
                self._out.flush()
        finally:
            alarm.close()
            for connection in [*self._busy, *(c for idle in self._idle.values() for c in idle)]:
                connection.abort()

    def answered(self, connection: Connection, status: int, body: bytes) -> None:
        """Note an answer; the connection is free for the next request."""
        number = self._release(connection)
        if connection.open:
            self._idle.setdefault(self._home(number), []).append(connection)
        self._note(number, status, Trouble.NONE, connection.sent, body)
        if self._closed:
            self._due()
        self._serve_waiting()

    def lost(self, connection: Connection, trouble: Trouble) -> None:
        """Note that a request has no answer; a connection that was idle is merely forgotten."""
        if connection.number < 0:
            for idle in self._idle.values():
                if connection in idle:
                    idle.remove(connection)
                    self._room += 1
            return
        number = self._release(connection)
        self._room += 1
        self._note(number, 0, trouble, connection.sent, b"")
        self._serve_waiting()

    def _due(self) -> None:
        """Send all that is due, and set the alarm for what is next."""
        now, count = time.monotonic(), len(self._at)
        while self._next < count and (self._at[self._next] <= now or (self._closed and self._can_send())):
            if self._closed:
                self._at[self._next] = now
            number, self._next = self._next, self._next + 1
            self._send(number)
        if self._next < count and not self._closed:
            self._alarm.set(self._at[self._next])

    def _can_send(self) -> bool:
        return self._room > 0 or any(self._idle.values())

    def _send(self, number: int) -> None:
        idle = self._idle.get(self._home(number))
        while idle:
            connection = idle.pop()
            if connection.open:
                return self._start(connection, number)
            self._room += 1
        if self._room > 0:
            self._room -= 1
            self._opening += 1
            task = self._loop.create_task(self._open(number))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            self._waiting.append(number)
        return None

    async def _open(self, number: int) -> None:
        call = self._calls[self._which[number]]
        began = time.monotonic()
        try:
            opening = self._loop.create_connection(
                lambda: Connection(self), call.host, call.port, ssl=self._tls if call.secure else None
            )
            _, connection = await asyncio.wait_for(opening, self._limit_s)
        except (OSError, TimeoutError) as error:
            self._room += 1
            self._note(number, 0, Trouble.LATE if isinstance(error, TimeoutError) else Trouble.REFUSED, began, b"")
            self._serve_waiting()
        else:
            self._start(connection, number)
        finally:
            self._opening -= 1

    def _start(self, connection: Connection, number: int) -> None:
        self._busy.add(connection)
        connection.send(number, self._calls[self._which[number]].request)

    def _release(self, connection: Connection) -> int:
        number, connection.number = connection.number, -1
        self._busy.discard(connection)
        return number

    def _serve_waiting(self) -> None:
        for _ in range(len(self._waiting)):
            if not self._can_send():
                return
            self._send(self._waiting.popleft())

    def _sweep(self) -> None:
        """Give up on answers that are late."""
        too_old = time.monotonic() - self._limit_s
        for connection in [each for each in self._busy if each.sent < too_old]:
            self.lost(connection, Trouble.LATE)
            connection.abort()
        while self._waiting and self._at[self._waiting[0]] < too_old:
            number = self._waiting.popleft()
            self._note(number, 0, Trouble.LATE, time.monotonic(), b"")

    def _home(self, number: int) -> tuple[str, int, bool]:
        call = self._calls[self._which[number]]
        return call.host, call.port, call.secure

    def _note(self, number: int, status: int, trouble: Trouble, sent: float, body: bytes) -> None:
        self._left -= 1
        shot = Shot(number, self._which[number], status, trouble, self._at[number], sent, time.monotonic(), body)
        self._out.write(shot.packed())


def main(arguments: Sequence[str]) -> None:
    """Send what the plan in a folder says, into the file beside it."""
    folder = Path(arguments[0])
    plan = json.loads((folder / "plan.json").read_text())
    arrays = np.load(folder / "schedule.npz")
    calls = [Call(c["host"], c["port"], base64.b64decode(c["request"]), c["secure"]) for c in plan["calls"]]
    with (folder / "shots").open("wb", buffering=1 << 16) as out:
        generator = Generator(
            calls,
            arrays["at_s"] + plan["start"],
            arrays["which"],
            plan["connections"],
            plan["limit_s"],
            plan["closed"],
            out,
        )
        _run(generator)


def _run(generator: Generator) -> None:
    async def go() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop.set)
        await generator.run(stop)

    run = import_module("uvloop" if find_spec("uvloop") else "asyncio").run
    run(go())


if __name__ == "__main__":
    main(sys.argv[1:])
