"""When a process may fork children, how it leads them, and how it starts a fresh interpreter instead."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def may_fork() -> bool:
    """Return whether children of this process could use the framework: not once it has started."""
    return sys.platform == "linux" and not framework_started() and not gpu_visible()


def framework_started() -> bool:
    """Return whether TensorFlow has made its threads and devices, which do not survive a fork."""
    module: Any = sys.modules.get("tensorflow.python.eager.context")
    context = getattr(module, "_context", None)
    return context is not None and getattr(context, "_context_handle", None) is not None


def gpu_visible() -> bool:
    """Return whether an NVIDIA GPU is there and not hidden from this process."""
    if os.environ.get("CUDA_VISIBLE_DEVICES") in {"", "-1"}:
        return False
    return Path("/dev/nvidia0").exists()


def leave_parent() -> None:
    """Make this process the head of its own session, that dies with the process that started it."""
    with contextlib.suppress(OSError):
        os.setsid()
    die_with_parent()


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent dies; on Linux only."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies; on Linux only."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def interpreter(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module's ``main`` with this process' search path."""
    boot = f"import sys, json; sys.path[:] = json.loads(sys.argv.pop(1)); from {module} import main; main(sys.argv[1:])"
    return [sys.executable, "-c", boot, json.dumps(sys.path), *arguments]


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)
