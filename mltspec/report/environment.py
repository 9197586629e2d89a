"""What a run's numbers speak of: versions, machine and commit."""

from __future__ import annotations

import os
import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version

PACKAGES = (("tensorflow", "tensorflow"), ("tensorflow", "tensorflow-cpu"), ("keras", "keras"), ("numpy", "numpy"))
_GIT_LIMIT_S = 5.0


@cache
def environment() -> dict[str, str]:
    """Return what a reader must know to repeat a run; the framework is not imported for it."""
    found = {"python": platform.python_version()}
    for name, package in PACKAGES:
        try:
            found.setdefault(name, version(package))
        except PackageNotFoundError:
            continue
    found["machine"] = f"{platform.system()} {platform.machine()}, {os.cpu_count() or 1} cores"
    commit = _git("rev-parse", "--short=12", "HEAD")
    if commit:
        found["commit"] = commit + (" with local changes" if _git("status", "--porcelain", "-uno") else "")
    return found


def _git(*words: str) -> str:
    """Return what git says of the current folder; nothing where there is no git, no repository or no answer."""
    command = ["git", "--no-optional-locks", *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_GIT_LIMIT_S)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
