"""Rows piled up batch by batch: in memory as long as they are few, then in files, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from mltspec.subjects.nests import joined, leaves, mapped

BLOCK_ROWS = 1 << 18
"""Rows held in memory at a time where there are more."""


class Pile:
    """Nests of arrays of equal structure, rows after rows.

    Args:
        folder: where blocks are written, for this process alone; None keeps all rows in memory.
        block_rows: how many rows are a block.
    """

    def __init__(self, folder: Path | None, block_rows: int = BLOCK_ROWS) -> None:
        self._folder = folder
        self._block_rows = block_rows
        self._held: list[Any] = []
        self._held_rows = 0
        self._written: list[Any] = []
        self.rows = 0

    def add(self, nest: Any, rows: int) -> None:
        """Put a batch of so many rows on top."""
        if self._folder is not None and self._held_rows and self._held_rows + rows > self._block_rows:
            self._write()
        self._held.append(nest)
        self._held_rows += rows
        self.rows += rows

    def __len__(self) -> int:
        """Return how many blocks there are."""
        return len(self._written) + bool(self._held)

    def __iter__(self) -> Iterator[Any]:
        """Yield block by block, from the first row on."""
        for paths in self._written:
            # Our own files, of a moment ago: texts in them may be read as objects.
            yield mapped(lambda path: np.load(path, allow_pickle=True), paths)
        if self._held:
            self._held = [joined(self._held)]
            yield self._held[0]

    def _write(self) -> None:
        assert self._folder is not None
        block = joined(self._held)
        names = iter(range(len(leaves(block))))

        def written(array: Any) -> Path:
            path = self._folder / f"block-{id(self)}-{len(self._written)}-{next(names)}.npy"  # type: ignore[operator]
            np.save(path, array)
            return path

        self._written.append(mapped(written, block))
        self._held, self._held_rows = [], 0
