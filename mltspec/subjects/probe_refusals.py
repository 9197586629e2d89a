"""What a model does with an input that it cannot take: of a wrong type, of a wrong shape, with one missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import tensorflow as tf

from mltspec.probes.schema import Feature, Schema
from mltspec.probes.trial import Refusal
from mltspec.subjects.input_names import input_names
from mltspec.subjects.probe_rows import RealRows

MOST_FEATURES = 4
"""So many inputs are spoilt, one at a time."""

SPEAKING = (
    "shape", "dtype", "type", "expected", "incompatible", "missing", "rank", "dimension", "cast", "convert", "string",
    "structure", "number of inputs", "argument", "inputs",
)  # fmt: skip
"""Words, any of which a message that says what is wrong contains."""
UNCLEAR = (AttributeError, IndexError, AssertionError, ZeroDivisionError, NameError)
"""What is raised by code that met something it did not expect, not by code that looked."""


def refusals_of(model: Any, real: RealRows, schema: Schema, tensors: Sequence[Any]) -> tuple[Refusal, ...]:
    """Send spoilt batches to the model, one after the other.

    Args:
        model: called directly, as Keras' own checks stand there.
        real: knows the structure of the inputs.
        schema: of the features.
        tensors: a good batch, one tensor a feature.
    """
    refusals = [_sent(model, what, name, inputs) for what, name, inputs in _spoilt(model, real, schema, tensors)]
    return tuple(refusals)


def _spoilt(model: Any, real: RealRows, schema: Schema, tensors: Sequence[Any]) -> Iterator[tuple[str, str, Any]]:
    declared = _declared_shapes(model, schema)
    for at, feature in enumerate(schema.features[:MOST_FEATURES]):
        others = list(tensors)
        wrong_type = tf.fill(tf.shape(tensors[at]), "text") if feature.kind != "text" else tf.zeros(tensors[at].shape)
        others[at] = wrong_type
        what = "a text" if feature.kind != "text" else "a number"
        if all(leaf.form == "dense" for leaf in real.inputs):
            yield f"{what} for `{feature.name}`", feature.name, real.packed_inputs(others)
        wider = _wider(feature, tensors[at], declared.get(feature.name, feature.shape))
        if wider is not None:
            others[at] = wider
            shape = tuple(wider.shape[1:])
            yield (
                f"`{feature.name}` of shape {shape} instead of {feature.shape}",
                feature.name,
                real.packed_inputs(others),
            )
    whole = real.packed_inputs(tensors)
    if isinstance(whole, dict) and len(whole) > 1:
        for name in list(whole)[:MOST_FEATURES]:
            rest = {key: value for key, value in whole.items() if key != name}
            yield f"a batch without `{name}`", str(name), rest
    elif isinstance(whole, list | tuple) and len(whole) > 1:
        yield "a batch without its last input", "input", type(whole)(whole[:-1])


def _wider(feature: Feature, tensor: Any, declared: Sequence[int | None]) -> Any:
    """Return the input with one more entry on its last axis; None where the model takes any number there."""
    if not feature.shape or not declared or declared[-1] is None:
        return None
    return tf.concat([tensor, tensor[..., -1:]], axis=-1)


def _declared_shapes(model: Any, schema: Schema) -> dict[str, tuple[int | None, ...]]:
    """Return the shapes of a row that the model declares, by feature."""
    inputs = list(getattr(model, "inputs", None) or ())
    names, own = input_names(model), [feature.name for feature in schema.features]
    if len(inputs) != len(own):
        return {}
    order = names if set(names) == set(own) else tuple(own)
    return {name: tuple(tensor.shape[1:]) for name, tensor in zip(order, inputs, strict=True)}


def _sent(model: Any, what: str, name: str, inputs: Any) -> Refusal:
    try:
        answers = model(inputs, training=False)
    except Exception as error:
        said = " ".join(str(error).split())
        words = (*SPEAKING, name.lower())
        clear = not isinstance(error, UNCLEAR) and any(word in said.lower() for word in words)
        return Refusal(what, type(error).__name__, said[:200], clear)
    shapes = ", ".join(str(tuple(leaf.shape)) for leaf in tf.nest.flatten(answers))
    return Refusal(what, "", f"the model answers with shape {shapes}", clear=False)
