"""Does this data fit this model? Asked on the first rows, before a step is trained."""

from __future__ import annotations

from typing import Any

import numpy as np

from mltspec.subjects.bench import Unfit
from mltspec.subjects.loaded import Loaded
from mltspec.subjects.nests import Batch, is_composite, leaves
from mltspec.subjects.targets import did_you_mean


def check_fit(model: Any, loaded: Loaded, head: Batch) -> None:
    """Refuse what would fail deep inside the framework, or train in silence on labels that cannot be.

    NaN is not refused: a loss that turns NaN is the training's own finding.

    Args:
        model: compiled.
        loaded: the data it is to be trained on.
        head: its first rows.

    Raises:
        Unfit: a feature of another shape or dtype than the model's input, or labels beyond its width.
    """
    _check_batched(model, loaded)
    for name, tensor, array in _paired(model, head[0], loaded.name):
        if not is_composite(array):
            _check_shape(name, tensor, np.asarray(array), loaded.name)
            _check_dtype(name, tensor, np.asarray(array), loaded.name)
    everything = loaded.arrays()
    _check_labels(model, head[1] if everything is None else everything[1], loaded.name)


def _check_batched(model: Any, loaded: Loaded) -> None:
    spec = getattr(getattr(loaded, "source", None), "element_spec", None)
    parts = leaves(spec[0] if isinstance(spec, tuple) else spec)
    inputs = getattr(model, "inputs", None) or []
    if not parts or len(parts) != len(inputs) or any(part.shape.rank is None for part in parts):
        return
    if all(_agrees(tuple(each.shape)[1:], tuple(part.shape)) for part, each in zip(parts, inputs, strict=True)):
        raise Unfit(f"data `{loaded.name}` yields single rows, not batches: add `.batch(32)` to the data set")


def _paired(model: Any, x: Any, data: str) -> list[tuple[str, Any, Any]]:
    """Return each declared input with the array that is fed to it; none for a model without declared inputs."""
    inputs = getattr(model, "inputs", None)
    if not inputs:
        return []
    if isinstance(x, dict):
        struct = getattr(model, "_inputs_struct", None)
        wanted = struct if isinstance(struct, dict) else {tensor.name: tensor for tensor in inputs}
        missing = [name for name in wanted if name not in x]
        if missing and len(wanted) > 1:
            raise Unfit(f"data `{data}` has no input `{missing[0]}`{did_you_mean(missing[0], x)}")
        return [(f"input `{name}`", tensor, x[name]) for name, tensor in wanted.items() if name in x]
    arrays = leaves(x)
    if len(arrays) != len(inputs):
        raise Unfit(f"data `{data}` has {len(arrays)} inputs but the model takes {len(inputs)}")
    if len(arrays) == 1:
        return [("the input", inputs[0], arrays[0])]
    return [(f"input {at}", tensor, array) for at, (tensor, array) in enumerate(zip(inputs, arrays, strict=True))]


def _check_shape(name: str, tensor: Any, array: Any, data: str) -> None:
    wanted, seen = tuple(tensor.shape)[1:], array.shape[1:]
    if _agrees(wanted, seen) or (seen and seen[-1] == 1 and _agrees(wanted, seen[:-1])):
        return
    if wanted and wanted[-1] == 1 and _agrees(wanted[:-1], seen):
        return
    raise Unfit(f"{name} has shape {_shape(seen)} in data `{data}` but the model takes {_shape(wanted)}")


def _agrees(wanted: tuple[int | None, ...], seen: tuple[int, ...]) -> bool:
    return len(wanted) == len(seen) and all(w is None or w == s for w, s in zip(wanted, seen, strict=True))


def _shape(dimensions: tuple[int | None, ...]) -> str:
    told = ["rows", *("any" if each is None else str(each) for each in dimensions)]
    return f"({', '.join(told)})"


def _check_dtype(name: str, tensor: Any, array: Any, data: str) -> None:
    text = array.dtype.kind in "SU" or (
        array.dtype.kind == "O" and array.size > 0 and isinstance(array.flat[0], str | bytes)
    )
    wants_text = tensor.dtype == "string"
    if text and not wants_text:
        raise Unfit(f"{name} holds text in data `{data}` but the model takes {tensor.dtype} numbers")
    if wants_text and not text:
        raise Unfit(f"{name} holds {array.dtype} in data `{data}` but the model takes text")
    if array.dtype.kind == "O" and not text:
        raise Unfit(f"{name} holds Python objects in data `{data}`; make it an array of numbers, `.astype('float32')`")


def _check_labels(model: Any, y: Any, data: str) -> None:
    """Refuse class numbers that the output has no unit for: on a GPU they would train to NaN, unsaid."""
    shape = getattr(model, "output_shape", None) if getattr(model, "outputs", None) else None
    if not _is_sparse(getattr(model, "loss", None)) or not isinstance(shape, tuple) or shape[-1] is None:
        return
    if y is None or isinstance(y, dict | list | tuple) or is_composite(y):
        return
    labels = np.asarray(y)
    if labels.size == 0 or labels.dtype.kind not in "iuf" or not np.isfinite(labels).all():
        return
    low, high, units = int(labels.min()), int(labels.max()), int(shape[-1])
    ignored = getattr(model.loss, "ignore_class", None)
    if ignored is not None:
        kept = labels[labels != ignored]
        low, high = (int(kept.min()), int(kept.max())) if kept.size else (0, 0)
    if low < 0 or high >= units:
        raise Unfit(
            f"data `{data}`: labels run from {low} to {high} but the output has {units} units "
            f"(classes 0 to {units - 1})"
        )


def _is_sparse(loss: Any) -> bool:
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    return name.replace("_", "").lower() == "sparsecategoricalcrossentropy"
