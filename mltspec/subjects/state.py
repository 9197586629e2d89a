"""Every variable of a model and its optimizers: written, read back, and put back as found."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mltspec.plan.wire import Wire
from mltspec.subjects.bench import Unfit

Array = NDArray[Any]
What = Literal["weights", "optimizer slots", "iteration count", "learning rate", "seed state", "metric state"]
_LISTING = "listing"


class Entry(Wire):
    """A variable: its path, whose it is, and what it is in the field's words."""

    path: str
    group: Literal["model", "optimizer", "metrics"]
    what: What


class Listing(Wire):
    """What a state file holds, in order; ``inputs`` are one row's shapes and dtypes, as JSON."""

    entries: tuple[Entry, ...]
    inputs: str = ""


def save_state(model: Any, file: Path, example: Any = None) -> str:
    """Write every variable of a model, its optimizers and its metrics as NPZ.

    Args:
        model: built; its optimizers are built if they are not.
        file: where to; ends in ``.npz``.
        example: the inputs of a few rows. A model without declared inputs can only be built again, to
            load this state, when it is known what they look like.

    Returns:
        The digest of the values of model and optimizers, in order; paths do not count.
    """
    found = entries(model)
    arrays = [_plain(value_of(variable)) for variable, _ in found]
    listing = Listing(entries=tuple(entry for _, entry in found), inputs=_describe(example))
    packed = {f"v{at}": array for at, array in enumerate(arrays)}
    packed[_LISTING] = np.frombuffer(listing.to_json().encode(), np.uint8)
    with file.open("wb") as stream:
        np.savez(stream, **packed)  # type: ignore[arg-type]
    return _digest([array for array, entry in zip(arrays, listing.entries, strict=True) if entry.group != "metrics"])


def read_state(file: Path) -> tuple[tuple[Entry, ...], list[Array]]:
    """Return what a state file holds, without a framework; bfloat16 values come as their raw 16 bits."""
    with np.load(file) as saved:
        listing = Listing.from_json(saved[_LISTING].tobytes())
        return listing.entries, [saved[f"v{at}"] for at in range(len(listing.entries))]


def load_state(model: Any, file: Path) -> None:
    """Give a model and its optimizers the values that a state file holds; metrics start anew.

    Several optimizers that the model keeps itself stay unbuilt, as its own code leaves them.

    Raises:
        Unfit: the model is not the one that was saved.
    """
    listed, arrays = read_state(file)
    with np.load(file) as saved:
        _ensure_built(model, Listing.from_json(saved[_LISTING].tobytes()).inputs)
    kept = [(entry, array) for entry, array in zip(listed, arrays, strict=True) if entry.group != "metrics"]
    own = [(variable, entry) for variable, entry in entries(model) if entry.group != "metrics"]
    if len(own) != len(kept) and any(not each.built for each in optimizers(model)):
        # Which variables each of several optimizers moves is known to the training step alone; the weights are whole.
        kept = [(entry, array) for entry, array in kept if entry.group == "model"]
        own = [(variable, entry) for variable, entry in own if entry.group == "model"]
    if len(own) != len(kept):
        raise Unfit(
            f"the model has {len(own)} variables but the trained one had {len(kept)}: it is built differently from "
            "the one that was trained"
        )
    for (variable, entry), (was, array) in zip(own, kept, strict=True):
        if tuple(variable.shape) != array.shape:
            raise Unfit(
                f"variable `{entry.path}` has shape {tuple(variable.shape)} but the trained `{was.path}` had "
                f"{array.shape}: the model is built differently from the one that was trained"
            )
    for (variable, _), (_, array) in zip(own, kept, strict=True):
        assign(variable, array)


def optimizers(model: Any) -> list[Any]:
    """Return the compiled optimizer and any others that the model keeps as attributes."""
    import keras

    candidates = [getattr(model, "optimizer", None), *vars(model).values()]
    found = {id(each): each for each in candidates if isinstance(each, keras.optimizers.Optimizer)}
    return list(found.values())


def entries(model: Any) -> list[tuple[Any, Entry]]:
    """Return every variable with its entry: the model's, the optimizers', the metrics', each once."""
    found: dict[int, tuple[Any, Entry]] = {}
    metrics = [variable for metric in model.metrics for variable in metric.variables]
    counted = {id(variable) for variable in metrics}
    for variable in model.variables:
        if id(variable) not in counted:
            what: What = "seed state" if "seed_generator_state" in variable.path else "weights"
            found[id(variable)] = variable, Entry(path=variable.path, group="model", what=what)
    for optimizer in optimizers(model):
        if not optimizer.built and model.built and len(optimizers(model)) == 1:
            optimizer.build(model.trainable_variables)
        for variable in optimizer.variables:
            entry = Entry(path=variable.path, group="optimizer", what=_part(variable.path))
            found.setdefault(id(variable), (variable, entry))
    for variable in metrics:
        entry = Entry(path=variable.path, group="metrics", what="metric state")
        found.setdefault(id(variable), (variable, entry))
    return list(found.values())


@dataclass(frozen=True)
class Snapshot:
    """Values to put back: of variables, and of the generators outside the model.

    ``whole``: every variable that there was.
    """

    whole: bool
    variables: tuple[tuple[Any, Array], ...]
    python: object
    numpy: Any
    context: object


