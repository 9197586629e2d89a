"""What a run may do: how many children, which store, when to stop."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from mltspec.plan.plan import Expectation

Isolation = Literal["auto", "fork", "spawn"]


def _no_command(expectation: Expectation) -> str:
    return ""


@dataclass(frozen=True)
class Settings:
    """The settings of one run.

    Args:
        workers: how many children gather at once.
        store: the folder that keeps evidence.
        fresh: gather again what the store could answer.
        isolation: ``fork`` children from a process that has the framework imported, ``spawn`` fresh
            interpreters, or ``auto``: fork where that is safe.
        maxfail: stop after so many failures of severity ``error``.
        today: the day that expiry dates are compared with.
        reproduce: the command that runs one expectation again.
        read_only: answer from the store, but leave it as it is.
        preload: modules that the fork server imports before it forks.
    """

    workers: int = 1
    store: Path = Path(".mltspec")
    fresh: bool = False
    isolation: Isolation = "auto"
    maxfail: int | None = None
    today: date = field(default_factory=date.today)
    reproduce: Callable[[Expectation], str] = _no_command
    read_only: bool = False
    preload: tuple[str, ...] = ("tensorflow", "keras")

    def threads(self) -> int:
        """Return how many threads the framework may use in each child."""
        return max(1, cores() // max(1, self.workers))


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
