"""Rows as tensors: as `fit` gives them to a training step, picked out, and described whatever their number."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mltspec.subjects.nests import Batch, is_composite, mapped


def given(batch: Batch) -> tuple[Any, ...]:
    """Return the parts of the batch that are there."""
    x, y, weight = batch
    if y is None:
        return (x,)
    return (x, y) if weight is None else (x, y, weight)


def packed(batch: Batch) -> Any:
    """Return the batch as ``fit`` hands it to a training step: inputs alone where there is nothing else."""
    return keras.utils.pack_x_y_sample_weight(*batch)


def still(batch: Batch, in_memory: bool) -> Batch:
    """Return a batch as tensors; doubles of arrays in memory become singles, as ``fit`` makes them."""

    def tensor(leaf: Any) -> Any:
        if is_composite(leaf):
            return leaf
        made = tf.convert_to_tensor(leaf)
        return tf.cast(made, keras.config.floatx()) if in_memory and made.dtype == tf.float64 else made

    x, y, weight = (mapped(tensor, part) for part in batch)
    return x, y, weight


def picked(batch: Batch, at: Any) -> Batch:
    """Return these rows of a batch of tensors."""
    places = tf.constant(np.asarray(at, np.int32))
    x, y, weight = (mapped(lambda leaf: tf.gather(leaf, places), part) for part in batch)
    return x, y, weight


def any_rows(leaf: Any) -> Any:
    """Return the signature of such a leaf with any number of rows."""
    if isinstance(leaf, tf.RaggedTensor):
        shape = (None, *leaf.shape[1:])
        return tf.RaggedTensorSpec(shape, leaf.dtype, leaf.ragged_rank, leaf.row_splits.dtype)
    if is_composite(leaf):
        return tf.SparseTensorSpec((None, *leaf.shape[1:]), leaf.dtype)
    return tf.TensorSpec((None, *leaf.shape[1:]), leaf.dtype)
