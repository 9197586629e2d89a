"""Tables turned into what a model takes: one input a column, or one matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from mltspec.subjects.bench import Unfit
from mltspec.subjects.input_names import input_names
from mltspec.subjects.targets import did_you_mean


def table_inputs(columns: dict[str, Any], model: Any) -> Any:
    """Return a table's columns as the model takes them: by name, or as one (rows, columns) matrix."""
    columns = {name: _strings(column) for name, column in columns.items()}
    names = input_names(model)
    if len(names) > 1 or (len(columns) == 1 and list(columns) == list(names)):
        missing = [name for name in names if name not in columns]
        if missing:
            raise Unfit(f"the model's input `{missing[0]}` is no column{did_you_mean(missing[0], columns)}")
        return {name: columns[name] for name in names}
    if all(column.dtype.kind in "fiub" and column.ndim == 1 for column in columns.values()):
        return np.stack([column.astype(np.float32) for column in columns.values()], axis=1)
    return columns


def _strings(column: Any) -> Any:
    """Return text columns as arrays of ``str``, which TensorFlow takes as they are."""
    array = np.asarray(column)
    return array.astype(object) if array.dtype.kind in "USO" else array
