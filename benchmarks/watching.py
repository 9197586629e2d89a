"""Steps per second of a watched fit against a bare one: digits, batches of 32."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.figure import REPOSITORY, Figure

SCRIPT = """
import sys, time
sys.path[:0] = ["specs/examples/digits"]
from mltspec.subjects import framework
framework.prepare(7, 2)
import keras
from digits.data import training
from digits.model import build
from mltspec.subjects.watching import bare_and_watched
print(*bare_and_watched(build, training, epochs=8, batch_rows=32, rounds=5))
"""


def figures() -> Iterator[Figure]:
    """Measure both in one process, in turn."""
    run = subprocess.run([sys.executable, "-c", SCRIPT], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    bare, watched = map(float, run.stdout.split()[-2:])
    yield Figure("steps/s of a watched fit / a bare one", watched / bare, 0.9, note=f"{watched:.0f} / {bare:.0f}")
