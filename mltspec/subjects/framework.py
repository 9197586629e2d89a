"""TensorFlow made ready to measure: quiet, deterministic, with its threads and memory bounded."""

from __future__ import annotations

import contextlib
import os
from typing import Any

_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2", "GRPC_VERBOSITY": "ERROR"}


def prepare(seed: int, threads: int) -> None:
    """Set the framework up in this process and seed every generator; call it again to seed anew.

    Threads and memory can be set only before TensorFlow starts its context. Where user code has started
    it already, what it chose stands.

    Args:
        seed: for Python's, NumPy's and TensorFlow's generators.
        threads: at most so many for the operations of one step.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    import keras
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    with contextlib.suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    for gpu in tf.config.list_physical_devices("GPU"):
        with contextlib.suppress(RuntimeError, ValueError):
            tf.config.experimental.set_memory_growth(gpu, True)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)


def device(model: Any) -> str:
    """Return the kind of device that a model's variables lie on: ``CPU`` or ``GPU``."""
    for variable in model.variables:
        name = getattr(variable.value, "device", "") or ""
        return "GPU" if "GPU" in name.upper() else "CPU"
    return "CPU"
