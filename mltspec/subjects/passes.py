"""One pass of predictions over a data set: what the model says, beside the labels of the very same batches.

Labels are never taken from another pass, because a data set may come in another order each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mltspec.subjects.answers import Answers, Array, Floats
from mltspec.subjects.bench import Progress, Unfit
from mltspec.subjects.nests import Batch, is_composite, leaves, mapped, rows_of
from mltspec.subjects.piles import BLOCK_ROWS, Pile
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


@dataclass(frozen=True)
class Pass:
    """One pass over data of any size: what each block of rows saw, and what all of them did together.

    Args:
        pile: outputs, labels, weights and columns.
        rows_digest: of all rows.
        logs: what ``evaluate`` reports of all rows.
    """

    pile: Pile
    rows_digest: str
    logs: dict[str, float]

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return self.pile.rows

    def blocks(self) -> Iterator[Seen]:
        """Yield block by block, without what evaluation reports of all rows."""
        for block in self.pile:
            yield self._seen(block, {})

    def whole(self) -> Seen:
        """Return all rows at once, in memory."""
        together = Pile(None)
        for block in self.pile:
            together.add(block, rows_of(block[0]))
        return self._seen(next(iter(together)), self.logs)

    def _seen(self, block: Any, logs: dict[str, float]) -> Seen:
        outputs, labels, weights, columns = block
        return Seen(outputs, labels, weights, columns, rows_of(outputs), self.rows_digest, logs)


def watch(model: Any, batches: Iterable[Batch], evaluate: bool, progress: Progress, total: int = 0) -> Seen:
    """Predict every batch once, and hold all of it; arguments and errors are those of `watched`."""
    return watched(model, batches, evaluate, progress, total).whole()


def watched(
    model: Any,
    batches: Iterable[Batch],
    evaluate: bool,
    progress: Progress,
    total: int = 0,
    folder: Path | None = None,
    block_rows: int = BLOCK_ROWS,
) -> Pass:
    """Predict every batch once.

    Args:
        model: compiled if ``evaluate``.
        batches: inputs, labels and weights, in one pass.
        evaluate: also find the loss, and the metrics of the model's own ``test_step``.
        progress: told the rows done.
        total: how many rows there will be, 0 if that is not known.
        folder: where rows go beyond those of a block; None keeps all in memory.
        block_rows: how many rows are a block.

    Raises:
        Unfit: there are no rows.
    """
    step = tf.function(_step_of(model, evaluate), reduce_retracing=True)
    if evaluate:
        model.reset_metrics()
    pile, digest, last = Pile(folder, block_rows), RowDigest(), {}
    for x, y, weight in batches:
        outputs, last = step(*tensors((x, y, weight)))
        digest.add({"inputs": x, "labels": y, "weights": weight})
        parts = (_arrays(outputs, "outputs"), _arrays(y, "labels"), _arrays(weight, "weights"), _single_values(x))
        pile.add(parts, rows_of(x))
        progress(pile.rows, total, "rows")
    if pile.rows == 0:
        raise Unfit("the data has no rows: there is nothing to predict")
    logs = {name: float(value) for name, value in last.items() if np.ndim(value) == 0}
    return Pass(pile, digest.hex(), logs)


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
        rows_digest=digest_of_taken(seen.rows_digest, told),
        logs={},
    )


def digest_of_taken(rows_digest: str, told: str) -> str:
    """Return the digest of rows that were taken from others as is told."""
    return hashlib.sha256(f"{rows_digest} {told}".encode()).hexdigest()


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
