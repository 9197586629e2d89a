"""TensorFlow Serving over gRPC: rows and answers, which versions there are, and which it is to serve.

Source: TensorFlow Serving, "predict.proto", "model_service.proto", "model_server_config.proto"; TensorFlow,
"tensor.proto".
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from mltspec.serving import open_inference as v2
from mltspec.serving.http import LIMIT_S, Address
from mltspec.serving.rpc.channel import unary
from mltspec.serving.rpc.schema import Schema
from mltspec.serving.saved_signature import V2_OF_TENSORFLOW
from mltspec.serving.system import Answer, Rows, Trouble

SCHEMA = Schema(
    "tensorflow.serving",
    {
        "Version": "int64 value = 1",
        "ModelSpec": "string name = 1; Version version = 2; string signature_name = 3; string version_label = 4",
        "Dim": "int64 size = 1",
        "Shape": "repeated Dim dim = 2; bool unknown_rank = 3",
        "TensorProto": """int32 dtype = 1; Shape tensor_shape = 2; bytes tensor_content = 4;
            repeated int32 half_val = 13; repeated float float_val = 5; repeated double double_val = 6;
            repeated int32 int_val = 7; repeated bytes string_val = 8; repeated int64 int64_val = 10;
            repeated bool bool_val = 11; repeated uint32 uint32_val = 16; repeated uint64 uint64_val = 17""",
        "PredictRequest": "ModelSpec model_spec = 1; map<string, TensorProto> inputs = 2",
        "PredictResponse": "map<string, TensorProto> outputs = 1; ModelSpec model_spec = 2",
        "Status": "int32 error_code = 1; string error_message = 2",
        "ModelVersionStatus": "int64 version = 1; int32 state = 2; Status status = 3",
        "GetModelStatusRequest": "ModelSpec model_spec = 1",
        "GetModelStatusResponse": "repeated ModelVersionStatus model_version_status = 1",
        "Specific": "repeated int64 versions = 1",
        "VersionPolicy": "Specific specific = 102",
        "ModelConfig": """string name = 1; string base_path = 2; string model_platform = 4;
            VersionPolicy model_version_policy = 7""",
        "ModelConfigList": "repeated ModelConfig config = 1",
        "ModelServerConfig": "ModelConfigList model_config_list = 1",
        "ReloadConfigRequest": "ModelServerConfig config = 1",
        "ReloadConfigResponse": "Status status = 1",
    },
)
_TENSORFLOW_OF_V2 = {name: number for number, name in V2_OF_TENSORFLOW.items()}
_VALUES = {
    "FP32": "float_val", "FP64": "double_val", "INT32": "int_val", "INT16": "int_val", "INT8": "int_val",
    "UINT8": "int_val", "UINT16": "int_val", "INT64": "int64_val", "BOOL": "bool_val", "UINT32": "uint32_val",
    "UINT64": "uint64_val",
}  # fmt: skip
AVAILABLE = 30
END = 50


def infer(address: Address, model: str, rows: Rows, version: str | None, limit_s: float = LIMIT_S) -> Answer:
    """Ask about rows, (rows, ...) by input; what goes wrong is an error in the answer."""
    request = SCHEMA["PredictRequest"]()
    request.model_spec.name = model
    if version is not None:
        request.model_spec.version.value = int(version)
    for name, array in rows.items():
        _put(request.inputs[name], np.asarray(array))
    method = "/tensorflow.serving.PredictionService/Predict"
    try:
        found = unary(address, method, request, SCHEMA["PredictResponse"], limit_s)
        arrays = {name: _array(found.outputs[name]) for name in found.outputs}
    except Trouble as trouble:
        return Answer(error=str(trouble))
    except (ValueError, KeyError) as error:
        return Answer(error=f"an answer of Predict that does not fit itself: {error}")
    told = str(found.model_spec.version.value) if found.model_spec.HasField("version") else None
    return Answer(arrays, told) if arrays else Answer(error="an answer without outputs")


def statuses(address: Address, model: str) -> dict[str, tuple[int, str]]:
    """Return the state of every version and what went wrong with it, which is empty for most.

    Raises:
        Trouble: the server knows no such model, or has no ModelService.
    """
    request = SCHEMA["GetModelStatusRequest"]()
    request.model_spec.name = model
    method = "/tensorflow.serving.ModelService/GetModelStatus"
    found = unary(address, method, request, SCHEMA["GetModelStatusResponse"])
    return {str(each.version): (each.state, each.status.error_message) for each in found.model_version_status}


def reload(address: Address, model: str, base_path: str, versions: Collection[int]) -> None:
    """Have a server serve these versions of one model, and nothing else: what a configuration leaves out is unloaded.

    Raises:
        Trouble: it was refused.
    """
    request = SCHEMA["ReloadConfigRequest"]()
    config = request.config.model_config_list.config.add(name=model, base_path=base_path, model_platform="tensorflow")
    config.model_version_policy.specific.versions.extend(sorted(versions))
    method = "/tensorflow.serving.ModelService/HandleReloadConfigRequest"
    found = unary(address, method, request, SCHEMA["ReloadConfigResponse"], 120.0)
    if found.status.error_code:
        raise Trouble(f"{address} refused the configuration: {found.status.error_message or found.status.error_code}")


def _put(tensor: Any, array: Any) -> None:
    datatype = v2.datatype_of(array)
    tensor.dtype = _TENSORFLOW_OF_V2[datatype]
    for size in array.shape:
        tensor.tensor_shape.dim.add(size=size)
    if datatype == "BYTES":
        words = array.reshape(-1).tolist()
        tensor.string_val.extend(each if isinstance(each, bytes) else str(each).encode() for each in words)
    else:
        tensor.tensor_content = array.astype(v2.NUMPY[datatype]).tobytes()


def _array(tensor: Any) -> Any:
    shape, datatype = [dim.size for dim in tensor.tensor_shape.dim], V2_OF_TENSORFLOW[tensor.dtype]
    if datatype == "BYTES":
        return np.array([each.decode("utf-8", "replace") for each in tensor.string_val], object).reshape(shape)
    dtype = np.dtype(v2.NUMPY[datatype])
    if tensor.tensor_content:
        return np.frombuffer(tensor.tensor_content, dtype).reshape(shape)
    if datatype == "FP16":
        values = np.array(list(tensor.half_val), np.uint16).view(np.float16)
    else:
        values = np.array(list(getattr(tensor, _VALUES[datatype])), dtype)
    size = int(np.prod(shape))
    if 0 < len(values) < size:  # the last value stands for all that follow
        values = np.concatenate([values, np.repeat(values[-1:], size - len(values))])
    return values.reshape(shape)
