"""What each row scored, kept for later comparisons: written in parts, read as one `.npz`."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from mltspec.evidence.kind import Blob
from mltspec.evidence.predictions import ANSWERS
from mltspec.subjects.answers import Array
from mltspec.subjects.bench import Bench
from mltspec.subjects.rulers import Ruler

COPIED_BYTES = 1 << 22

QUICKLY_ABOVE_ROWS = 1_000_000
"""Above it packing well would take longer than predicting; below, files are small enough for version control."""


def arrays_of(ruler: Ruler) -> dict[str, Array]:
    """Return what a paired comparison needs: labels, scores, contributions and weights, one entry a row."""
    arrays: dict[str, Array] = {}
    if (head := ruler.head) is not None:
        truth = head.labels
        arrays["truth"] = truth.reshape(-1) if truth.size == len(truth) else truth
        arrays["score"] = head.score
        if ruler.name == ANSWERS and head.truth.dtype.kind in "fiub":
            arrays["golden"] = head.truth
        arrays["task"] = np.array(head.asked.value)
        arrays["logits"] = np.array(head.unbounded)
        if head.weights is not None:
            arrays["row_weight"] = head.weights
    if ruler.contribution is not None:
        arrays["contribution"] = ruler.contribution
    if ruler.weights is not None:
        arrays["weight"] = ruler.weights
    return arrays


class ScoresFile:
    """Arrays of one entry a row that come in parts; those of no dimension stay as they were first.

    Args:
        folder: where parts are put down, for this process alone.
        name: tells this file from others there.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._single: dict[str, Array] = {}
        self._parts: dict[str, tuple[np.dtype[Any], tuple[int, ...], int]] = {}

    def add(self, arrays: Mapping[str, Array]) -> None:
        """Take in the arrays of some rows."""
        for name, array in arrays.items():
            if array.ndim == 0:
                self._single.setdefault(name, array)
                continue
            dtype, shape, rows = self._parts.get(name, (array.dtype, array.shape[1:], 0))
            self._parts[name] = (dtype, shape, rows + len(array))
            with self._file(name).open("ab") as stream:
                np.ascontiguousarray(array, dtype).tofile(stream)

    def keep(self, bench: Bench, shift: float = 0.0) -> Blob:
        """Write all of it, each contribution moved by ``shift``, into the store."""
        file = self._folder / f"{self._name}.npz"
        level = 1 if any(rows > QUICKLY_ABOVE_ROWS for _, _, rows in self._parts.values()) else 9
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as whole:
            for name, array in self._single.items():
                with whole.open(f"{name}.npy", "w") as member:
                    npy.write_array(member, array, allow_pickle=False)
            for name, (dtype, shape, rows) in self._parts.items():
                header = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": (rows, *shape)}
                with whole.open(f"{name}.npy", "w", force_zip64=True) as member, self._file(name).open("rb") as parts:
                    npy.write_array_header_1_0(member, header)
                    while part := parts.read(COPIED_BYTES):
                        moved = name == "contribution" and shift
                        member.write((np.frombuffer(part, dtype) + shift).tobytes() if moved else part)
                self._file(name).unlink()
        return bench.keep(file)

    def _file(self, name: str) -> Path:
        return self._folder / f"{self._name}-{name}.rows"
