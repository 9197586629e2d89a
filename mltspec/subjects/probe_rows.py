"""Real rows to make batches of, and what is learnt from them; ragged and sparse inputs become tables and come back.

A ragged input is two features: its values, padded to the longest row, and how long each row is. A sparse one is the
table that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import keras
import numpy as np
import tensorflow as tf

from mltspec.probes.schema import Array, Schema, derive
from mltspec.subjects.bench import Unfit
from mltspec.subjects.input_names import input_names
from mltspec.subjects.loaded import Loaded
from mltspec.subjects.nests import Batch, is_composite, leaves, mapped, taken

REAL_ROWS = 65_536
REAL_BYTES = 256 * 2**20
MOST_CELLS = 65_536
"""A row of a sparse or ragged input with more cells than this is not made a table of."""

RECKONING = (
    keras.layers.Dense,
    keras.layers.Rescaling,
    keras.layers.Normalization,
    keras.layers.BatchNormalization,
    keras.layers.LayerNormalization,
    keras.layers.Conv1D,
    keras.layers.Conv2D,
    keras.layers.Conv3D,
)
"""Layers to which a whole number is an amount; to others it may be the name of something."""

Form = Literal["dense", "ragged", "sparse"]


@dataclass(frozen=True)
class Leaf:
    """One input: its name, and in which form the model takes it."""

    name: str
    form: Form

    @property
    def width(self) -> int:
        """How many features stand for it."""
        return 2 if self.form == "ragged" else 1


@dataclass(frozen=True)
class RealRows:
    """Rows as the data holds them, made tables of.

    ``structure`` is that of inputs, labels and weights, whose leaves ``inputs`` describes; ``features`` are arrays by
    name, ``labels`` the leaves of labels and weights.
    """

    structure: tuple[Any, ...]
    inputs: tuple[Leaf, ...]
    features: dict[str, Array]
    labels: tuple[Array, ...]

    def packed(self, tensors: Sequence[Any]) -> Any:
        """Return inputs, labels and weights as ``fit`` hands them to a step, in the structures of the data."""
        flat = self._leaves(tensors)
        parts = tf.nest.pack_sequence_as(mapped(lambda leaf: 0, self.structure), flat)
        return keras.utils.pack_x_y_sample_weight(*parts) if isinstance(parts, tuple) else parts

    def packed_inputs(self, tensors: Sequence[Any]) -> Any:
        """Return the inputs alone."""
        return tf.nest.pack_sequence_as(mapped(lambda leaf: 0, self.structure[0]), self._leaves(tensors))

    def _leaves(self, tensors: Sequence[Any]) -> list[Any]:
        """Return one tensor an input from those of its features, and then all others as they are."""
        left, found = list(tensors), []
        for leaf in self.inputs:
            values = _as_keras(left.pop(0))
            if leaf.form == "ragged":
                values = tf.RaggedTensor.from_tensor(values, lengths=tf.reshape(tf.cast(left.pop(0), tf.int64), (-1,)))
            elif leaf.form == "sparse":
                values = tf.sparse.from_dense(values)
            found.append(values)
        return [*found, *map(_as_keras, left)]


def real_rows(loaded: Loaded) -> RealRows:
    """Return real rows to learn from, evenly spaced if the data is in memory, else the first.

    At most 65,536 and 256 MiB of them, but at least 32 however large one is.

    Raises:
        Unfit: an input has several ragged axes, or rows too wide to be made a table of.
    """
    one = leaves(loaded.head(1))
    composite = any(map(is_composite, one))
    row_bytes = sum(0 if is_composite(leaf) else np.asarray(leaf).nbytes for leaf in one)
    rows = min(REAL_ROWS, max(32, REAL_BYTES // max(row_bytes, 1)))
    if composite:
        return as_real_rows(loaded.head(min(rows, 4096)))
    whole = loaded.arrays()
    if whole is None or loaded.rows <= rows:
        return as_real_rows(loaded.head(rows))
    picked: Batch = taken(whole, np.linspace(0, loaded.rows - 1, rows).astype(np.int64))
    return as_real_rows(picked)


def as_real_rows(batch: Batch) -> RealRows:
    """Make tables of a batch's inputs."""
    inputs: list[Leaf] = []
    features: dict[str, Array] = {}
    for name, leaf in _named(batch[0], "input"):
        form: Form = "ragged" if _is(leaf, "Ragged") else "sparse" if _is(leaf, "Sparse") else "dense"
        inputs.append(Leaf(name, form))
        features |= _tables(name, form, leaf)
    structure = tuple(part for part in batch if part is not None)
    labels = [leaf for part in batch[1:] if part is not None for leaf in tf.nest.flatten(part)]
    if any(map(is_composite, labels)):
        raise Unfit("no batches can be made of ragged or sparse labels; make them dense")
    return RealRows(structure, tuple(inputs), features, tuple(np.asarray(leaf) for leaf in labels))


