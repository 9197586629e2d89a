"""Calls of a process that change files, stopped one by one.

What lies in a folder between two such calls is what a SIGKILL there would leave: this is how a checkpoint's write is
interrupted anywhere inside it, whatever library writes. Linux lets a process hand chosen calls over to another one
that decides when they go on (seccomp with user notification); elsewhere there is nothing like it.

Source: seccomp_unotify(2), Linux man-pages.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import mmap
import os
import platform
import select
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

_X86_64 = {
    "write": 1, "open": 2, "pwrite64": 18, "writev": 20, "sendfile": 40, "truncate": 76, "ftruncate": 77, "rename": 82,
    "mkdir": 83, "creat": 85, "unlink": 87, "openat": 257, "mkdirat": 258, "unlinkat": 263, "renameat": 264,
    "fallocate": 285, "pwritev": 296, "renameat2": 316, "copy_file_range": 326,
}  # fmt: skip
_AARCH64 = {
    "mkdirat": 34, "unlinkat": 35, "renameat": 38, "truncate": 45, "ftruncate": 46, "fallocate": 47, "openat": 56,
    "write": 64, "writev": 66, "pwrite64": 68, "pwritev": 70, "sendfile": 71, "renameat2": 276, "copy_file_range": 285,
}  # fmt: skip
_MACHINES = {"x86_64": (0xC000003E, 317, _X86_64), "aarch64": (0xC00000B7, 277, _AARCH64)}
"""By machine: its audit number, the number of ``seccomp`` itself, and the numbers of calls that change files."""

_DESCRIPTOR = {"write", "pwrite64", "writev", "pwritev", "ftruncate", "fallocate", "sendfile"}
_AT = {"openat": 0, "mkdirat": 0, "unlinkat": 0, "renameat": 2, "renameat2": 2}
_PATH = {"open": 0, "truncate": 0, "rename": 1, "mkdir": 0, "creat": 0, "unlink": 0}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_AT_FDCWD = -100

_NO_NEW_PRIVS, _SET_FILTER, _NEW_LISTENER = 38, 1, 1 << 3
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000
_RECEIVE, _REPLY, _GO_ON = 0xC0502100, 0xC0182101, 1
_NOTE = struct.Struct("QIIiIQ6Q")
_ANSWER = struct.Struct("QqiI")


DOOR, STEPS = "door", "steps"
"""The socket at which calls are handed over, and the file in which steps are counted; both in one folder."""


class CannotStop(OSError):  # noqa: N818 - a fact about the machine
    """Nobody may stop the calls of a process on this machine."""


@dataclass(frozen=True)
class Call:
    """A call about to be made: its name in the kernel, and the file that it changes, relative to the folder watched."""

    name: str
    path: str

    @property
    def writes(self) -> bool:
        """Whether it puts data into a file that is open already."""
        return self.name in _DESCRIPTOR


class Steps:
    """How many steps a process has done, told to another one without any call that could be stopped."""

    def __init__(self, file: Path, create: bool = False) -> None:
        if create:
            file.write_bytes(bytes(8))
        with file.open("r+b") as stream:
            self._shared = mmap.mmap(stream.fileno(), 8)

    def tell(self, step: int) -> None:
        """Say that so many steps are done."""
        self._shared[:] = struct.pack("q", step)

    def __int__(self) -> int:
        """Return how many steps are done."""
        return int(struct.unpack("q", self._shared[:])[0])


def hand_over(door: str) -> None:
    """Let whoever listens at a socket decide, from now on, when this process changes a file.

    Raises:
        CannotStop: the machine cannot do it.
    """
    with socket.socket(socket.AF_UNIX) as line:
        with _short(Path(door)) as name:
            line.connect(name)
        socket.send_fds(line, [b"!"], [_listener()])


@contextlib.contextmanager
def _short(door: Path) -> Iterator[str]:
    """Give a socket a name that fits: one has room for about a hundred characters, and folders of tests have more."""
    if sys.platform != "linux":
        yield str(door)
        return
    folder = os.open(door.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{door.name}"
    finally:
        os.close(folder)


def _listener() -> int:
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        raise CannotStop(f"file-system calls cannot be stopped on {sys.platform} ({platform.machine()})")
    audit, seccomp, numbers = _MACHINES[platform.machine()]
    calls = list(numbers.values())
    program = [(_LOAD, 0, 0, 4), (_EQUAL, 0, len(calls) + 1, audit), (_LOAD, 0, 0, 0)]
    program += [(_EQUAL, len(calls) - i, 0, number) for i, number in enumerate(calls)]
    program += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ASK)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in program))
    header = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
    listener = int(kernel.syscall(seccomp, _SET_FILTER, _NEW_LISTENER, header))
    if listener < 0:
        raise CannotStop(ctypes.get_errno(), "file-system calls cannot be stopped here (seccomp is not allowed)")
    return listener


class Watch:
    """Stops every call of a process that changes a file in a folder, and asks what to do.

    ``decide`` is called while the process waits; False kills it with SIGKILL, with ``group`` all of its process group,
    and the call is never made. A context: the process must be started, and must end, inside it.
    """

    def __init__(self, door: Path, folder: Path, decide: Callable[[Call], bool], group: bool = False) -> None:
        self._folder = str(folder.resolve())
        self._decide = decide
        self._group = group
        self._over = Event()
        self._server = socket.socket(socket.AF_UNIX)
        with _short(door) as name:
            self._server.bind(name)
        self._server.listen(1)
        self._server.settimeout(0.1)
        self._names = {number: name for name, number in _MACHINES.get(platform.machine(), (0, 0, {}))[2].items()}
        self._thread = Thread(target=self._serve, name="file-calls", daemon=True)
        self.failure: Exception | None = None

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._server.close()
        if self.failure is not None:
            raise self.failure

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._server.accept()
            except TimeoutError:
                continue
            with line:
                _, listeners, _, _ = socket.recv_fds(line, 1, 1)
            for listener in listeners:
                self._answer_all(listener)
                os.close(listener)

    def _answer_all(self, listener: int) -> None:
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        while not self._over.is_set():
            for _, happened in poll.poll(100):
                if happened & select.POLLHUP or not self._answer(listener):
                    return

    def _answer(self, listener: int) -> bool:
        note = bytearray(_NOTE.size)
        try:
            fcntl.ioctl(listener, _RECEIVE, note)
        except FileNotFoundError:  # whoever called was killed meanwhile
            return True
        id, pid, _, number, _, _, *arguments = _NOTE.unpack(note)
        if not self._may_go_on(pid, self._names.get(number, ""), arguments):
            os.killpg(os.getpgid(pid), 9) if self._group else os.kill(_process_of(pid), 9)
            return False
        with contextlib.suppress(FileNotFoundError):
            fcntl.ioctl(listener, _REPLY, _ANSWER.pack(id, 0, 0, _GO_ON))
        return True

    def _may_go_on(self, pid: int, name: str, arguments: list[int]) -> bool:
        try:
            path = _changed(pid, name, arguments)
            if path is None or not (path + "/").startswith(self._folder + "/"):
                return True
            return self._decide(Call(name, path[len(self._folder) + 1 :]))
        except Exception as error:
            self.failure = error
            return False


def _changed(pid: int, name: str, arguments: list[int]) -> str | None:
    """Return the absolute path that a call is about to change; None if it changes nothing that has one."""
    try:
        if name in _DESCRIPTOR:
            return str(Path(f"/proc/{pid}/fd/{arguments[0]}").readlink())
        if name == "copy_file_range":
            return str(Path(f"/proc/{pid}/fd/{arguments[2]}").readlink())
        at = _AT.get(name)
        flags = arguments[2] if name == "openat" else arguments[1] if name == "open" else _WRITING
        if not flags & _WRITING:
            return None
        text = _text(pid, arguments[_PATH[name] if at is None else at + 1])
        return os.path.normpath(os.path.join(_base(pid, None if at is None else arguments[at]), text))  # noqa: PTH118
    except OSError:  # it was killed, or the descriptor is no file
        return None


def _base(pid: int, descriptor: int | None) -> str:
    here = descriptor is None or ctypes.c_int(descriptor & 0xFFFFFFFF).value == _AT_FDCWD
    return str(Path(f"/proc/{pid}/cwd" if here else f"/proc/{pid}/fd/{descriptor}").readlink())


def _text(pid: int, address: int) -> str:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:  # noqa: PTH123
        found = os.pread(memory.fileno(), min(4096, 4096 - address % 4096), address)
        if b"\0" not in found:
            found += os.pread(memory.fileno(), 4096, address + len(found))
    return os.fsdecode(found.split(b"\0", 1)[0])


def _process_of(thread: int) -> int:
    for line in Path(f"/proc/{thread}/status").read_text().splitlines():
        if line.startswith("Tgid:"):
            return int(line.split()[1])
    return thread
