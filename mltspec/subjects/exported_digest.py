"""A SavedModel by what it computes with: exporting the same model twice writes other bytes each time.

Names of functions and variables, the order of nodes and a fingerprint change from export to export. What stays are the
values of all variables, and what the signatures take and give.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from mltspec.plan.wire import digest_of

GRAPH = "saved_model.pb"
FINGERPRINT = "fingerprint.pb"
VARIABLES = "variables"
OBJECTS = "_CHECKPOINTABLE_OBJECT_GRAPH"


def exported_digest(file: Path) -> str | None:
    """Return the digest of a file of a SavedModel by its meaning; None if it is none, or torn."""
    folder = file.parent if file.name in (GRAPH, FINGERPRINT) else file.parent.parent
    if not (folder / GRAPH).is_file():
        return None
    try:
        if file.name == GRAPH:
            return _signatures(file)
        if file.name == FINGERPRINT:
            return digest_of(FINGERPRINT) if file.stat().st_size else None
        if file.parent.name == VARIABLES and file.name.startswith(f"{VARIABLES}."):
            return _values(file.parent / VARIABLES)
    except Exception:  # the readers of TensorFlow raise whatever they like about a torn file
        return None
    return None


def _signatures(file: Path) -> str:
    from tensorflow.core.protobuf import saved_model_pb2

    read = saved_model_pb2.SavedModel.FromString(file.read_bytes())
    told = [
        [name, *(sorted((key, _tensor(info)) for key, info in side.items()) for side in (each.inputs, each.outputs))]
        for graph in read.meta_graphs
        for name, each in sorted(graph.signature_def.items())
    ]
    if not told:
        raise ValueError("no graph")
    return digest_of(told)


def _tensor(info: object) -> str:
    return f"{info.dtype} {[size.size for size in info.tensor_shape.dim]}"  # type: ignore[attr-defined]


def _values(prefix: Path) -> str:
    import tensorflow as tf

    reader = tf.train.load_checkpoint(str(prefix))
    values = []
    for name in reader.get_variable_to_shape_map():
        value = np.ascontiguousarray(reader.get_tensor(name))  # raises where the file is cut short before its end
        if name != OBJECTS:  # Keras numbers variables in the order of a set: names are of the moment, too
            values.append([str(value.dtype), list(value.shape), hashlib.sha256(value.tobytes()).hexdigest()])
    return digest_of(sorted(values))