def schema_of(real: RealRows, model: Any = None) -> Schema:
    """Learn the schema of real rows, and from the model how many ids it knows.

    Raises:
        Unfit: there are no rows, or values that cannot be probed.
    """
    names = list(real.features)
    limits, measured = ({}, frozenset[str]()) if model is None else (id_limits(model, names), measures(model, names))
    lengths = {f"{leaf.name} length": leaf.name for leaf in real.inputs if leaf.form == "ragged"}
    limits |= {name: (0, real.features[values].shape[1]) for name, values in lengths.items()}
    try:
        return derive(real.features, real.labels, limits, measured)
    except ValueError as fault:
        raise Unfit(f"no batches can be made from the data: {fault}") from fault


def id_limits(model: Any, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the least and the greatest id of each input that goes straight into an embedding, by feature name."""
    sizes: dict[str, int] = {}
    for name, layer in fed_layers(model, names):
        if isinstance(layer, keras.layers.Embedding):
            sizes[name] = min(sizes.get(name, layer.input_dim), layer.input_dim)
    return {name: (0, size - 1) for name, size in sizes.items()}


def measures(model: Any, names: Sequence[str]) -> frozenset[str]:
    """Return the features that the model reckons with: all they go into takes sums or products of their values."""
    fed: dict[str, list[Any]] = {}
    for name, layer in fed_layers(model, names):
        fed.setdefault(name, []).append(layer)
    return frozenset(name for name, into in fed.items() if all(isinstance(layer, RECKONING) for layer in into))


def fed_layers(model: Any, names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield each layer that an input goes straight into, with the input's feature name."""
    declared = input_names(model)
    if set(declared) != set(names) and len(declared) == len(names):
        declared = tuple(names)
    inputs = {id(tensor): name for tensor, name in zip(getattr(model, "inputs", None) or (), declared, strict=True)}
    for layer in model._flatten_layers():
        for node in layer._inbound_nodes:
            yield from ((inputs[id(tensor)], layer) for tensor in node.input_tensors if id(tensor) in inputs)


def _tables(name: str, form: Form, leaf: Any) -> dict[str, Array]:
    if form == "dense":
        return {name: np.asarray(leaf)}
    if form == "sparse":
        _refuse_wide(name, int(np.prod(leaf.shape[1:])))
        return {name: np.asarray(tf.sparse.to_dense(tf.sparse.reorder(leaf)))}
    if leaf.ragged_rank != 1:
        raise Unfit(f"no batches can be made of `{name}`: it has {leaf.ragged_rank} ragged axes, and one can be probed")
    lengths = np.asarray(leaf.row_lengths())
    _refuse_wide(name, int(lengths.max(initial=0)) * int(np.prod(leaf.shape[2:])))
    return {name: np.asarray(leaf.to_tensor()), f"{name} length": lengths}


def _refuse_wide(name: str, cells: int) -> None:
    if cells > MOST_CELLS:
        raise Unfit(f"no batches can be made of `{name}`: a row has {cells:,} cells, and up to {MOST_CELLS:,} can be")


def _is(leaf: Any, form: str) -> bool:
    return is_composite(leaf) and type(leaf).__name__.startswith(form)


def _named(structure: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield leaves with names, in the order in which a structure is flattened.

    A feature of a dict is named by its key, ``images``, one of a list by its place, ``input 1``.
    """
    if isinstance(structure, dict):
        for key in sorted(structure):
            yield from _named(structure[key], str(key) if name == "input" else f"{name}/{key}")
    elif isinstance(structure, list | tuple):
        for place, part in enumerate(structure):
            yield from _named(part, f"{name} {place}")
    else:
        yield name, structure


def _as_keras(tensor: Any) -> Any:
    """Cast doubles as ``model.fit`` casts arrays."""
    return tf.cast(tensor, keras.config.floatx()) if tensor.dtype == tf.float64 else tensor
