"""A SavedModel behind Triton's Python backend; copied beside each version, and run in the backend's own process.

Triton's stub ignores PYTHONPATH, and was built for NumPy 1: with NumPy 2 it passes on wrong numbers and says nothing.
"""

import os
import site
import sys

for _folder in filter(None, os.environ.get("MLTSPEC_TRITON_SITE", "").split(os.pathsep)):
    site.addsitedir(_folder)
    sys.path.insert(0, _folder)
sys.path.insert(0, os.environ["MLTSPEC_TRITON_NUMPY"])

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
import triton_python_backend_utils as backend  # noqa: E402


class TritonPythonModel:
    """One version."""

    def initialize(self, args: dict[str, str]) -> None:
        """Load the SavedModel that lies beside this file."""
        folder = os.path.join(args["model_repository"], args["model_version"], "model.savedmodel")  # noqa: PTH118
        self._loaded = tf.saved_model.load(folder)
        signatures = self._loaded.signatures
        chosen = "serving_default" if "serving_default" in signatures else sorted(signatures)[0]
        self._call = signatures[chosen]
        self._inputs = sorted(self._call.structured_input_signature[1])

    def execute(self, requests: list) -> list:  # type: ignore[type-arg]
        """Answer each request."""
        return [self._answered(request) for request in requests]

    def _answered(self, request: object) -> object:
        try:
            fed = {name: backend.get_input_tensor_by_name(request, name).as_numpy() for name in self._inputs}
            answers = self._call(**{name: tf.constant(array) for name, array in fed.items()})
            return backend.InferenceResponse([_tensor(name, answers[name]) for name in sorted(answers)])
        except Exception as error:
            return backend.InferenceResponse([], backend.TritonError(f"{type(error).__name__}: {error}"))


def _tensor(name: str, value: object) -> object:
    if value.dtype == tf.string:  # type: ignore[attr-defined]
        return backend.Tensor(name, np.asarray(value, dtype=object))
    return backend.Tensor.from_dlpack(name, tf.experimental.dlpack.to_dlpack(value))
