"""One measured promise."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Figure:
    """What was measured, what it must reach, and whether more or less is better."""

    what: str
    measured: float
    must_reach: float
    unit: str = "x"
    at_most: bool = False
    note: str = ""

    @property
    def held(self) -> bool:
        """Whether the promise holds."""
        return self.measured <= self.must_reach if self.at_most else self.measured >= self.must_reach

    def __str__(self) -> str:
        """Return one line of the table."""
        mark = "ok    " if self.held else "MISSED"
        sign = "<=" if self.at_most else ">="
        bound = f"{sign} {self.must_reach:g} {self.unit}"
        return f"{mark}  {self.what:<58} {self.measured:9.2f} {self.unit:<6} {bound:<14} {self.note}"


def seconds_of(command: Sequence[str], cwd: Path = REPOSITORY, expect: int | None = 0, times: int = 1) -> float:
    """Return the median seconds of a whole process.

    Raises:
        RuntimeError: it ended with another exit code than expected.
    """
    took = []
    # A user's Python keeps compiled files; whoever turns that off here must not make every start slower.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(times):
        began = time.perf_counter()
        run = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        took.append(time.perf_counter() - began)
        if expect is not None and run.returncode != expect:
            raise RuntimeError(
                f"{' '.join(command)} ended with {run.returncode}:\n{run.stdout[-3000:]}{run.stderr[-3000:]}"
            )
    return statistics.median(took)
