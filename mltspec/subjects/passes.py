"""One pass of predictions over a data set: what the model says, beside the labels of the very same batches.

Labels are never taken from another pass, because a data set may come in another order each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mltspec.subjects.answers import Answers, Array, Floats
from mltspec.subjects.bench import Progress, Unfit
from mltspec.subjects.nests import Batch, is_composite, joined, leaves, mapped, rows_of
from mltspec.subjects.row_digest import RowDigest


@dataclass(frozen=True)
class Seen:
    """What one pass saw, all arrays in the order of the data.

    Args:
        outputs: the model's structure of arrays, (rows, ...) each.
        labels: the data's structure of arrays, or None.
        weights: the data's structure of sample weights, or None.
        columns: inputs that are one value a row, by name.
        rows: how many rows there were.
        rows_digest: of inputs, labels and weights in order, whatever the batches.
        logs: what ``evaluate`` reports; empty where it was not asked.
    """

    outputs: Any
    labels: Any
    weights: Any
    columns: dict[str, Array]
    rows: int
    rows_digest: str
    logs: dict[str, float]


def watch(model: Any, batches: Iterable[Batch], evaluate: bool, progress: Progress, total: int = 0) -> Seen:
    """Predict every batch once.

    Args:
        model: compiled if ``evaluate``.
        batches: inputs, labels and weights, in one pass.
        evaluate: also find the loss, and the metrics of the model's own ``test_step``.
        progress: told the rows done.
        total: how many rows there will be, 0 if that is not known.

    Raises:
        Unfit: there are no rows.
    """
    step = tf.function(_step_of(model, evaluate), reduce_retracing=True)
    if evaluate:
        model.reset_metrics()
    kept = _Kept()
    for x, y, weight in batches:
        outputs, logs = step(*tensors((x, y, weight)))
        kept.add((x, y, weight), outputs, logs)
        progress(kept.rows, total, "rows")
    if kept.rows == 0:
        raise Unfit("the data has no rows: there is nothing to predict")
    return kept.seen()


def taken(seen: Seen, at: NDArray[np.intp], told: str) -> Seen:
    """Return some rows of a pass; what evaluation reported of all of them is left out.

    Args:
        seen: the pass.
        at: (rows,), which rows.
        told: how they were chosen; goes into the digest.
    """
    return replace(
        seen,
        outputs=mapped(lambda leaf: leaf[at], seen.outputs),
        labels=mapped(lambda leaf: leaf[at], seen.labels),
        weights=mapped(lambda leaf: leaf[at], seen.weights),
        columns={name: column[at] for name, column in seen.columns.items()},
        rows=len(at),
        rows_digest=hashlib.sha256(f"{seen.rows_digest} {told}".encode()).hexdigest(),
        logs={},
    )


def tensors(nest: Any) -> Any:
    """Return a structure of tensors, as a data set gives it: texts too, and equal shapes are traced once."""
    return mapped(lambda leaf: leaf if is_composite(leaf) else tf.convert_to_tensor(leaf), nest)


def heads(seen: Seen, model: Any) -> dict[str, Answers]:
    """Return each output's labels and scores; a model with one output has one head named ``""``.

    Outputs without labels, or with ragged ones, have no head.
    """
    outputs = _named(seen.outputs, model)
    if len(outputs) == 1:
        labels, weights = ({name: _only(part) for name in outputs} for part in (seen.labels, seen.weights))
    else:
        labels, weights = _named(seen.labels, model), _named(seen.weights, model)
    return {
        name: Answers(
            truth=labels[name],
            score=score if score.ndim > 1 else score[:, None],
            weights=_row_weights(weights.get(name, weights.get(""))),
            logits=_says_logits(model, name),
        )
        for name, score in outputs.items()
        if labels.get(name) is not None and score.dtype.kind in "fiub" and labels[name].dtype.kind in "fiub"
    }


def _step_of(model: Any, evaluate: bool) -> Any:
    """Return what is done with each batch: the model's outputs, and what evaluation reports so far."""

    def step(x: Any, y: Any, weight: Any) -> tuple[Any, Any]:
        logs = model.test_step((x, y) if weight is None else (x, y, weight)) if evaluate else {}
        return keras.Model.predict_step(model, (x,)), logs

    return step


@dataclass
class _Kept:
    """What is gathered batch by batch."""

    rows: int = 0
    parts: list[tuple[Any, Any, Any]] = field(default_factory=list)
    columns: dict[str, list[Array]] = field(default_factory=dict)
    digest: RowDigest = field(default_factory=RowDigest)
    logs: dict[str, float] = field(default_factory=dict)

    def add(self, batch: Batch, outputs: Any, logs: Any) -> None:
        x, y, weight = batch
        self.digest.add({"inputs": x, "labels": y, "weights": weight})
        self.parts.append((_arrays(outputs, "outputs"), _arrays(y, "labels"), _arrays(weight, "weights")))
        for name, values in _single_values(x).items():
            self.columns.setdefault(name, []).append(values)
        self.logs = {name: float(value) for name, value in logs.items() if np.ndim(value) == 0}
        self.rows += rows_of(x)

    def seen(self) -> Seen:
        outputs, labels, weights = joined(self.parts)
        return Seen(
            outputs=outputs,
            labels=labels,
            weights=weights,
            columns={name: np.concatenate(values) for name, values in self.columns.items()},
            rows=self.rows,
            rows_digest=self.digest.hex(),
            logs=self.logs,
        )


def _arrays(structure: Any, what: str) -> Any:
    """Return dense arrays; names what is ragged or sparse."""
    if any(is_composite(leaf) for leaf in leaves(structure)):
        raise Unfit(f"the {what} are ragged or sparse and cannot be compared row by row; make them dense")
    return mapped(np.asarray, structure)


def _single_values(x: Any) -> dict[str, Array]:
    """Return the inputs that are one value a row, by name."""
    if not isinstance(x, dict):
        return {}
    dense = {name: np.asarray(leaf) for name, leaf in x.items() if not is_composite(leaf)}
    return {name: values.reshape(-1) for name, values in dense.items() if values.ndim and values.size == len(values)}


def _named(structure: Any, model: Any) -> dict[str, Any]:
    """Return a structure of several outputs by name; a single one is named ``""``."""
    if isinstance(structure, dict):
        return dict(structure)
    if isinstance(structure, list | tuple):
        names = getattr(model, "output_names", None) or [f"output_{at}" for at in range(len(structure))]
        return dict(zip(names, structure, strict=False))
    return {} if structure is None else {"": structure}


def _only(structure: Any) -> Any:
    """Return the one array of a structure, or None where there is none or are several."""
    found = leaves(structure)
    return found[0] if len(found) == 1 else None


def _row_weights(weights: Any) -> Floats | None:
    """Return one weight a row; weights of single positions are averaged."""
    if weights is None:
        return None
    each: Floats = np.asarray(weights, np.float64).reshape(len(weights), -1)
    return np.asarray(each.mean(axis=1))


def _says_logits(model: Any, head: str) -> bool:
    """Tell whether the loss takes logits and the head has no activation that bounds them."""
    loss = getattr(model, "loss", None)
    if isinstance(loss, dict):
        loss = loss.get(head)
    named = [layer for layer in model.layers if layer.name == head] or model.layers[-1:]
    activation = getattr(getattr(named[0], "activation", None), "__name__", "") if named else ""
    return bool(getattr(loss, "from_logits", False)) and activation not in {"sigmoid", "softmax"}
