"""The process that raises children: it imports the framework before the first fork, and forks one child for each job.

A child that needs an interpreter of its own does not wait for that import.

It reads commands as JSON lines on its standard input, ``{"start": id, "folder": ...}`` and
``{"signal": id, "number": n}``, and tells ``{"importing": bool}`` around that import, ``{"started": id, "pid": n}``
and ``{"ended": id, "status": n, "output": "..."}``. When its input ends it kills everything and goes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from mltspec.engine import child as childhood
from mltspec.engine.forking import adopt_orphans, interpreter, leave_parent, may_fork

_KEPT_BYTES = 4096


@dataclass
class Child:
    """A child, the pipe it prints to, and the end of what it printed."""

    id: int
    pid: int
    output: int
    tail: bytearray = field(default_factory=bytearray)

    def listen(self) -> bool:
        """Read what the child printed; False when there is no more to come for now."""
        try:
            said = os.read(self.output, 1 << 16)
        except BlockingIOError:
            return False
        self.tail += said
        del self.tail[:-_KEPT_BYTES]
        return bool(said)


class Nursery:
    """Starts children, listens to them, buries them."""

    def __init__(self, commands: int, replies: int, fork: bool, preload: Sequence[str] = ()) -> None:
        self._commands = commands
        self._replies = replies
        self._fork = fork
        self._preload = preload
        self._ready = False
        self._children: dict[int, Child] = {}
        self._pending = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(commands, selectors.EVENT_READ)
        self._bell, wake = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self._selector.register(self._bell, selectors.EVENT_READ)

    def serve(self) -> None:
        """Serve until the parent closes its end or dies."""
        try:
            while self._turn():
                pass
        finally:
            for child in self._children.values():
                _kill_group(child.pid)
            _kill_orphans(lambda pid, session: True)

    def _turn(self) -> bool:
        for key, _ in self._selector.select():
            if key.fd == self._commands:
                if not self._obey():
                    return False
            elif key.fd == self._bell:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._bell, 4096)
            elif not key.data.listen():
                self._selector.unregister(key.fd)
        self._bury()
        return True

    def _obey(self) -> bool:
        heard = os.read(self._commands, 1 << 16)
        *lines, self._pending = (self._pending + heard).split(b"\n")
        for line in lines:
            command = json.loads(line)
            if "start" in command:
                self._start(command["start"], Path(command["folder"]), bool(command.get("fresh")))
            else:
                self._signal(command["signal"], command["number"])
        return bool(heard)

    def _signal(self, id: int, number: int) -> None:
        for child in self._children.values():
            if child.id == id and number == signal.SIGKILL:
                _kill_group(child.pid)
            elif child.id == id:
                os.kill(child.pid, number)

    def _start(self, id: int, folder: Path, fresh: bool) -> None:
        read, write = os.pipe()
        forks = self._fork and not fresh and may_fork()
        if not fresh:
            self._make_ready(forks)
        try:
            pid = self._forked(folder, write) if forks else _spawned(folder, write)
        except OSError as error:  # too many processes, or no memory for one more
            os.close(read)
            self._tell(ended=id, status=1, output=f"cannot start a process: {error}")
            return
        finally:
            os.close(write)
        os.set_blocking(read, False)
        child = self._children[pid] = Child(id, pid, read)
        self._selector.register(read, selectors.EVENT_READ, child)
        self._tell(started=id, pid=pid)

    def _make_ready(self, forks: bool) -> None:
        """Before the first fork, import what all of them need, and tell of it: some modules end who imports them."""
        if self._ready:
            return
        self._ready = True
        self._tell(importing=True)
        if forks:
            _import_early(self._preload)
        self._tell(importing=False)

    def _forked(self, folder: Path, output: int) -> int:
        pid = os.fork()
        if pid == 0:
            self._become_child(folder, output)
        return pid

    def _become_child(self, folder: Path, output: int) -> NoReturn:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            leave_parent()
            for number in (1, 2):
                os.dup2(output, number)
            for number in (self._commands, self._replies, self._bell, output):
                os.close(number)
            self._selector.close()
            childhood.work(folder)
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(0)

    def _bury(self) -> None:
        """Tell of the dead, and kill what they left behind."""
        while True:
            try:
                pid, code = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            child = self._children.pop(pid, None)
            if child is None:
                continue
            _kill_group(pid)
            alone = not self._children
            _kill_orphans(lambda other, session, dead=pid, alone=alone: alone or session == dead)
            while child.listen():
                pass
            with contextlib.suppress(KeyError):
                self._selector.unregister(child.output)
            os.close(child.output)
            status = os.waitstatus_to_exitcode(code)
            self._tell(ended=child.id, status=status, output=child.tail.decode(errors="replace"))

    def _tell(self, **message: object) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self._replies, (json.dumps(message) + "\n").encode())


def _spawned(folder: Path, output: int) -> int:
    actions = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
    command = interpreter("mltspec.engine.worker", str(folder))
    return os.posix_spawn(sys.executable, command, os.environ, file_actions=actions)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _kill_orphans(is_left: Any) -> None:
    """Kill adopted processes that match, and their own children as these come to us."""
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        doomed = [pid for pid, session in _adopted() if is_left(pid, session)]
        if not doomed:
            return
        for pid in doomed:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.002)


def _adopted() -> list[tuple[int, int]]:
    """Return (pid, session) of every living child of this process."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat") if sys.platform == "linux" else ():
        with contextlib.suppress(OSError, ValueError, IndexError):
            state, parent, _, session = entry.read_text().rpartition(")")[2].split()[:4]
            if int(parent) == os.getpid() and state != "Z":
                found.append((int(entry.parent.name), int(session)))
    return found


def _import_early(modules: Sequence[str]) -> None:
    """Import what children will need; what cannot be imported, they will find out themselves."""
    for module in modules:
        with contextlib.suppress(BaseException):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()


def main(arguments: Sequence[str]) -> None:
    """Preload, then serve."""
    orders = json.loads(arguments[0])
    commands, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    adopt_orphans()
    fork = orders["isolation"] != "spawn"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    Nursery(commands, replies, fork, orders["preload"]).serve()
    shutil.rmtree(orders["folder"], ignore_errors=True)
