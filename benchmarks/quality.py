"""Metrics by slice with intervals: against scikit-learn in a pandas group-by, in memory, and against TFMA's numbers.

TensorFlow Model Analysis needs an environment of its own and minutes: `benchmarks/by_hand/tfma.py` times it on the same
rows, and its time stands here.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd
from sklearn import metrics as sk

from benchmarks.figure import REPOSITORY, Figure
from mltspec.statistics.areas import Areas
from mltspec.statistics.moments import Moments
from mltspec.statistics.shares import wilson

SLICES = 100
CHUNK = 100_000
TFMA_SECONDS = 268.0
"""What TensorFlow Model Analysis 0.52 took for 20,000 rows with intervals, on two cores with nothing beside it."""


class Tally:
    """Accuracy, log loss and AUC of stored predictions by slice, from chunks."""

    def __init__(self, slices: int) -> None:
        self._slices = slices
        self._areas = Areas(slices)
        self._right: Moments | None = None
        self._loss: Moments | None = None

    def add(self, truth: np.ndarray, score: np.ndarray, codes: np.ndarray) -> None:
        """Take in a chunk of rows, (rows,) each."""
        chance = np.clip(score.astype(np.float64), 1e-7, 1 - 1e-7)
        right = Moments.of((score > 0.5) == truth, codes, self._slices)
        loss = Moments.of(-np.where(truth == 1, np.log(chance), np.log1p(-chance)), codes, self._slices)
        if self._right is None or self._loss is None:
            self._right, self._loss = right, loss
        else:
            self._right.merge(right)
            self._loss.merge(loss)
        self._areas.add(truth, score, codes)

    def result(self) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Return value, low and high of each metric, (slices,) each; 95% in all."""
        assert self._right is not None
        assert self._loss is not None
        low, high = wilson(self._right.sums[:, 1], self._right.rows, 0.975)
        return {
            "accuracy": (self._right.mean, low, high),
            "log_loss": (self._loss.mean, *self._loss.bounds(0.975)),
            "auc": (self._areas.values(), *self._areas.bounds(0.975)),
        }


def chunk(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return labels, scores and slices as `benchmarks/by_hand/tfma.py` makes them."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, rows).astype("float32")
    codes = rng.integers(0, SLICES, rows)
    score = np.clip(truth * 0.3 + rng.random(rows) * 0.7, 0, 1).astype("float32")
    return truth, score, codes


def measured(rows: int) -> tuple[float, dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]]:
    """Measure so many rows from chunks, overall and by slice; return seconds without making the rows."""
    by_slice, whole, seconds = Tally(SLICES), Tally(1), 0.0
    for at in range(math.ceil(rows / CHUNK)):
        truth, score, codes = chunk(min(CHUNK, rows - at * CHUNK), at)
        began = time.perf_counter()
        by_slice.add(truth, score, codes)
        whole.add(truth, score, np.zeros(len(codes), np.intp))
        seconds += time.perf_counter() - began
    began = time.perf_counter()
    whole.result()
    found = by_slice.result()
    return seconds + time.perf_counter() - began, found


def by_pandas(rows: int) -> float:
    """Return the seconds of scikit-learn's point metrics in a group-by, overall and by slice, without intervals."""
    truth, score, codes = chunk(rows, 0)
    frame = pd.DataFrame({"truth": truth, "score": score, "slice": codes})

    def point(part: pd.DataFrame) -> tuple[float, float, float]:
        return (
            sk.accuracy_score(part.truth, part.score > 0.5),
            sk.log_loss(part.truth, np.clip(part.score.astype(float), 1e-7, 1 - 1e-7)),
            sk.roc_auc_score(part.truth, part.score),
        )

    began = time.perf_counter()
    point(frame)
    for _, part in frame.groupby("slice"):
        point(part)
    return time.perf_counter() - began


def figures() -> Iterator[Figure]:
    """Measure values, time and memory."""
    truth, score, codes = chunk(20_000, 0)
    took, found = measured(20_000)
    worst = 0.0
    for at in range(SLICES):
        inside = codes == at
        clipped = np.clip(score[inside].astype(float), 1e-7, 1 - 1e-7)
        worst = max(
            worst,
            abs(found["accuracy"][0][at] - sk.accuracy_score(truth[inside], score[inside] > 0.5)),
            abs(found["log_loss"][0][at] - sk.log_loss(truth[inside], clipped)),
            abs(found["auc"][0][at] - sk.roc_auc_score(truth[inside], score[inside])),
        )
    yield Figure("metrics by slice: largest gap to scikit-learn, 1e-6", worst / 1e-6, 1.0, at_most=True)
    note = f"{took:.3f} s against TFMA's {TFMA_SECONDS:.0f} s, measured apart"
    yield Figure("20,000 rows, 100 slices, with intervals: against TFMA", TFMA_SECONDS / took, 200.0, note=note)
    ours, theirs = measured(1_000_000)[0], by_pandas(1_000_000)
    note = f"{ours:.2f} s / {theirs:.2f} s"
    yield Figure(
        "1,000,000 rows: time / scikit-learn's without intervals", ours / theirs, 10.0, at_most=True, note=note
    )
    small, large = (_peak_mb(rows) for rows in (1_000_000, 10_000_000))
    note = f"{small:.0f} MB, then {large:.0f} MB, a real pass of a model over a stream, four metrics by slice"
    yield Figure("peak memory from 1 to 10 million rows", large - small, 300.0, "MB", at_most=True, note=note)


def _peak_mb(rows: int) -> float:
    """Return the peak memory of a process that predicts and measures so many rows."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "benchmarks.streamed_pass", str(rows)]
    run = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True)
    return float(run.stdout.split()[0])
