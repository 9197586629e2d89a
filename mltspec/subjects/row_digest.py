"""A digest of rows in their order, however they are batched: equal digests mean the same rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from mltspec.subjects.answers import Array


class RowDigest:
    """Takes in rows batch by batch; every part of the rows has a stream of its own."""

    def __init__(self) -> None:
        self._streams: dict[str, Any] = {}

    def add(self, structure: Any) -> None:
        """Take in one batch: nested arrays or tensors, rows first. None has no part in it."""
        for path, array in _arrays("", structure):
            if path not in self._streams:
                self._streams[path] = hashlib.sha256(f"{array.dtype.kind}{array.shape[1:]}".encode())
            self._streams[path].update(_bytes(array))

    def hex(self) -> str:
        """Return the digest of all rows so far, in hex."""
        parts = sorted((path, stream.hexdigest()) for path, stream in self._streams.items())
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def _arrays(path: str, structure: Any) -> Iterator[tuple[str, Array]]:
    """Yield every array with its path; a ragged tensor is its values and the lengths of its rows."""
    if structure is None:
        return
    if isinstance(structure, Mapping):
        for name in sorted(structure):
            yield from _arrays(f"{path}/{name}", structure[name])
    elif isinstance(structure, list | tuple):
        for at, part in enumerate(structure):
            yield from _arrays(f"{path}/{at}", part)
    elif isinstance(structure, tf.RaggedTensor):
        yield f"{path}#values", np.asarray(structure.flat_values)
        for level, lengths in enumerate(structure.nested_row_lengths()):
            yield f"{path}#lengths{level}", np.asarray(lengths)
    elif isinstance(structure, tf.SparseTensor):
        indices = np.asarray(structure.indices)
        yield f"{path}#values", np.asarray(structure.values)
        yield f"{path}#places", indices[:, 1:]
        yield f"{path}#lengths", np.bincount(indices[:, 0], minlength=int(structure.shape[0]))
    else:
        yield path, np.asarray(structure)


def _bytes(array: Array) -> bytes:
    """Return an array's bytes; texts carry their lengths, so that they cannot run into each other."""
    if array.dtype.kind not in "OUS":
        return np.ascontiguousarray(array).tobytes()
    texts = [value if isinstance(value, bytes) else str(value).encode() for value in array.reshape(-1)]
    return b"".join(b"%d:%s" % (len(text), text) for text in texts)
