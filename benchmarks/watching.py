"""Steps per second of a watched fit against a bare one: digits, batches of 32, in one process and in turn."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.figure import REPOSITORY, Figure

EPOCHS, ROUNDS = 40, 3


def figures() -> Iterator[Figure]:
    """Measure in a process of its own, whose threads nothing else has set up."""
    command = [sys.executable, "-c", "from benchmarks.watching import main; main()"]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    bare, watched = map(float, run.stdout.split()[-2:])
    yield Figure("steps/s of a watched fit / a bare one", watched / bare, 0.9, note=f"{watched:.0f} / {bare:.0f}")


def main() -> None:
    """Print the steps per second of both."""
    sys.path[:0] = [str(REPOSITORY / "specs/examples/digits")]
    from mltspec.subjects import framework

    framework.prepare(7, 2)
    from digits.data import training
    from digits.model import build

    x, y = training()
    rounds = [(_rate(build(), x, y, watch=False), _rate(build(), x, y, watch=True)) for _ in range(ROUNDS)]
    print(*(median(rates) for rates in zip(*rounds, strict=True)))


def _rate(model: Any, x: Any, y: Any, watch: bool) -> float:
    """Return the steps per second of a fit whose functions are traced already."""
    from contextlib import nullcontext

    from mltspec.subjects.fit_hook import watched
    from mltspec.subjects.watcher import Watcher

    model.fit(x, y, epochs=1, batch_size=32, verbose=0)
    watcher = Watcher(rows=(x[:512], y[:512], None), epochs=EPOCHS)
    began = perf_counter()
    with watched(watcher, lambda: len(x)) if watch else nullcontext():
        model.fit(x, y, epochs=EPOCHS, batch_size=32, verbose=0)
    return EPOCHS * -(-len(x) // 32) / (perf_counter() - began)
