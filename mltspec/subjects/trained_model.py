"""A trained model restored, and asked without a trace: answers, evaluation, compiled loss."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mltspec.evidence.training import TrainingAsk
from mltspec.subjects import framework, models, state
from mltspec.subjects.answers import Answers
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.compiled import close
from mltspec.subjects.nests import Batch, is_composite, joined, leaves, mapped, rows_of, taken
from mltspec.subjects.passes import Seen, heads
from mltspec.subjects.trained_rows import Rows

VALUES_AT_ONCE = 2**20
"""About so many input values go through the model at a time."""


@dataclass(frozen=True)
class Scored:
    """Rows with the model's answers.

    Args:
        rows: what was answered.
        seen: answers and labels side by side, without sample weights.
        heads: the same by output.
        logs: what evaluation reports; empty where the model cannot be evaluated.
        loss: the compiled loss of the answers, where that is what evaluation reports; None otherwise.
        penalty: what regularisers add to it.
    """

    rows: Rows
    seen: Seen
    heads: dict[str, Answers]
    logs: dict[str, float] = field(default_factory=dict)
    loss: float | None = None
    penalty: float = 0.0


class Restored:
    """A model in the state that training left it in. All calls run eagerly: tracing costs more than a few batches.

    Args:
        model: built and loaded.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self._trusted: bool | None = None

    def answers(self, inputs: Any) -> Any:
        """Return what ``predict`` would, (rows, ...) each."""
        return self._answered(inputs, lambda x: keras.Model.predict_step(self.model, (x,)))

    def called(self, inputs: Any, **mode: bool) -> Any:
        """Return what calling the model answers, in training mode if ``training=True`` is given."""
        return self._answered(inputs, lambda x: self.model(x, **mode))

    def _answered(self, inputs: Any, answer: Any) -> Any:
        parts = []
        for chunk in chunks(inputs):
            found = answer(mapped(tensor, chunk))
            if any(is_composite(leaf) for leaf in leaves(found)):
                raise Unfit("the outputs are ragged or sparse and cannot be compared row by row; make them dense")
            parts.append((mapped(_array, found), None, None))
        return joined(parts)[0]

    def score(self, rows: Rows) -> Scored:
        """Answer rows, and evaluate them if the model can be evaluated.

        The first rows, which ought to be the training rows, show whether the compiled loss of the answers is the loss
        that evaluation reports: Keras may take logits from behind a softmax, and answers that are certain and wrong
        then have another loss than these logits.
        """
        x, y, _ = rows.batch
        if y is None:
            y = _given_back(x, self.model)
        seen = Seen(self.answers(x), y, None, {}, rows.count, "", {})
        weighted = Seen(seen.outputs, y, rows.batch[2], {}, rows.count, "", {})
        found = heads(weighted, self.model) if y is not None else {}
        logs, penalty = self._evaluated(rows.batch)
        if self._trusted is None:
            # Weights change what is reported, so it is compared with the weighted loss.
            told, reported = self.data_loss(seen.outputs, y, rows.batch[2]), logs.get("loss", math.nan)
            self._trusted = told is not None and (close(reported, told) or close(reported - penalty, told))
        loss = self.data_loss(seen.outputs, y) if self._trusted else None
        return Scored(rows, seen, found, logs, loss, penalty)

    def data_loss(self, outputs: Any, labels: Any, weights: Any = None) -> float | None:
        """Return the compiled loss of any outputs without penalties; None if there is none or it refuses them."""
        loss = getattr(self.model, "_compile_loss", None)
        if loss is None or labels is None:
            return None
        try:
            return float(loss(*(mapped(tensor, part) for part in (labels, outputs, weights))))
        except (ValueError, TypeError, KeyError, tf.errors.OpError):
            return None

    def losses(self, labels: Any, outputs: Any) -> NDArray[np.float64] | None:
        """Return the compiled loss of each row, (rows,), up to the loss' own reduction and weight.

        Keras' losses tell rows apart before they reduce. That this is the loss that training takes, whatever its
        reduction, is proven by two sets of outputs: both must stand to their reduced loss alike.

        Returns:
            None if the loss tells no rows apart (contrastive, several heads), or there is none.
        """
        flat = list(getattr(getattr(self.model, "_compile_loss", None), "_flat_losses", None) or ())
        if len(flat) != 1 or len(leaves(labels)) != 1 or len(leaves(outputs)) != 1:
            return None
        y, answered = leaves(labels)[0], leaves(outputs)[0]
        found = [_by_row(flat[0].loss, y, each) for each in (answered, answered[::-1])]
        whole = [self.data_loss(each, labels) for each in (outputs, mapped(lambda leaf: leaf[::-1], outputs))]
        if found[0] is None or found[1] is None or whole[0] is None or whole[1] is None:
            return None
        crossed = whole[0] * float(found[1].mean()), whole[1] * float(found[0].mean())
        return found[0] if close(*crossed) else None

    def _evaluated(self, batch: Batch) -> tuple[dict[str, float], float]:
        """Return what evaluation reports of rows, and the penalties in it; nothing where it cannot be done."""
        x, y, weight = batch
        if y is None and getattr(self.model, "loss", None) is not None:
            return {}, 0.0
        try:
            self.model.reset_metrics()
            given = tuple(mapped(tensor, part) for part in (x, y, weight) if part is not None)
            logs = self.model.test_step(given)
            penalty = float(sum(float(loss) for loss in self.model.losses))
        except Exception:
            # The model's own evaluation may need what a look does not have; then nothing is compared with it.
            return {}, 0.0
        found = {name: float(value) for name, value in (logs or {}).items() if np.ndim(value) == 0}
        self.model.reset_metrics()
        return found, penalty


