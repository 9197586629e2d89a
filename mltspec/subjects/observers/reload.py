"""Save a trained model in every format it is shipped in, load it again, and predict with both."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import keras
import numpy as np
import tensorflow as tf

from mltspec.checks.model_spec.saved_model_reloads import ReloadAsk, Reloaded, ReloadEvidence
from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.training import TrainingEvidence
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models, state
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.exported_served import as_wanted
from mltspec.subjects.nests import leaves, rows_of
from mltspec.subjects.passes import tensors
from mltspec.subjects.targets import call
from mltspec.subjects.telling import told

KERAS_FILE, WEIGHTS_FILE, SAVED_MODEL = ".keras file", "weights file", "SavedModel"
"""The formats, as reports name them."""


@dataclass(frozen=True)
class Shelf:
    """What every format's round trip needs.

    Args:
        model: the trained model in memory.
        ask: which model it is, and how it is exported.
        bench: where files may be written.
        inputs: at most ``ask.rows`` rows.
        predicted: what ``predict`` says of them.
        called: what calling the model says of them. Exports hold the call, and it may be random where
            ``predict`` is not: a layer called with ``training=True`` in a functional graph.
    """

    model: Any
    ask: ReloadAsk
    bench: Bench
    inputs: Any
    predicted: Any
    called: Any


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Try every format; what saving or loading raises is noted, never raised.

    Args:
        asks: ReloadAsks with equal needs.
        found: TrainingEvidence of the model.
        bench: where its state lies, and scratch.

    Raises:
        Unfit: the run kept no state.
    """
    trained = cast(TrainingEvidence, found[0])
    return [_one(cast(ReloadAsk, ask), trained, bench) for ask in asks]


def _one(ask: ReloadAsk, trained: TrainingEvidence, bench: Bench) -> ReloadEvidence:
    if trained.state is None:
        raise Unfit(f"the training run of `{ask.run.model.name}` was cut short and kept no state to save")
    framework.prepare(ask.run.seed, bench.threads)
    model = models.build(ask.run.model, bench)
    state.load_state(model, bench.path(trained.state))
    inputs = tensors(datasets.load(ask.data, bench, model).head(ask.rows)[0])
    predicted, called = model.predict_on_batch(inputs), model(inputs)
    shelf = Shelf(model, ask, bench, inputs, predicted, called)
    repeat = max(difference(predicted, model.predict_on_batch(inputs)), difference(called, model(inputs)))
    trips = {KERAS_FILE: keras_file, WEIGHTS_FILE: weights_file, SAVED_MODEL: saved_model}
    formats: list[Reloaded] = []
    for name, trip in trips.items():
        bench.progress(len(formats), len(trips), "formats")
        formats.append(_noting_errors(name, trip, shelf))
    return ReloadEvidence(rows=rows_of(inputs), repeat=repeat, formats=tuple(formats))


def keras_file(shelf: Shelf) -> Reloaded:
    """Architecture, weights and optimizer in one ``.keras`` file, loaded in safe mode unless trusted."""
    file = shelf.bench.folder / "reloaded.keras"
    shelf.model.save(file)
    loaded = keras.models.load_model(file, safe_mode=not shelf.ask.run.model.trusted)
    predicted = loaded.predict_on_batch(shelf.inputs)
    return Reloaded(
        format=KERAS_FILE,
        error="",
        largest=difference(shelf.predicted, predicted),
        variables=_unequal(shelf.model.weights, loaded.weights),
        optimizer=_optimizer_difference(shelf.model.optimizer, loaded.optimizer),
    )


def weights_file(shelf: Shelf) -> Reloaded:
    """Weights alone, into a model built anew, from another seed so that equal weights prove the loading."""
    file = shelf.bench.folder / "reloaded.weights.h5"
    shelf.model.save_weights(file)
    keras.utils.set_random_seed((shelf.ask.run.seed + 1) % 2**32)
    fresh = models.build(shelf.ask.run.model, shelf.bench)
    # Layers of a subclassed model come into being at the first call.
    fresh(shelf.inputs)
    fresh.load_weights(file)
    return Reloaded(
        format=WEIGHTS_FILE,
        error="",
        largest=difference(shelf.predicted, fresh.predict_on_batch(shelf.inputs)),
        variables=_unequal(shelf.model.weights, fresh.weights),
        optimizer=None,
    )


def saved_model(shelf: Shelf) -> Reloaded:
    """The servable that ``export`` writes, loaded without Keras and called by the names of its inputs."""
    folder = shelf.bench.folder / "exported"
    export = shelf.ask.run.model.export
    if export is None:
        shelf.model.export(str(folder), verbose=False)
    else:
        call(export, shelf.bench, shelf.model, str(folder))
    served = serve(tf.saved_model.load(str(folder)), shelf.inputs, getattr(shelf.model, "input_names", ()))
    return Reloaded(
        format=SAVED_MODEL,
        error="",
        largest=difference(shelf.called, _matching(served, shelf.called)),
        variables=(),
        optimizer=None,
    )


