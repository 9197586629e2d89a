"""The Open Inference Protocol V2 over gRPC: rows into a request, an answer into arrays.

Source: Open Inference Protocol V2, "predict v2", gRPC; Triton, "model repository extension".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mltspec.serving import open_inference as rest
from mltspec.serving.http import LIMIT_S, Address
from mltspec.serving.rpc.channel import unary
from mltspec.serving.rpc.schema import Schema
from mltspec.serving.system import Answer, Rows, Trouble

_CONTENTS = """repeated bool bool_contents = 1; repeated int32 int_contents = 2; repeated int64 int64_contents = 3;
    repeated uint32 uint_contents = 4; repeated uint64 uint64_contents = 5; repeated float fp32_contents = 6;
    repeated double fp64_contents = 7; repeated bytes bytes_contents = 8"""
_TENSOR = "string name = 1; string datatype = 2; repeated int64 shape = 3; Contents contents = 5"
SCHEMA = Schema(
    "inference",
    {
        "Contents": _CONTENTS,
        "Tensor": _TENSOR,
        "ModelInferRequest": """string model_name = 1; string model_version = 2; string id = 3;
            repeated Tensor inputs = 5; repeated bytes raw_input_contents = 7""",
        "ModelInferResponse": """string model_name = 1; string model_version = 2; string id = 3;
            repeated Tensor outputs = 5; repeated bytes raw_output_contents = 6""",
        "Parameter": "bool bool_param = 1; int64 int64_param = 2; string string_param = 3; bytes bytes_param = 4",
        "RepositoryModelLoadRequest": """string repository_name = 1; string model_name = 2;
            map<string, Parameter> parameters = 3""",
        "RepositoryModelLoadResponse": "",
    },
)
_FIELDS = {
    "BOOL": "bool_contents", "INT8": "int_contents", "INT16": "int_contents", "INT32": "int_contents",
    "INT64": "int64_contents", "UINT8": "uint_contents", "UINT16": "uint_contents", "UINT32": "uint_contents",
    "UINT64": "uint64_contents", "FP32": "fp32_contents", "FP64": "fp64_contents", "BYTES": "bytes_contents",
}  # fmt: skip
_SERVICE = "/inference.GRPCInferenceService"


def infer(
    address: Address,
    model: str,
    rows: Rows,
    version: str | None,
    types: Mapping[str, str],
    raw: bool,
    limit_s: float = LIMIT_S,
) -> Answer:
    """Ask about rows; what goes wrong is an error in the answer.

    Args:
        address: of the gRPC port.
        model: its name.
        rows: arrays by input.
        version: None for whichever is live.
        types: V2 datatypes that the model declares, by input.
        raw: send numbers as bytes, as most clients do, else typed.
        limit_s: how long the answer is waited for.
    """
    request = SCHEMA["ModelInferRequest"](model_name=model, model_version=version or "")
    for name, array in rows.items():
        _put(request, name, np.asarray(array), types.get(name), raw)
    try:
        found = unary(address, f"{_SERVICE}/ModelInfer", request, SCHEMA["ModelInferResponse"], limit_s)
        arrays = {each.name: _array(each, at, found.raw_output_contents) for at, each in enumerate(found.outputs)}
    except Trouble as trouble:
        return Answer(error=str(trouble))
    except (ValueError, KeyError) as error:
        return Answer(error=f"an answer of ModelInfer that does not fit itself: {error}")
    return Answer(arrays, found.model_version or None) if arrays else Answer(error="an answer without outputs")


def load(address: Address, model: str, parameters: Mapping[str, str], limit_s: float) -> None:
    """Order a model to be loaded, with parameters such as Triton's ``config``.

    Raises:
        Trouble: it was refused or took too long.
    """
    request = SCHEMA["RepositoryModelLoadRequest"](model_name=model)
    for name, value in parameters.items():
        request.parameters[name].string_param = value
    unary(address, f"{_SERVICE}/RepositoryModelLoad", request, SCHEMA["RepositoryModelLoadResponse"], limit_s)


def _put(request: Any, name: str, array: Any, declared: str | None, raw: bool) -> None:
    datatype = declared or rest.datatype_of(array)
    tensor = request.inputs.add(name=name, datatype=datatype, shape=list(array.shape))
    if datatype == "BYTES":
        words = [each if isinstance(each, bytes) else str(each).encode() for each in array.reshape(-1).tolist()]
        if raw:
            request.raw_input_contents.append(b"".join(len(word).to_bytes(4, "little") + word for word in words))
        else:
            tensor.contents.bytes_contents.extend(words)
        return
    typed = array.astype(rest.NUMPY[datatype])
    if raw or datatype not in _FIELDS:
        request.raw_input_contents.append(typed.tobytes())
    else:
        getattr(tensor.contents, _FIELDS[datatype]).extend(typed.reshape(-1).tolist())


def _array(tensor: Any, at: int, raw: Sequence[bytes]) -> Any:
    shape = list(tensor.shape)
    if tensor.datatype == "BYTES":
        words = _words(raw[at]) if len(raw) > at else list(tensor.contents.bytes_contents)
        return np.array([word.decode("utf-8", "replace") for word in words], object).reshape(shape)
    dtype = rest.NUMPY[tensor.datatype]
    if len(raw) > at:
        return np.frombuffer(raw[at], dtype).reshape(shape)
    return np.array(list(getattr(tensor.contents, _FIELDS[tensor.datatype])), dtype).reshape(shape)


def _words(raw: bytes) -> list[bytes]:
    words, at = [], 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 4], "little")
        words.append(raw[at + 4 : at + 4 + size])
        at += 4 + size
    return words