def _by_row(loss: Any, labels: Any, outputs: Any) -> NDArray[np.float64] | None:
    """Return what a Keras loss says of each row before it reduces, (rows,); None where it has reduced already."""
    try:
        each = np.asarray(loss.call(*(tf.cast(tensor(part), keras.config.floatx()) for part in (labels, outputs))))
    except (ValueError, TypeError, AttributeError, tf.errors.OpError):
        return None
    if each.ndim == 0 or len(each) != len(outputs):
        return None
    return np.asarray(each.astype(np.float64).reshape(len(each), -1).mean(axis=1))


def chunks(inputs: Any) -> list[Any]:
    """Return inputs in parts small enough for any model."""
    total = rows_of(inputs)
    values = sum(1024 if is_composite(leaf) else int(np.prod(np.shape(leaf)[1:])) for leaf in leaves(inputs))
    size = max(1, min(total, VALUES_AT_ONCE // max(1, values)))
    return [taken(inputs, slice(start, start + size)) for start in range(0, total, size)]


def tensor(leaf: Any) -> Any:
    """Return an array as ``fit`` hands it to the model: doubles in Keras' own precision."""
    if is_composite(leaf):
        return leaf
    made = tf.convert_to_tensor(leaf)
    return tf.cast(made, keras.config.floatx()) if made.dtype == tf.float64 else made


def _array(leaf: Any) -> Any:
    array = np.asarray(leaf)
    return array.astype(np.float32) if array.dtype.kind in "fV" and array.dtype.itemsize < 4 else array


def _given_back(inputs: Any, model: Any) -> Any:
    """Return the input as the labels of a model without any that answers in its input's shape."""
    found = [leaf for leaf in leaves(inputs) if not is_composite(leaf)]
    shape = getattr(model, "output_shape", None) if getattr(model, "outputs", None) else None
    if len(found) == 1 and isinstance(shape, tuple) and shape[1:] == np.shape(found[0])[1:]:
        return found[0] if np.asarray(found[0]).dtype.kind == "f" else None
    return None


def load(run: TrainingAsk, file: Path, example: Any, bench: Bench) -> tuple[Restored, list[Any]]:
    """Build the model of a run and give it the state that training left.

    Args:
        run: which model, and from which seed.
        file: the state.
        example: inputs of a row: layers of a subclassed model come into being at the first call.
        bench: the roots that hold the user's code.

    Returns:
        The model, and its trainable weights as they were before training.
    """
    framework.prepare(run.seed, bench.threads)
    model = models.build(run.model, bench)
    if not model.built:
        keras.Model.predict_step(model, (mapped(tensor, example),))
    start = [state.value_of(variable) for variable in model.trainable_variables]
    _give_weights(model, file)
    return Restored(model), start


def _give_weights(model: Any, file: Path) -> None:
    """Give a model the weights that a state file holds; its optimizers, of which it may have several, stay as new."""
    listed, arrays = state.read_state(file)
    kept = [(entry, array) for entry, array in zip(listed, arrays, strict=True) if entry.group == "model"]
    own = [variable for variable, entry in state.entries(model) if entry.group == "model"]
    if [tuple(variable.shape) for variable in own] != [array.shape for _, array in kept]:
        raise Unfit(
            f"the model has {len(own)} weights but the trained one had {len(kept)}, or others: it is built differently "
            "from the one that was trained"
        )
    for variable, (_, array) in zip(own, kept, strict=True):
        state.assign(variable, array)
