"""The names of a model's inputs, in the order in which a list of them is taken."""

from __future__ import annotations

from typing import Any


def input_names(model: Any) -> tuple[str, ...]:
    """Return the names of a built model's inputs; none where it declares none, as a subclassed one does."""
    struct = getattr(model, "_inputs_struct", None)
    if isinstance(struct, dict):
        return tuple(map(str, struct))
    return tuple(str(tensor.name) for tensor in getattr(model, "inputs", None) or ())
