"""Watches, inside a child, what the user's code reads; like a compiler's list of included files.

What is heard goes to a log at once, so that it survives a SIGKILL and is shared with the processes that
a crash drill forks. Files that the child wrote before it read them are its own, not inputs.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar

from mltspec.engine.ledger import FileDigests
from mltspec.engine.touched import CHANGED, Touch, Trace, digest_now, digest_variable, locate

_SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/run/", "/lib", "/usr/lib", "/usr/share/")
_HEARD = frozenset(
    {"open", "sqlite3.connect", "os.listdir", "os.scandir", "subprocess.Popen", "os.system", "socket.connect"}
)
_OURS = frozenset({"TF_CPP_MIN_LOG_LEVEL"})
_PLUMBING = ("<frozen ", os.__file__, os.path.join(os.path.dirname(os.__file__), "_collections_abc.py"))  # noqa: PTH118, PTH120


class Recorder:
    """Hears of every file opened, folder listed and variable read by this process, and notes it once."""

    def __init__(self, log: Path, roots: Sequence[str], hidden: Sequence[str]) -> None:
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._roots = tuple(_folder(root) for root in roots)
        self._hidden = tuple(_folder(folder) for folder in (*hidden, *_installed()))
        self._outside = (*_SYSTEM, _folder(tempfile.gettempdir()))
        self._noted: set[tuple[str, str]] = set()

    def install(self) -> None:
        """Listen from now until the process ends; an audit hook cannot be taken away."""
        _Environment.recorder = self
        os.environ.__class__ = _Environment
        sys.addaudithook(self._hear)

    def variable(self, name: str, frame: FrameType | None) -> None:
        """Note a variable that code under the roots reads."""
        if name not in _OURS and self._is_users(frame):
            self._note("E", name, digest_variable(name, os.environ._data_of(name)))  # type: ignore[attr-defined]

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event not in _HEARD:  # every call of id() comes by here
            return
        try:
            if event == "open":
                self._opened(args[0], args[2])
            elif event == "sqlite3.connect":
                self._opened(args[0], os.O_RDONLY)
            elif event in {"os.listdir", "os.scandir"}:
                self._listed(args[0])
            elif event == "subprocess.Popen":
                self._left_alone(f"starts `{_command(args)}`")
            elif event == "os.system":
                self._left_alone(f"starts `{os.fsdecode(args[0])}`")
            elif event == "socket.connect" and isinstance(args[1], tuple):
                self._left_alone(f"reads from the network ({args[1][0]}:{args[1][1]})")
        except Exception:  # noqa: S110 - what is watched must not break because it is watched
            pass

    def _opened(self, name: object, flags: int) -> None:
        path = self._input(name)
        if path is None:
            return
        access = flags & os.O_ACCMODE
        reads = access == os.O_RDONLY or (access == os.O_RDWR and not flags & os.O_TRUNC)
        if reads and ("R", path) not in self._noted:
            self._note("R", path, *_signature(path))
        if access != os.O_RDONLY:
            self._note("W", path)

    def _listed(self, name: object) -> None:
        caller = sys._getframe(2).f_code.co_filename
        path = self._input("." if name is None else name)
        if path is not None and "importlib" not in caller:
            self._note("L", path)

    def _left_alone(self, what: str) -> None:
        if any(self._is_users(frame) for frame in _frames(sys._getframe(2))):
            self._note("U", what)

    def _input(self, name: object) -> str | None:
        if not isinstance(name, str | bytes | os.PathLike):
            return None
        path = os.path.abspath(os.fsdecode(name))  # noqa: PTH100
        if (path + os.sep).startswith(self._hidden):
            return None
        inside = path.startswith(self._roots) or path + os.sep in self._roots
        if not inside and path.startswith(self._outside):
            return None
        return _source(path)

    def _is_users(self, frame: FrameType | None) -> bool:
        if frame is None or frame.f_code.co_filename.startswith("<"):
            return False
        file = os.path.abspath(frame.f_code.co_filename)  # noqa: PTH100
        return file.startswith(self._roots) and not file.startswith(self._hidden)

    def _note(self, mark: str, name: str, *more: object) -> None:
        if (mark, name) in self._noted:
            return
        self._noted.add((mark, name))
        os.write(self._log, (json.dumps([mark, name, *more]) + "\n").encode())


class _Environment(type(os.environ)):  # type: ignore[misc]
    """``os.environ`` that tells who reads it. Reads of a whole copy are no dependency on each variable."""

    recorder: Recorder
    written: ClassVar[set[str]] = set()
    copiers: ClassVar[set[tuple[object, int]]] = set()

    def __getitem__(self, key: str) -> str:
        self._tell(key)
        return str(super().__getitem__(key))

    def __contains__(self, key: object) -> bool:
        if isinstance(key, str):
            self._tell(key)
        return bool(super().__contains__(key))

    def __setitem__(self, key: str, value: str) -> None:
        self.written.add(key)
        super().__setitem__(key, value)

    def __iter__(self) -> Iterator[str]:
        frame = _caller(sys._getframe(1))
        if frame is not None:
            self.copiers.add((frame.f_code, frame.f_lineno))
        yield from super().__iter__()

    def _data_of(self, name: str) -> str | None:
        value = self._data.get(self.encodekey(name))
        return None if value is None else str(self.decodevalue(value))

    def _tell(self, key: str) -> None:
        frame = _caller(sys._getframe(2))
        if frame is None or key in self.written or (frame.f_code, frame.f_lineno) in self.copiers:
            return
        self.recorder.variable(key, frame)


def read_log(log: Path, roots: Sequence[str], digests: FileDigests, hidden: frozenset[str]) -> Trace:
    """Return what a log tells, with the digests of what was read."""
    own: set[str] = set()
    wrote: set[str] = set()
    touches: dict[tuple[str, str], Touch] = {}
    untracked: list[str] = []
    notes = list(_notes(log))
    wrote = {name for mark, name, *_ in notes if mark == "W"}
    for mark, name, *more in notes:
        if mark == "W" and ("file", name) not in touches:
            own.add(name)
        elif mark == "R" and name not in own:
            content = digest_now("file", name, digests, hidden)
            if name not in wrote and list(_signature(name)) != more:
                content = CHANGED
            touches["file", name] = _touch("file", name, content, roots)
        elif mark == "L":
            touches["folder", name] = _touch("folder", name, digest_now("folder", name, digests, hidden), roots)
        elif mark == "E":
            touches["variable", name] = Touch(what="variable", name=name, root=None, content=str(more[0]))
        elif mark == "U":
            untracked.append(name)
    return Trace(touches=tuple(touches[key] for key in sorted(touches)), untracked=tuple(sorted(set(untracked))))


def _touch(what: Any, path: str, content: str, roots: Sequence[str]) -> Touch:
    root, name = locate(path, roots)
    return Touch(what=what, name=name, root=root, content=content)


def _notes(log: Path) -> Iterator[list[Any]]:
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            note = json.loads(line)
        except ValueError:
            continue
        if isinstance(note, list) and len(note) >= 2:
            yield note


def _signature(path: str) -> tuple[int, int]:
    try:
        stat = os.stat(path)  # noqa: PTH116
    except OSError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_size)


def _source(path: str) -> str | None:
    """Return the source for a compiled module's file, and any other path as it is."""
    if not path.endswith(".pyc"):
        return path
    folder, name = os.path.split(path)
    if os.path.basename(folder) != "__pycache__":  # noqa: PTH119
        return path
    return os.path.join(os.path.dirname(folder), name.split(".", 1)[0] + ".py")  # noqa: PTH118, PTH120


def _installed() -> set[str]:
    """Return the folders of Python itself, its packages, and of this package."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    zipped = {entry for entry in sys.path if entry.endswith(".zip") and entry.startswith(sys.base_prefix)}
    return {sysconfig.get_path(name) for name in names} | zipped | {str(Path(__file__).parent.parent)}


def _folder(path: str) -> str:
    return os.path.abspath(path).rstrip(os.sep) + os.sep  # noqa: PTH100


def _command(args: tuple[Any, ...]) -> str:
    words = args[1] if isinstance(args[1], list | tuple) else [args[1]]
    return shlex.join(os.fsdecode(word) for word in words)


def _caller(frame: FrameType | None) -> FrameType | None:
    """Return the first frame that is not the standard library's way to a variable."""
    while frame is not None and frame.f_code.co_filename.startswith(_PLUMBING):
        frame = frame.f_back
    return frame


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
