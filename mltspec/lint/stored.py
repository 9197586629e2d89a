"""Stored baselines as far as a linter looks at them: how many rows a measurement in one has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from mltspec.language.tree import Number, Text
from mltspec.lint.disk import find, is_file, names_in
from mltspec.lint.view import View, items_of, word_after

FOLDER = "baselines"

LARGEST_BYTES = 1024 * 1024


def rows_stored(view: View, baseline: str, metric: str, data: str) -> int | None:
    """Return on how many rows of the data a stored baseline measured a metric; None where that is not known."""
    for declaration in view.declarations("baseline"):
        if declaration.name.text == baseline:
            items = tuple(items_of(declaration))
            name, version = word_after(items, "store"), word_after(items, "version")
            if isinstance(name, Text):
                file = _file(name.value, version.amount.whole if isinstance(version, Number) else None, view.roots)
                return None if file is None else _measured(file, file.stat().st_mtime_ns).get((data, metric))
    return None


def _file(name: str, version: int | None, roots: Sequence[Path]) -> Path | None:
    folder = find(FOLDER, roots)
    if folder is None:
        return None
    if version is None:
        numbers = [int(stem) for each in names_in(folder / name) if (stem := each.removesuffix(".json")).isdecimal()]
        version = max(numbers, default=0)
    file = folder / name / f"{version}.json"
    return file if is_file(file) else None


@lru_cache(maxsize=64)
def _measured(file: Path, _changed: int) -> dict[tuple[str, str], int]:
    """Return rows by data and metric; nothing of a file that is no baseline, which a run will tell."""
    try:
        if file.stat().st_size > LARGEST_BYTES:
            return {}
        holdings = json.loads(file.read_bytes())["holdings"]
        return {(str(each["data"]), str(each["metric"])): int(each["rows"]) for each in holdings}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
