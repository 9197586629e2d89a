"""A SavedModel loaded without Keras and asked as a server is: flat inputs by name, answers by name."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mltspec.plan.subject import Model
from mltspec.subjects.bench import Bench
from mltspec.subjects.input_names import input_names
from mltspec.subjects.nests import leaves
from mltspec.subjects.skew_relation import distance
from mltspec.subjects.targets import call

STIRRED = 0.05
MOST_SWAPPED = 4
"""So many inputs, or answers, are tried in every order."""


@dataclass(frozen=True)
class Served:
    """A loaded SavedModel under its serving signature. ``wanted`` are its inputs by name, ``variables`` its own."""

    signature: Any
    wanted: Mapping[str, Any]
    names: tuple[str, ...]

    def ask(self, inputs: Any) -> list[Any]:
        """Call it as a server does, flat inputs by name; outputs come in the order of their names."""
        return self.by_name(by_name_of(inputs, list(self.wanted), self.names))

    def fed(self, inputs: Any) -> dict[str, Any]:
        """Return inputs as the signature takes them, arrays by name."""
        by_name = by_name_of(inputs, list(self.wanted), self.names)
        return {name: np.asarray(as_wanted(by_name[name], spec)) for name, spec in self.wanted.items()}

    def by_name(self, fed: Mapping[str, Any]) -> list[Any]:
        """Call it with these inputs."""
        answers = self.signature(**{name: as_wanted(fed[name], spec) for name, spec in self.wanted.items()})
        return [np.asarray(answers[name]) for name in sorted(answers)]


def export(subject: Model, model: Any, bench: Bench, folder: Path | None = None) -> Served:
    """Export as the user does, into a new folder, and load what was written."""
    folder = folder or bench.folder / "exported"
    if subject.export is None:
        model.export(str(folder), verbose=False)
    else:
        call(subject.export, bench, model, str(folder))
    loaded = tf.saved_model.load(str(folder))
    signatures = loaded.signatures
    if not signatures:
        raise LookupError("the SavedModel has no signature, so no server can call it")
    chosen = "serving_default" if "serving_default" in signatures else sorted(signatures)[0]
    signature = signatures[chosen]
    # The signature holds its variables weakly; what was loaded must outlive it.
    signature.loaded = loaded
    return Served(signature, signature.structured_input_signature[1], input_names(model))


def stir(model: Any, seed: int) -> None:
    """Move every weight a little, so that none is zero and every input matters to the answers."""
    generator = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        if "float" in str(variable.dtype):
            value = np.asarray(keras.ops.convert_to_numpy(variable), np.float32)
            scale = max(STIRRED, STIRRED * float(np.abs(value).mean()))
            variable.assign(value + generator.normal(0.0, scale, value.shape).astype(np.float32))


def apart(one: Sequence[Any], other: Sequence[Any]) -> float:
    """Return the largest difference of two lists of answers, relative above 1; infinite where shapes differ."""
    if len(one) != len(other):
        return math.inf
    return max((_apart(np.asarray(a), np.asarray(b)) for a, b in zip(one, other, strict=True)), default=0.0)


def _apart(a: Any, b: Any) -> float:
    if a.shape != b.shape:
        return math.inf
    if a.dtype.kind not in "biuf" or b.dtype.kind not in "biuf":
        return 0.0 if np.array_equal(a, b) else math.inf
    return float(distance(a.astype(np.float64), b.astype(np.float64)).max(initial=0.0))


def one_size(model: Any, served: Served) -> str:
    """Return what the signature says of its rows where it was traced for so many alone, though the model was not."""
    if any(tensor.shape[0] is not None for tensor in getattr(model, "inputs", None) or ()):
        return ""
    fixed = [f"`{name}` has shape {tuple(spec.shape)}" for name, spec in served.wanted.items() if _rows(spec)]
    return f"its input {fixed[0]}" if fixed else ""


def _rows(spec: Any) -> int | None:
    return spec.shape[0] if spec.shape.rank else None


def matching(served: list[Any], memory: list[Any]) -> list[Any]:
    """Return served answers in the model's order: by name they are sorted, and an export may add answers of its own."""
    if len(served) < len(memory) or len(served) > MOST_SWAPPED:
        return served
    orders = (list(order) for order in itertools.permutations(served, len(memory)))
    return min(orders, key=lambda order: apart(memory, order))


def as_wanted(value: Any, spec: Any) -> Any:
    """Return an input as a signature takes it; a column of single values may lack its last axis."""
    tensor = tf.convert_to_tensor(value) if spec.dtype == tf.string else tf.cast(value, spec.dtype)
    lacks = spec.shape.rank is not None and spec.shape.rank == tensor.shape.rank + 1 and spec.shape[-1] == 1
    return tf.expand_dims(tensor, -1) if lacks else tensor


def by_name_of(inputs: Any, wanted: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return the inputs under the names that a signature wants."""
    if isinstance(inputs, Mapping) and set(wanted) <= set(inputs):
        return {name: inputs[name] for name in wanted}
    flat = leaves(inputs)
    if len(flat) == len(wanted) == 1:
        return {wanted[0]: flat[0]}
    if isinstance(inputs, list | tuple) and set(wanted) == set(names) and len(flat) == len(names):
        return dict(zip(names, flat, strict=True))
    given = list(inputs) if isinstance(inputs, Mapping) else [f"input {at}" for at in range(len(flat))]
    raise LookupError(
        f"the signature wants inputs {', '.join(sorted(wanted))}, and the data gives {', '.join(map(str, given))}"
    )
