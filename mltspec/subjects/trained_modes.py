"""The same rows in inference mode again, by calling the model, and in training mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np

from mltspec.evidence.trained import Bounds, ModesLook
from mltspec.subjects import state
from mltspec.subjects.nests import leaves, mapped, rows_of, taken
from mltspec.subjects.observers.reload import difference
from mltspec.subjects.trained_calls import Call, recorded
from mltspec.subjects.trained_measures import Judged, gain_over_trivial
from mltspec.subjects.trained_model import Restored, Scored, tensor

MODE_ROWS = 128
RANDOM = ("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "SpatialDropout")
NORMALISING = ("BatchNormalization",)


@dataclass(frozen=True)
class Modes:
    """What was seen, and the forward pass in inference mode: calls of layers, and what the model answered."""

    look: ModesLook
    calls: list[Call]
    outputs: Any


def look_at_modes(
    restored: Restored, scored: Scored, heads: Mapping[str, Judged], declares: Mapping[str, Any]
) -> Modes:
    """Answer rows in both modes; the model is left as it was found.

    Args:
        restored: the trained model.
        scored: training rows with its answers.
        heads: the heads that ought to be good.
        declares: what is intended.
    """
    inputs = taken(scored.rows.batch[0], slice(0, MODE_ROWS))
    before = state.snapshot(restored.model)
    predicted = restored.answers(inputs)
    again = difference(predicted, restored.answers(inputs))
    with recorded() as calls:
        outputs = restored.model(mapped(tensor, inputs))
    called = mapped(np.asarray, outputs)
    called_again = difference(called, mapped(np.asarray, restored.model(mapped(tensor, inputs))))
    moved = _moved(restored.model, before)
    state.restore(restored.model, before)
    trained, training_calls = _in_training(restored, scored.rows.batch[0])
    state.restore(restored.model, before)
    stateful = any(getattr(layer, "stateful", False) for layer in restored.model._flatten_layers())
    kinds = [(call.layer, type(call.layer).__name__) for call in training_calls]
    # Layers of a model within the model may be held in inference mode on purpose.
    own = {id(layer) for layer in restored.model.layers}
    gains = _gains(heads, scored, trained)
    sizes = [float(np.abs(leaf).max(initial=0.0)) for leaf in leaves(predicted) if leaf.dtype.kind == "f"]
    look = ModesLook(
        rows=rows_of(inputs),
        size=max(sizes, default=0.0),
        again=0.0 if stateful else again,
        called=difference(predicted, called) if _plain_prediction(restored.model) and not stateful else None,
        called_again=0.0 if stateful else called_again,
        state_changed=() if stateful else moved,
        random_layers=_names([layer for layer, kind in kinds if id(layer) in own and _is_random(layer, kind)]),
        normalising_layers=_names([layer for layer, kind in kinds if kind in NORMALISING and layer.trainable]),
        differs=None if trained is None else difference(scored.seen.outputs, trained),
        training_gain=gains[0],
        inference_gain=gains[1],
        stochastic_declared=bool(declares.get("stochastic_inference")),
    )
    return Modes(look, calls, outputs)


def _in_training(restored: Restored, inputs: Any) -> tuple[Any, list[Call]]:
    with recorded(keep=False) as calls:
        try:
            return restored.called(inputs, training=True), calls
        except Exception:
            # A model that takes no mode, or needs labels in training, is looked at in inference mode alone.
            return None, []


def _moved(model: Any, before: state.Snapshot) -> tuple[str, ...]:
    """Return the weights that answering has changed; seeds and metrics are no weights."""
    weights = {id(variable): entry.path for variable, entry in state.entries(model)
               if entry.group == "model" and entry.what == "weights"}  # fmt: skip
    return tuple(weights[id(variable)] for variable in state.changed(before) if id(variable) in weights)


def _plain_prediction(model: Any) -> bool:
    return type(model).predict_step is keras.Model.predict_step


def _is_random(layer: Any, kind: str) -> bool:
    return kind.startswith(RANDOM) and float(getattr(layer, "rate", getattr(layer, "stddev", 1.0)) or 0.0) > 0


def _names(layers: Sequence[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(layer.name for layer in layers))


def _gains(heads: Mapping[str, Judged], scored: Scored, trained: Any) -> tuple[Bounds | None, Bounds | None]:
    """Return the gain over trivial answers in training and in inference mode, of a model with one head."""
    if trained is None or len(heads) != 1 or len(leaves(trained)) != 1:
        return None, None
    (judged,) = heads.values()
    score = leaves(trained)[0]
    if score.shape != leaves(scored.seen.outputs)[0].shape or not np.isfinite(score).all():
        return None, None
    answers = judged.answers
    other = replace(answers, score=score.reshape(answers.score.shape), logits=answers.unbounded, task=answers.asked)
    return gain_over_trivial(judged, other), gain_over_trivial(judged, answers)
