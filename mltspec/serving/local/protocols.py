"""The two protocols' bodies: arrays out of a request, and into an answer.

Source: Open Inference Protocol V2 (predict, REST); TensorFlow Serving, "RESTful API" (row and column formats).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mltspec.serving.local.repository import BadInput, Servable, Tensor

_V2 = {
    "bool": "BOOL", "uint8": "UINT8", "uint16": "UINT16", "uint32": "UINT32", "uint64": "UINT64", "int8": "INT8",
    "int16": "INT16", "int32": "INT32", "int64": "INT64", "float16": "FP16", "float32": "FP32", "float64": "FP64",
    "string": "BYTES",
}  # fmt: skip


def v2_type(dtype: str) -> str:
    """Return V2's name of a NumPy dtype."""
    return _V2.get(dtype, dtype.upper())


def read_v2(body: Any, servable: Servable) -> dict[str, Any]:
    """Return the arrays of a V2 request by name.

    Raises:
        BadInput: it is no such request, or does not fit.
    """
    if not isinstance(body, dict) or not isinstance(body.get("inputs"), list):
        raise BadInput("the body has no list of `inputs`")
    found: dict[str, Any] = {}
    for each in body["inputs"]:
        if not isinstance(each, dict) or not {"name", "shape", "datatype", "data"} <= each.keys():
            raise BadInput("an input needs `name`, `shape`, `datatype` and `data`")
        name, wanted = each["name"], servable.inputs.get(each["name"])
        if wanted is None:
            raise BadInput(f"unexpected input `{name}`; the model takes {', '.join(servable.inputs)}")
        if each["datatype"] != v2_type(wanted.dtype):
            raise BadInput(f"input `{name}` is {v2_type(wanted.dtype)}, not {each['datatype']}")
        array = _array(name, each["data"], wanted)
        try:
            found[name] = array.reshape(each["shape"])
        except (ValueError, TypeError):
            raise BadInput(f"input `{name}` has {array.size} values, not those of {each['shape']}") from None
    return _complete(found, servable)


def read_v1(body: Any, servable: Servable) -> tuple[dict[str, Any], bool]:
    """Return the arrays of a TF Serving request by name, and whether it is in row format.

    Raises:
        BadInput: it is no such request, or does not fit.
    """
    if not isinstance(body, dict) or ("instances" in body) == ("inputs" in body):
        raise BadInput('the body needs either "instances" or "inputs"')
    by_row = "instances" in body
    given = body["instances"] if by_row else body["inputs"]
    if by_row and (not isinstance(given, list) or not given):
        raise BadInput('"instances" is no list of rows')
    if by_row and isinstance(given[0], dict) and not (len(servable.inputs) == 1 and set(given[0]) == {"b64"}):
        names = set(given[0])
        if any(not isinstance(row, dict) or set(row) != names for row in given):
            raise BadInput("rows name different inputs")
        columns = {name: [row[name] for row in given] for name in given[0]}
    elif isinstance(given, dict):
        columns = given
    elif len(servable.inputs) == 1:
        columns = {next(iter(servable.inputs)): given}
    else:
        raise BadInput(f"the model takes several inputs by name: {', '.join(servable.inputs)}")
    for name in columns:
        if name not in servable.inputs:
            raise BadInput(f"unexpected input `{name}`; the model takes {', '.join(servable.inputs)}")
    arrays = {name: _array(name, column, servable.inputs[name]) for name, column in columns.items()}
    return _complete(arrays, servable), by_row


def write_v2(name: str, version: str, request: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a V2 answer."""
    outputs = [
        {
            "name": key,
            "shape": list(array.shape),
            "datatype": v2_type("string" if array.dtype.kind in "OSU" else array.dtype.name),
            "data": _plain(array.reshape(-1)),
        }
        for key, array in answers.items()
    ]
    given = {"id": request["id"]} if "id" in request else {}
    return {"model_name": name, "model_version": version, **given, "outputs": outputs}


def write_v1(answers: Mapping[str, Any], by_row: bool) -> dict[str, Any]:
    """Return the body of a TF Serving answer; a single output stands without its name."""
    plain = {name: _plain(array) for name, array in answers.items()}
    if len(plain) == 1:
        return {"predictions" if by_row else "outputs": next(iter(plain.values()))}
    if not by_row:
        return {"outputs": plain}
    return {"predictions": [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]}


def _complete(found: dict[str, Any], servable: Servable) -> dict[str, Any]:
    missing = [name for name in servable.inputs if name not in found]
    if missing:
        raise BadInput(f"missing input {', '.join(f'`{name}`' for name in missing)}")
    return found


def _array(name: str, data: Any, wanted: Tensor) -> Any:
    try:
        if wanted.dtype == "string":
            array = np.array(data, dtype=object)
            if any(not isinstance(value, str) for value in array.reshape(-1)):
                raise BadInput(f"input `{name}` takes text")
            return array
        raw = np.array(data)
        if raw.dtype.kind not in "biuf" or (raw.dtype.kind == "f" and np.dtype(wanted.dtype).kind in "iu"):
            raise BadInput(f"input `{name}` takes {wanted.dtype} numbers")
        return raw.astype(wanted.dtype)
    except (ValueError, TypeError, OverflowError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"input `{name}` is no {wanted.dtype} array: {error}") from None


def _plain(array: Any) -> Any:
    if array.dtype.kind in "OS":
        return np.vectorize(_text, otypes=[object])(array).tolist() if array.size else []
    return array.tolist()


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
