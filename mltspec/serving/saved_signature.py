"""What a SavedModel's serving signature takes and gives, read from its file: no framework, and nothing is run.

Source: TensorFlow, "saved_model.proto", "meta_graph.proto" (the few fields that say it).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError

from mltspec.serving.rpc.schema import Schema
from mltspec.serving.system import Trouble

_SCHEMA = Schema(
    "savedmodel",
    {
        "SavedModel": "repeated MetaGraph meta_graphs = 2",
        "MetaGraph": "map<string, Signature> signature_def = 5",
        "Signature": "map<string, Info> inputs = 1; map<string, Info> outputs = 2; string method_name = 3",
        "Info": "string name = 1; int32 dtype = 2; Shape shape = 3",
        "Shape": "repeated Dim dim = 2; bool unknown_rank = 3",
        "Dim": "int64 size = 1",
    },
)
V2_OF_TENSORFLOW = {
    1: "FP32", 2: "FP64", 3: "INT32", 4: "UINT8", 5: "INT16", 6: "INT8", 7: "BYTES", 9: "INT64", 10: "BOOL",
    17: "UINT16", 19: "FP16", 22: "UINT32", 23: "UINT64",
}  # fmt: skip
"""V2 datatypes by TensorFlow's numbers, from its ``types.proto``."""


@dataclass(frozen=True)
class Tensor:
    """An input or output: its name, V2 datatype and shape; -1 for a size that is not fixed."""

    name: str
    datatype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Signature:
    """What goes in and what comes out, each sorted by name."""

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]


def read_signature(folder: Path) -> Signature:
    """Return the signature that a server would serve: ``serving_default``, else the first.

    Raises:
        Trouble: the folder holds no SavedModel, or none with a signature.
    """
    try:
        model = _SCHEMA["SavedModel"].FromString((folder / "saved_model.pb").read_bytes())
    except OSError as error:
        raise Trouble(f"`{folder}` holds no SavedModel: {error.strerror}") from None
    except DecodeError:
        raise Trouble(f"`{folder / 'saved_model.pb'}` is damaged: it is no SavedModel") from None
    signatures = {
        name: each
        for graph in model.meta_graphs
        for name, each in graph.signature_def.items()
        if not name.startswith("__")
    }
    if not signatures:
        raise Trouble(f"the SavedModel `{folder}` has no signature, so no server can call it")
    chosen = signatures["serving_default" if "serving_default" in signatures else min(signatures)]
    return Signature(_tensors(chosen.inputs), _tensors(chosen.outputs))


def _tensors(found: Any) -> tuple[Tensor, ...]:
    return tuple(
        Tensor(name, _datatype(found[name].dtype), tuple(dim.size for dim in found[name].shape.dim))
        for name in sorted(found)
    )


def _datatype(number: int) -> str:
    if number not in V2_OF_TENSORFLOW:
        raise Trouble(f"a signature with tensors of TensorFlow's type {number} cannot be served over V2")
    return V2_OF_TENSORFLOW[number]