def serve(loaded: Any, inputs: Any, names: Sequence[str]) -> dict[str, Any]:
    """Call a SavedModel as a server does: flat inputs by name.

    Args:
        loaded: what ``tf.saved_model.load`` returns.
        inputs: the model's inputs, rows first.
        names: the model's names for its inputs, in their order, where these are given as a list.

    Returns:
        Outputs by name.
    """
    signatures = loaded.signatures
    if not signatures:
        raise LookupError("the SavedModel has no signature, so no server can call it")
    chosen = "serving_default" if "serving_default" in signatures else sorted(signatures)[0]
    signature = signatures[chosen]
    wanted = signature.structured_input_signature[1]
    fed = _by_name(inputs, list(wanted), list(names))
    outputs = signature(**{name: as_wanted(fed[name], spec) for name, spec in wanted.items()})
    return {name: np.asarray(value) for name, value in outputs.items()}


def difference(one: Any, other: Any) -> float:
    """Return the largest absolute difference of two structures of predictions; NaN equals NaN.

    Infinite where shapes differ or only one side is NaN: nothing is close to what is not there.
    """
    ours, theirs = (leaves(structure) for structure in (one, other))
    if len(ours) != len(theirs):
        return math.inf
    return max((_apart(np.asarray(a), np.asarray(b)) for a, b in zip(ours, theirs, strict=True)), default=0.0)


def _apart(one: Any, other: Any) -> float:
    if one.shape != other.shape:
        return math.inf
    if one.dtype.kind not in "fiub":
        return 0.0 if np.array_equal(one, other) else math.inf
    a, b = one.astype(np.float64), other.astype(np.float64)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore"):
        gap = np.where(same, 0.0, np.abs(a - b))
    return float(np.where(np.isnan(gap), math.inf, gap).max(initial=0.0))


def _noting_errors(name: str, trip: Callable[[Shelf], Reloaded], shelf: Shelf) -> Reloaded:
    """Make one round trip; whatever the user's code or the format raises is evidence."""
    try:
        return trip(shelf)
    except Exception as error:
        return Reloaded(format=name, error=told(error), largest=math.nan, variables=(), optimizer=None)


def _value(variable: Any) -> Any:
    return np.asarray(keras.ops.convert_to_numpy(variable))


def _unequal(ours: Sequence[Any], theirs: Sequence[Any]) -> tuple[str, ...]:
    """Return the paths of weights that differ, in shape or value, or have no partner."""
    pairs = [
        weight.path for weight, other in zip(ours, theirs, strict=False) if _apart(_value(weight), _value(other)) > 0
    ]
    return (*pairs, *(weight.path for weight in ours[len(theirs) :]))


def _optimizer_difference(ours: Any, theirs: Any) -> float | None:
    """Return the largest difference of an optimizer variable; infinite where one has been lost."""
    if ours is None:
        return None
    if theirs is None or len(ours.variables) != len(theirs.variables):
        return math.inf
    pairs = zip(ours.variables, theirs.variables, strict=True)
    return max((_apart(_value(a), _value(b)) for a, b in pairs), default=0.0)


def _by_name(inputs: Any, wanted: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return the inputs under the names that a signature wants."""
    if isinstance(inputs, Mapping) and set(wanted) <= set(inputs):
        return {name: inputs[name] for name in wanted}
    flat = leaves(inputs)
    if len(flat) == len(wanted) == 1:
        return {wanted[0]: flat[0]}
    if isinstance(inputs, list | tuple) and set(wanted) <= set(names) and len(names) == len(inputs):
        return {name: value for name, value in zip(names, inputs, strict=True) if name in wanted}
    given = list(inputs) if isinstance(inputs, Mapping) else [f"input {at}" for at in range(len(flat))]
    raise LookupError(
        f"the SavedModel wants inputs {', '.join(wanted)}, and the data gives {', '.join(map(str, given))}"
    )


def _matching(served: Mapping[str, Any], called: Any) -> Any:
    """Return the served outputs in the structure of the model's own."""
    if isinstance(called, Mapping) and set(called) <= set(served):
        return {name: served[name] for name in called}
    wanted = leaves(called)
    values = [served[name] for name in sorted(served)]
    if len(values) != len(wanted):
        raise LookupError(
            f"the SavedModel answers with {len(values)} outputs ({', '.join(sorted(served))}), "
            f"the model with {len(wanted)}"
        )
    return values
