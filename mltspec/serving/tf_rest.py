"""TF Serving's REST predict: rows into a request, an answer into arrays.

Source: TensorFlow Serving, "RESTful API".
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from mltspec.serving.http import said
from mltspec.serving.system import Answer, Rows


def payload(rows: Rows) -> dict[str, Any]:
    """Return the JSON of a request in column format, which keeps several inputs apart by name."""
    return {"inputs": {name: _plain(np.asarray(array)) for name, array in rows.items()}}


def answer(status: int, body: bytes) -> Answer:
    """Return what an answer holds; it names no version, and no output where there is one alone."""
    if status != 200:
        return Answer(error=f"status {status}: {said(body)}")
    try:
        found = json.loads(body)
        given = found["outputs"] if "outputs" in found else found["predictions"]
        outputs = {"output": given} if not isinstance(given, dict) else given
        arrays = {name: np.array(value) for name, value in outputs.items()}
    except (ValueError, KeyError, TypeError):
        return Answer(error=f"status 200, but no answer: {said(body)}")
    return Answer({name: _narrowed(array) for name, array in arrays.items()})


def _plain(array: Any) -> Any:
    if array.dtype.kind in "OS":
        return np.vectorize(_text, otypes=[object])(array).tolist() if array.size else []
    return array.tolist()


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _narrowed(array: Any) -> Any:
    return array.astype(np.float32) if array.dtype.kind == "f" else array
