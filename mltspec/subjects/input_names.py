"""The names of a model's inputs, in the order in which a list of them is taken."""

from __future__ import annotations

from typing import Any


def input_names(model: Any) -> tuple[str, ...]:
    """Return the names of a built model's inputs; none where it declares none, as a subclassed one does."""
    struct = getattr(model, "_inputs_struct", None)
    inputs = getattr(model, "inputs", None) or ()
    if isinstance(struct, dict):
        # Keras lists them by their keys, sorted, in whatever order the dictionary was written.
        keys = {id(tensor): str(key) for key, tensor in struct.items()}
        return tuple(keys[id(tensor)] for tensor in inputs)
    return tuple(str(tensor.name) for tensor in inputs)
