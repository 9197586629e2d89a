"""Data sets as users hand them over: arrays, frames, files, or streams larger than memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from mltspec.plan.subject import Data
from mltspec.serving import recording
from mltspec.serving.recording import Recorded
from mltspec.serving.system import Trouble
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.loaded import Arrays, Loaded, Streamed
from mltspec.subjects.nests import as_arrays, leaves_of_level
from mltspec.subjects.tables import table_inputs
from mltspec.subjects.targets import call, did_you_mean


def load(data: Data, bench: Bench, model: Any = None) -> Loaded:
    """Return a data set, ready to be trained on, predicted and sliced.

    Args:
        data: where it comes from.
        bench: the roots that hold the user's code and files.
        model: the model it is for. A table's columns become one input each for a model that names them,
            else, if all are numbers, one matrix; without a model, columns are kept apart only if some
            are no numbers.

    Raises:
        Unfit: no such file or label, a form that is not known, no rows, or parts of different length.
            What the user's code raises goes through.
    """
    origin = data.origin
    if origin.kind == "python":
        return _of_value(call(origin.target, bench), data, model)
    if origin.kind in ("keras", "savedmodel"):
        raise Unfit(f"data `{data.name}`: `{origin.target}` is a model, not data")
    if origin.kind == "tfrecord":
        raise Unfit(
            f"data `{data.name}`: TFRecord files are not read directly; give a Python callable that returns a "
            "`tf.data.TFRecordDataset` mapped to (inputs, labels)"
        )
    if origin.kind == "recorded":
        return _of_requests(requests_of(data, bench), data)
    return _of_file(bench.find(origin.target), data, model)


def requests_of(data: Data, bench: Bench) -> list[Recorded]:
    """Return recorded requests, whole.

    Raises:
        Unfit: there is no recording, or it is none.
    """
    try:
        return recording.read(bench.find(data.origin.target))
    except Trouble as trouble:
        raise Unfit(f"data `{data.name}`: {trouble}") from trouble


def _of_requests(requests: list[Recorded], data: Data) -> Loaded:
    """Return the rows of all requests, one after the other; labels where every row has one."""
    names = requests[0].inputs.keys()
    if any(each.inputs.keys() != names for each in requests):
        raise Unfit(f"data `{data.name}`: not all requests have the inputs of the first, {', '.join(names)}")
    try:
        x = {name: np.concatenate([each.inputs[name] for each in requests]) for name in names}
    except ValueError as error:
        raise Unfit(f"data `{data.name}`: requests are not of one shape: {error}") from None
    labelled = all(each.label is not None and each.rows == 1 for each in requests)
    y = np.array([each.label for each in requests]) if labelled else None
    return _of_parts(data.name, next(iter(x.values())) if len(x) == 1 else x, y, None)


def _of_value(value: Any, data: Data, model: Any) -> Loaded:
    """Wrap what the user's callable returned."""
    import keras
    import tensorflow as tf

    where = f"data `{data.name}`: `{data.origin.target}`"
    if isinstance(value, tf.data.Dataset | keras.utils.PyDataset):
        return Streamed(data.name, value, dataset=isinstance(value, tf.data.Dataset))
    if hasattr(value, "columns") or (isinstance(value, dict) and data.label is not None and data.label in value):
        return _of_table(_columns(value), data, model)
    if isinstance(value, tuple) and len(value) in (1, 2, 3):
        x, y, weight = (*value, None, None)[:3]
        if hasattr(x, "columns"):
            x = table_inputs(_columns(x), model)
        return _of_parts(data.name, x, y, weight)
    if isinstance(value, list) and len(value) in (2, 3) and all(hasattr(v, "shape") for v in leaves_of_level(value)):
        x, y, weight = (*value, None)[:3]
        return _of_parts(data.name, x, y, weight)
    if isinstance(value, dict) or hasattr(value, "shape"):
        return _of_parts(data.name, value, None, None)
    kind = "None" if value is None else f"a {type(value).__module__}.{type(value).__qualname__}"
    raise Unfit(
        f"{where} returned {kind}; return a tf.data.Dataset, (x, y) or (x, y, sample_weight) arrays or dicts of "
        "arrays, a keras.utils.PyDataset, or a frame with a `label` column named in the spec"
    )


def _of_parts(name: str, x: Any, y: Any, weight: Any) -> Loaded:
    return Arrays(name, as_arrays(x), as_arrays(y), as_arrays(weight))


def _of_file(file: Path, data: Data, model: Any) -> Loaded:
    if data.origin.kind == "npz":
        with np.load(file, allow_pickle=False) as saved:
            arrays = {name: saved[name] for name in saved.files}
        if data.label is None and {"x", "y"} <= arrays.keys():
            return _of_parts(data.name, arrays["x"], arrays["y"], arrays.get("sample_weight"))
        return _of_table(arrays, data, model)
    import pandas as pd

    frame = pd.read_csv(file) if data.origin.kind == "csv" else pd.read_parquet(file)
    return _of_table(_columns(frame), data, model)


def _columns(table: Any) -> dict[str, Any]:
    """Return the columns of a pandas, polars or pyarrow table, or a dict, as arrays by name."""
    if isinstance(table, dict):
        return {str(name): np.asarray(column) for name, column in table.items()}
    if hasattr(table, "column_names"):
        return {name: table[name].to_numpy() for name in table.column_names}
    return {str(name): np.asarray(table[name].to_numpy()) for name in table.columns}


def _of_table(columns: dict[str, Any], data: Data, model: Any) -> Loaded:
    if data.label is None:
        known = ", ".join(f"`{name}`" for name in list(columns)[:8])
        raise Unfit(f"data `{data.name}` is a table ({known}): say which column is its label")
    if data.label not in columns:
        raise Unfit(f"data `{data.name}` has no column `{data.label}`{did_you_mean(data.label, columns)}")
    label = columns.pop(data.label)
    return Arrays(data.name, table_inputs(columns, model), label, None, table=columns)
