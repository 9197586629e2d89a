"""Models from artifacts: a `.keras` file as it was compiled, or a SavedModel compiled as the spec's own model is."""

from __future__ import annotations

import shutil
from typing import Any

import keras
import tensorflow as tf

from mltspec.evidence.artifact import ArtifactAsk, ArtifactEvidence
from mltspec.subjects import models
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.observers.artifact import unpack


def restored(ask: ArtifactAsk, kept: ArtifactEvidence, bench: Bench) -> Any:
    """Return the artifact as a compiled Keras model, ready to predict and be measured.

    A SavedModel has no metrics. It is compiled as the spec's model is, so that both are measured alike.

    Raises:
        Unfit: it cannot be loaded, or takes or gives something else than the spec's model does.
    """
    if kept.form == "keras":
        file = bench.folder / "artifact.keras"
        shutil.copyfile(bench.path(kept.artifact), file)
        return models.compiled(models.read_keras(file, ask.model.trusted), f"`{ask.origin.target}`")
    folder = bench.folder / "artifact"
    unpack(bench.path(kept.artifact), folder)
    own = models.build(ask.model, bench)
    served = Served(tf.saved_model.load(str(folder)), ask.origin.target)
    settings = own.get_compile_config()
    if settings is None:
        raise Unfit(f"model `{ask.model.name}` is not compiled, so `{ask.origin.target}` cannot be measured as it is")
    served.compile_from_config(settings)
    if getattr(own, "output_names", None):
        served.output_names = list(own.output_names)
    return served


class Served(keras.Model):  # type: ignore[misc]
    """A SavedModel's default signature, called as a Keras model is."""

    def __init__(self, loaded: Any, name: str) -> None:
        super().__init__()
        signatures = getattr(loaded, "signatures", {})
        if "serving_default" not in signatures:
            raise Unfit(f"`{name}` has no signature `serving_default`; it has {', '.join(signatures) or 'none'}")
        # Hidden in a tuple: Keras would take it for a layer of its own.
        self._served = (loaded, signatures["serving_default"])
        self._shown = name

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Answer a batch, as one tensor where there is one output."""
        _, signature = self._served
        answered = signature(**self._named(inputs, signature.structured_input_signature[1]))
        return next(iter(answered.values())) if len(answered) == 1 else answered

    def _named(self, inputs: Any, wanted: dict[str, Any]) -> dict[str, Any]:
        """Return inputs by the signature's names, in its types."""
        if isinstance(inputs, dict):
            given = inputs
        else:
            parts = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
            given = dict(zip(wanted, parts, strict=False))
        missing = sorted(set(wanted) - set(given))
        if missing:
            raise Unfit(f"`{self._shown}` takes an input `{missing[0]}` that the data does not have")
        return {name: _fit(given[name], spec) for name, spec in wanted.items()}


def _fit(value: Any, spec: Any) -> Any:
    """Return a batch in the type and rank that a signature takes."""
    tensor = tf.convert_to_tensor(value)
    tensor = tensor if tensor.dtype == spec.dtype else tf.cast(tensor, spec.dtype)
    if spec.shape.rank is not None and tensor.shape.rank == spec.shape.rank - 1:
        return tf.expand_dims(tensor, -1)
    return tensor