def snapshot(model: Any, only: Sequence[Any] | None = None) -> Snapshot:
    """Remember a model's weights, optimizers, metrics and seeds, and every global generator.

    Args:
        model: left as it is.
        only: remember these variables alone; all by default.
    """
    variables = [variable for variable, _ in entries(model)] if only is None else list(only)
    variables += _global_seeds()
    return Snapshot(
        only is None,
        tuple((variable, value_of(variable)) for variable in variables),
        random.getstate(),
        np.random.get_state(),
        _context_state(),
    )


def restore(model: Any, snap: Snapshot) -> None:
    """Put back what `snapshot` remembered; metrics that came into being since then are reset."""
    known = {id(variable) for variable, _ in snap.variables}
    for variable, value in snap.variables:
        assign(variable, value)
    for metric in model.metrics if snap.whole else ():
        if metric.variables and not any(id(variable) in known for variable in metric.variables):
            metric.reset_state()
    random.setstate(snap.python)  # type: ignore[arg-type]
    np.random.set_state(snap.numpy)
    generator = _context_generator()
    if generator is not None and snap.context is not None:
        generator.setstate(snap.context)


def changed(snap: Snapshot) -> list[Any]:
    """Return the variables whose values are no longer bitwise those remembered."""
    return [v for v, value in snap.variables if _plain(value_of(v)).tobytes() != _plain(value).tobytes()]


def assign(variable: Any, array: Array) -> None:
    """Give a variable a value, raw 16 bits for bfloat16 included."""
    wanted = value_of(variable).dtype
    variable.assign(array.view(wanted) if wanted.kind == "V" and array.dtype != wanted else array)


def value_of(variable: Any) -> Array:
    """Return a copy of a variable's value."""
    return np.array((variable.value if hasattr(variable, "value") else variable).numpy())


def _plain(array: Array) -> Array:
    """Return the value in a dtype that NPZ keeps: NumPy knows no bfloat16."""
    return array.view(np.uint16) if array.dtype.kind == "V" and array.dtype.itemsize == 2 else array


def _digest(arrays: Sequence[Array]) -> str:
    total = hashlib.sha256()
    for array in arrays:
        total.update(f"{array.dtype.str}{array.shape}".encode())
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()


def _part(path: str) -> What:
    name = path.rsplit("/", 1)[-1]
    if name == "iteration":
        return "iteration count"
    return "learning rate" if name == "learning_rate" else "optimizer slots"


def _describe(example: Any) -> str:
    """Return the nested structure of one row's shapes and dtypes as JSON."""
    if example is None:
        return ""
    if isinstance(example, dict):
        return json.dumps({"dict": {key: json.loads(_describe(part)) for key, part in example.items()}})
    if isinstance(example, list | tuple):
        return json.dumps({"list": [json.loads(_describe(part)) for part in example]})
    array = np.asarray(example)
    return json.dumps({"shape": array.shape[1:], "dtype": "str" if array.dtype.kind in "OSU" else array.dtype.name})


def _zeros(described: dict[str, Any]) -> Any:
    import tensorflow as tf

    if "dict" in described:
        return {key: _zeros(part) for key, part in described["dict"].items()}
    if "list" in described:
        return [_zeros(part) for part in described["list"]]
    dtype = tf.string if described["dtype"] == "str" else described["dtype"]
    return tf.zeros((1, *described["shape"]), dtype)


def _ensure_built(model: Any, inputs: str) -> None:
    if not (model.built and model.variables) and inputs:
        before = snapshot(model)
        model(_zeros(json.loads(inputs)))
        restore(model, before)
    if not model.built:
        raise Unfit("the model is not built: call it on a batch before returning it, or declare its inputs")


def _global_seeds() -> list[Any]:
    """Return the state of Keras' seed generator for calls that name none, if there is one."""
    from keras.src.backend.common import global_state

    generator = global_state.get_global_attribute("global_seed_generator")
    return [] if generator is None else [generator.state]


def _context_generator() -> Any:
    """Return the generator that gives TensorFlow's eager operations their seeds, if it has started."""
    from tensorflow.python.eager import context

    return getattr(context.context(), "_rng", None)


def _context_state() -> object:
    generator = _context_generator()
    return None if generator is None else generator.getstate()


def largest_difference(one: Array, other: Array) -> float | None:
    """Return the largest absolute difference of two values; None where they are bitwise equal.

    Raw 16 bits count as the bfloat16 they are. NaN against NaN is no difference, against a number an
    infinite one.
    """
    if one.shape != other.shape:
        return float("inf")
    if one.dtype == other.dtype and one.tobytes() == other.tobytes():
        return None
    first, second = _floats(one), _floats(other)
    with np.errstate(invalid="ignore", over="ignore"):
        gaps = np.abs(first - second)
    alike = (np.isnan(first) & np.isnan(second)) | (first == second)
    return float(np.where(alike, 0.0, np.nan_to_num(gaps, nan=np.inf, posinf=np.inf)).max(initial=0.0))


def _floats(array: Array) -> NDArray[np.float64]:
    if array.dtype == np.uint16:
        array = (array.astype(np.uint32) << 16).view(np.float32)
    return array.astype(np.float64)
