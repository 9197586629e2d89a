"""Tables in files as far as a linter looks at them: the names of a CSV's columns, and how many rows it has."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mltspec.lint.disk import find, is_file

LARGEST_BYTES = 64 * 1024 * 1024
"""Rows of larger files are not counted: linting takes a blink."""


@dataclass(frozen=True)
class Table:
    """``rows`` is None where they were not counted; texts with line ends in them make it too large, never too small."""

    columns: tuple[str, ...]
    rows: int | None


def read_table(name: str, roots: Sequence[Path]) -> Table | None:
    """Return what a CSV file holds; None where it is not there or is none."""
    file = find(name, roots)
    if file is None or not is_file(file):
        return None
    stat = file.stat()
    return _read(file, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=128)
def _read(file: Path, _changed: int, size: int) -> Table | None:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            columns = next(csv.reader(stream), [])
        rows = _count(file) - 1 if size <= LARGEST_BYTES else None
    except (OSError, UnicodeDecodeError, csv.Error):
        return None
    return Table(tuple(columns), rows) if columns else None


def _count(file: Path) -> int:
    lines, last = 0, b"\n"
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            lines, last = lines + block.count(b"\n"), block[-1:]
    return lines + (last != b"\n")
