"""A SavedModel as a server holds it: loaded without Keras, called with arrays by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from mltspec.serving.local.repository import BadInput, Tensor


class SavedModel:
    """A version under its serving signature.

    Raises:
        LookupError: the folder holds no signature to serve.
    """

    def __init__(self, folder: Path) -> None:
        self._loaded = tf.saved_model.load(str(folder))
        signatures = self._loaded.signatures
        if not signatures:
            raise LookupError(f"the SavedModel `{folder.name}` has no signature, so no server can call it")
        chosen = "serving_default" if "serving_default" in signatures else sorted(signatures)[0]
        self._signature = signatures[chosen]
        specs = self._signature.structured_input_signature[1]
        self._specs = {name: specs[name] for name in sorted(specs)}
        self.inputs = {name: _tensor(spec) for name, spec in self._specs.items()}
        outputs = self._signature.structured_outputs
        self.outputs = {name: _tensor(outputs[name]) for name in sorted(outputs)}

    def __call__(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer rows; arrays that do not fit the signature are the caller's fault."""
        fed = {name: self._fed(name, array) for name, array in inputs.items()}
        answers = self._signature(**fed)
        return {name: answers[name].numpy() for name in self.outputs}

    def _fed(self, name: str, array: Any) -> Any:
        spec = self._specs[name]
        if not spec.shape.is_compatible_with(array.shape):
            raise BadInput(f"input `{name}` takes shape {_shape(spec.shape)}, not {tuple(array.shape)}")
        return tf.constant(array, dtype=spec.dtype)


def _tensor(spec: Any) -> Tensor:
    return Tensor(spec.dtype.name, None if spec.shape.rank is None else tuple(spec.shape.as_list()))


def _shape(shape: Any) -> str:
    return "any" if shape.rank is None else str(tuple("rows" if size is None else size for size in shape.as_list()))
