"""Rows made up from what a model declares of its inputs: types, shapes, ids and vocabularies; no data is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from mltspec.probes.schema import Array
from mltspec.subjects.bench import Unfit
from mltspec.subjects.nests import mapped
from mltspec.subjects.probe_rows import RealRows, as_real_rows, fed_layers, id_limits

ROWS = 512
LENGTH = 8
"""How long an axis is made that the model lets vary."""
FEW_IDS = 2
"""How many ids there are where the model does not say: zero and one fit every table that has two rows."""
WORDS = ("", "a", "word", "two words", "ÄÖ", "0")


def made_up_rows(model: Any, seed: int) -> RealRows:
    """Return rows that a model's inputs allow, equal for equal seeds.

    Numbers are drawn around zero with a deviation of one; ids up to what an embedding knows; texts from the vocabulary
    of a lookup, where there is one. There are no labels.

    Raises:
        Unfit: the model declares no inputs, as a subclassed one does not, or one of a type that cannot be made up.
    """
    inputs = getattr(model, "inputs", None)
    if not inputs:
        raise Unfit("the model declares no inputs to make batches from; write `from DATA`")
    dice = np.random.default_rng(seed)
    names = [str(tensor.name) for tensor in inputs]
    limits, words = id_limits(model, names), dict(_vocabularies(model, names))
    rows = {
        id(tensor): _drawn(tensor, name, limits.get(name, (0, FEW_IDS - 1)), words.get(name, WORDS), dice)
        for tensor, name in zip(inputs, names, strict=True)
    }
    struct = getattr(model, "_inputs_struct", None)
    return as_real_rows((mapped(lambda tensor: rows[id(tensor)], inputs[0] if struct is None else struct), None, None))


def _drawn(tensor: Any, name: str, ids: tuple[int, int], words: tuple[str, ...], dice: np.random.Generator) -> Array:
    if getattr(tensor, "sparse", False) or getattr(tensor, "ragged", False):
        raise Unfit(f"input `{name}` is sparse or ragged, of which none is made up; write `from DATA`")
    shape = (ROWS, *(LENGTH if size is None else size for size in tensor.shape[1:]))
    kind = keras.backend.standardize_dtype(tensor.dtype)
    if kind == "string":
        return np.array(words, dtype=object)[dice.integers(0, len(words), shape)]
    if kind == "bool":
        return dice.integers(0, 2, shape).astype(bool)
    if "int" in kind:
        return dice.integers(ids[0], ids[1] + 1, shape).astype(kind)
    if "float" in kind:
        return dice.standard_normal(shape).astype("float32").astype(kind if kind != "bfloat16" else "float32")
    raise Unfit(f"input `{name}` is of type {kind}, of which none is made up; write `from DATA`")


def _vocabularies(model: Any, names: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the words of each input that goes straight into a lookup or a vectorisation of texts."""
    for name, layer in fed_layers(model, names):
        if isinstance(layer, keras.layers.StringLookup | keras.layers.TextVectorization):
            words = tuple(map(str, layer.get_vocabulary()))
            if words:
                yield name, words
