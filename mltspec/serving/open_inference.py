"""The Open Inference Protocol V2 over HTTP: rows into a request, an answer into arrays.

Source: Open Inference Protocol V2, "predict v2", REST.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from mltspec.serving.http import said
from mltspec.serving.system import Answer, Rows

NUMPY = {
    "BOOL": "bool", "UINT8": "uint8", "UINT16": "uint16", "UINT32": "uint32", "UINT64": "uint64", "INT8": "int8",
    "INT16": "int16", "INT32": "int32", "INT64": "int64", "FP16": "float16", "FP32": "float32", "FP64": "float64",
    "BYTES": "object",
}  # fmt: skip
_WIRE = {numpy: wire for wire, numpy in NUMPY.items()}


def payload(rows: Rows, types: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON of a request; ``types`` are the datatypes that the model declares, by input."""
    return {"inputs": [_tensor(name, np.asarray(array), (types or {}).get(name)) for name, array in rows.items()]}


def _tensor(name: str, array: Any, declared: str | None) -> dict[str, Any]:
    datatype = declared or datatype_of(array)
    flat = array.reshape(-1)
    if datatype != "BYTES":
        flat = flat.astype(NUMPY[datatype])
    data = [each.decode("utf-8", "replace") if isinstance(each, bytes) else each for each in flat.tolist()]
    return {"name": name, "shape": list(array.shape), "datatype": datatype, "data": data}


def datatype_of(array: Any) -> str:
    """Return V2's name of an array's type."""
    return _WIRE.get(array.dtype.name, "BYTES" if array.dtype.kind in "OSU" else "FP32")


def answer(status: int, body: bytes) -> Answer:
    """Return what an answer holds; whatever is no answer is an error that says why."""
    if status != 200:
        return Answer(error=f"status {status}: {said(body)}")
    try:
        found = json.loads(body)
        outputs = {each["name"]: array_of(each) for each in found["outputs"]}
    except (ValueError, KeyError, TypeError):
        return Answer(error=f"status 200, but no answer: {said(body)}")
    if not outputs:
        return Answer(error="status 200, but no outputs")
    return Answer(outputs, str(found.get("model_version") or "") or None)


def array_of(tensor: Mapping[str, Any]) -> Any:
    """Return the array of a tensor as V2 writes it in JSON."""
    array = np.array(tensor["data"], dtype=NUMPY[tensor["datatype"]])
    return array.reshape(tensor["shape"])


def signature_of(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Return datatype and shape of the inputs that a model's metadata declares, as text to be compared."""
    return {each["name"]: f"{each['datatype']} {list(map(int, each['shape']))}" for each in metadata.get("inputs", ())}


def types_of(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Return the datatypes of the inputs that a model's metadata declares."""
    return {each["name"]: each["datatype"] for each in metadata.get("inputs", ())}
