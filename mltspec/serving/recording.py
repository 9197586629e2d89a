"""Recorded requests, as JSON lines: what callers really sent, in the order and the sizes in which they sent it.

A line is the body of a request to TF Serving (``inputs`` by name, or ``instances``) or of the Open Inference Protocol,
and may bear the right answer of a single row as ``label``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mltspec.serving.open_inference import array_of
from mltspec.serving.system import Trouble

MOST_REQUESTS = 100_000
ONLY = ""
"""The name of an input that a request does not name, for it is the only one."""


@dataclass(frozen=True)
class Recorded:
    """One request: arrays by input, (rows, ...) each, and the label of its row, where it is known."""

    inputs: Mapping[str, Any]
    label: float | None

    @property
    def rows(self) -> int:
        """How many rows it asks about."""
        return len(next(iter(self.inputs.values())))


def read(file: Path, most: int = MOST_REQUESTS) -> list[Recorded]:
    """Return the first requests of a recording.

    Raises:
        Trouble: there is none, or a line is no request; told with its number.
    """
    found: list[Recorded] = []
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip() and len(found) < most:
                    found.append(_request(line, f"{file.name}, line {number}"))
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"the recording `{file}` cannot be read: {error}") from None
    if not found:
        raise Trouble(f"the recording `{file}` holds no request")
    return found


def _request(line: str, where: str) -> Recorded:
    try:
        body = json.loads(line)
        inputs = _inputs(body)
    except (ValueError, KeyError, TypeError) as error:
        raise Trouble(f'{where} is no request: {error}; `{{"inputs": {{"x": [[1, 2]]}}}}` is one') from None
    if not inputs or len({len(array) if array.ndim else -1 for array in inputs.values()}) != 1:
        raise Trouble(f"{where}: the inputs are not as many rows each")
    label = body.get("label")
    return Recorded(inputs, float(label) if isinstance(label, int | float) else None)


def _inputs(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ValueError("it is no object")
    given = body.get("inputs")
    if isinstance(given, list) and given and isinstance(given[0], dict) and "datatype" in given[0]:
        return {each["name"]: array_of(each) for each in given}
    if given is None and "instances" in body:
        rows = body["instances"]
        if isinstance(rows[0], dict):
            return {name: _array([row[name] for row in rows]) for name in rows[0]}
        return {ONLY: _array(rows)}
    if isinstance(given, dict):
        return {name: _array(column) for name, column in given.items()}
    if isinstance(given, list):
        return {ONLY: _array(given)}
    raise ValueError("it has neither `inputs` nor `instances`")


def _array(values: Any) -> Any:
    array = np.array(values)
    if array.dtype.kind in "US":
        return array.astype(object)
    if array.dtype.kind not in "biuf":
        raise ValueError("the rows are not of one shape")
    return array.astype(np.float32) if array.dtype.kind == "f" else array
