"""Turns what went wrong in a child into a failure that its author can act on."""

from __future__ import annotations

import linecache
import os
import re
import signal
import traceback
from collections.abc import Sequence
from types import TracebackType

from mltspec.plan.events import Failure
from mltspec.subjects.bench import Unfit
from mltspec.subjects.telling import plain

_DUMPED = re.compile(r'^\s*File "(?P<file>.+)", line (?P<line>\d+) in (?P<name>.+)$')
_NO_CALL = "does not have a `call()` method"
_NO_CALL_HELP = (
    "It can be trained by its own train_step, but nothing can be asked of it: define `call(self, inputs)`, which "
    "returns what the model answers; `predict`, saving and export use it too."
)
_MEMORY = {"MemoryError", "ResourceExhaustedError"}


class Garbage(Exception):  # noqa: N818 - the answer is garbage, not an error of the program
    """An observer answered something that is no evidence."""


def of_exception(error: BaseException, roots: Sequence[str]) -> Failure:
    """Return the failure for what was raised in a child, with the user's part of its stack."""
    if isinstance(error, Unfit):
        return Failure(kind="refused", message=str(error))
    if isinstance(error, Garbage):
        return Failure(kind="garbage", message=str(error))
    trace = users_part(error.__traceback__, roots)
    if isinstance(error, SystemExit):
        return Failure(kind="exit", message=f"the process was ended by sys.exit({error.code!r})", trace=trace)
    text = plain(str(error)).strip()
    if isinstance(error, SyntaxError) and error.filename:
        text = f"{error.msg} ({error.filename}, line {error.lineno})"
    if isinstance(error, NotImplementedError) and _NO_CALL in text:
        text += f"\n{_NO_CALL_HELP}"
    name = type(error).__name__
    message = f"{name}: {text}" if text else name
    return Failure(kind="memory" if name in _MEMORY else "raised", message=message, trace=trace)


def of_status(status: int, out_of_memory: bool) -> Failure:
    """Return the failure for a child that ended without an answer; a negative status is the signal."""
    if status >= 0:
        return Failure(kind="exit", message=f"the process ended with status {status} and no answer")
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    if status == -signal.SIGKILL and out_of_memory:
        return Failure(kind="memory", message="the process was killed: the machine ran out of memory")
    doubt = " (out of memory?)" if status == -signal.SIGKILL else ""
    return Failure(kind="signal", message=f"the process was killed by {name}{doubt}")


def users_part(trace: TracebackType | None, roots: Sequence[str]) -> str:
    """Return the frames under the roots, outermost first: file, line, function, source line."""
    frames = traceback.extract_tb(trace)
    return "\n".join(
        _frame(frame.filename, frame.lineno or 0, frame.name, roots)
        for frame in frames
        if _is_users(frame.filename, roots)
    )


def dumped_part(dump: str, roots: Sequence[str]) -> str:
    """Return the user's frames of a stack that ``faulthandler`` wrote, outermost first; all if none is theirs."""
    found = [match for match in map(_DUMPED.match, dump.splitlines()) if match]
    users = [match for match in found if _is_users(match["file"], roots)]
    return "\n".join(
        _frame(match["file"], int(match["line"]), match["name"], roots) for match in reversed(users or found[:8])
    )


def _frame(file: str, line: int, name: str, roots: Sequence[str]) -> str:
    shown = file
    for root in roots:
        if file.startswith(root + os.sep):
            shown = os.path.relpath(file, root)
            break
    source = linecache.getline(file, line).strip()
    return f"{shown}:{line} in {name}" + (f"\n    {source}" if source else "")


def _is_users(file: str, roots: Sequence[str]) -> bool:
    inside = any(file.startswith(root.rstrip(os.sep) + os.sep) for root in roots)
    return inside and "site-packages" not in file
