"""The gradients that training hands to the optimizer, variable by variable.

A training step may be the user's own, so gradients are not computed here: they are read where every step
must pass, at the optimizer's door.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, cast
from unittest.mock import patch

import keras
import numpy as np
import tensorflow as tf

from mltspec.checks.model_spec.gradients_reach import GradientsAsk, GradientsEvidence, VariableGradient
from mltspec.evidence.kind import Ask, Evidence
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.fresh_rows import packed, still
from mltspec.subjects.intent import declared, fit_of
from mltspec.subjects.nests import Batch, is_composite
from mltspec.subjects.state import optimizers

SKIPPED_STEPS = 40
"""How many steps a scaled loss may overflow before its scale ought to fit (from 2**55 down to 2**15)."""

SQUASHING = {"sigmoid", "tanh", "hard_sigmoid", "softsign", "hard_tanh"}
"""Activations that saturate on both sides."""


@dataclass
class Reached:
    """What has been handed over for one variable so far."""

    handed: int = 0
    given: int = 0
    finite: bool = True
    largest: float = 0.0

    def add(self, gradient: Any) -> None:
        """Take in one gradient; None when the tape found no path to the variable."""
        self.handed += 1
        if gradient is None:
            return
        self.given += 1
        dense = np.abs(np.asarray(tf.convert_to_tensor(gradient), np.float64))
        finite = dense[np.isfinite(dense)]
        self.finite = self.finite and finite.size == dense.size
        self.largest = max(self.largest, float(finite.max(initial=0.0)))


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Take the first training steps from fresh weights and note every gradient on its way.

    The steps are real, so weights move between them: a head that starts at zero passes no gradient in the
    first step and does in the second, as in training.

    Args:
        asks: GradientsAsks, each observed from fresh weights.
        found: nothing.
        bench: where the model and its data are found.

    Raises:
        Unfit: the training step calls no Keras optimizer, or there are no rows.
    """
    return [_one(cast(GradientsAsk, ask), bench) for ask in asks]


def _one(ask: GradientsAsk, bench: Bench) -> GradientsEvidence:
    framework.prepare(ask.seed, bench.threads)
    model = models.build(ask.model, bench)
    loaded = datasets.load(ask.data, bench, model)
    in_memory = loaded.arrays() is not None
    batch_rows = fit_of(ask.model, bench)[0].batch_rows if in_memory else None
    batches = [still(batch, in_memory) for batch in itertools.islice(loaded.batches(batch_rows), ask.batches)]
    if not batches:
        raise Unfit(f"`{ask.data.name}` has no rows: there is no gradient to look at")
    # Layers of a subclassed model come into being at the first call.
    spread = _spread(keras.Model.predict_step(model, (batches[0][0],)))
    intended = {id(weight) for weight in named_weights(model, declared(ask.model, bench).get("frozen"))[1]}
    learning = [variable for variable in model.trainable_variables if id(variable) not in intended]
    started = [_units(variable) for variable in learning]
    frozen = frozen_weights(model)
    before = [keras.ops.convert_to_numpy(weight) for weight in frozen]
    steps, reached = (0, {}) if not learning else _train(model, batches, bench)
    return GradientsEvidence(
        batches=steps,
        variables=tuple(
            _found(variable, units, reached, steps) for variable, units in zip(learning, started, strict=True)
        ),
        spread=spread
        if spread is None
        else max(spread, _spread(keras.Model.predict_step(model, (batches[0][0],))) or 0.0),
        squashing=sum(_squashes(layer) for layer in model._flatten_layers()),
        frozen=len(frozen),
        frozen_moved=tuple(
            weight.path
            for weight, value in zip(frozen, before, strict=True)
            if keras.ops.convert_to_numpy(weight).tobytes() != value.tobytes()
        ),
    )


def frozen_weights(model: Any) -> list[Any]:
    """Return the weights of all layers that are set not to be trained, seeds and counters of others aside."""
    layers = [layer for layer in model._flatten_layers(include_self=True) if not layer.trainable]
    return list({id(weight): weight for layer in layers for weight in layer.weights}.values())


def _train(model: Any, batches: Sequence[Batch], bench: Bench) -> tuple[int, dict[int, Reached]]:
    """Take one step a batch, and more where a scaled loss overflowed; return steps counted and what was handed."""
    reached: dict[int, Reached] = {}
    calls = 0

    def note(gradients: Sequence[Any], variables: Sequence[Any]) -> None:
        nonlocal calls
        calls += 1
        for gradient, variable in zip(gradients, variables, strict=False):
            reached.setdefault(id(variable), Reached()).add(gradient)

    scaled = any(optimizer is not inner for optimizer, inner in _optimizers(model))
    steps = 0
    with intercepted(model, note):
        for tried, batch in enumerate(itertools.cycle(batches)):
            if steps == len(batches) or tried >= len(batches) + (SKIPPED_STEPS if scaled else 0):
                break
            calls_before = calls
            model.train_step(packed(batch))
            steps += calls > calls_before
            bench.progress(steps, len(batches), "batches")
    if steps == 0 and not scaled:
        raise Unfit(
            "the training step hands no gradient to a Keras optimizer of the model, so none can be seen; "
            "call `self.optimizer.apply_gradients` in `train_step`"
        )
    return steps, reached


def named_weights(model: Any, declared: Any) -> tuple[tuple[str, ...], list[Any]]:
    """Return the names under which an author declares layers, those that there are, and their weights."""
    names = (declared,) if isinstance(declared, str) else declared
    layers = {layer.name: layer for layer in model._flatten_layers(include_self=True)}
    known: list[str] = []
    weights: list[Any] = []
    for name in map(str, names if isinstance(names, list | tuple | set | frozenset) else ()):
        found = layers[name].weights if name in layers else [w for w in model.weights if name in w.path.split("/")]
        known += [name] if found else []
        weights += found
    return tuple(known), list({id(weight): weight for weight in weights}.values())


@dataclass(frozen=True)
class Units:
    """The weights of a layer's units before the first step: whether they are alike, and their value if it is one."""

    kernel: bool
    alike: bool
    value: float | None


def _units(variable: Any) -> Units:
    """Look at the units of a variable, which lie along its last axis; biases start alike in health."""
    values = keras.ops.convert_to_numpy(variable)
    kernel = values.ndim > 1 and values.shape[-1] > 1 and "bias" not in variable.path.rpartition("/")[2]
    first = values.reshape(-1)[0] if values.size else math.nan
    return Units(
        kernel=kernel,
        alike=kernel and bool((values == values[..., :1]).all()),
        value=float(first) if bool((values == first).all()) else None,
    )


def _spread(answers: Any) -> float | None:
    """Return how far outputs differ between rows, relative to their size; of several outputs, the most."""
    found = [np.asarray(each, np.float64) for each in tf.nest.flatten(answers) if not is_composite(each)]
    sizes = [(float(each.std(axis=0).mean()), float(np.sqrt((each**2).mean()))) for each in found if len(each) > 1]
    return max((spread / size for spread, size in sizes if size > 0), default=None)


def _squashes(layer: Any) -> bool:
    activation = getattr(layer, "activation", None)
    return getattr(activation, "__name__", "") in SQUASHING and not hasattr(layer, "cell")


def _found(variable: Any, units: Units, reached: dict[int, Reached], steps: int) -> VariableGradient:
    """Return what reached one variable; of one that no optimizer was handed, nothing is known."""
    seen = reached.get(id(variable), Reached())
    return VariableGradient(
        path=variable.path,
        missing=seen.handed > 0 and seen.given == 0,
        # Every step of a scaled loss was skipped: its gradients overflowed each time.
        finite=seen.finite and steps > 0,
        largest=seen.largest if seen.given else math.nan,
        known_to_optimizer=seen.handed > 0 or steps == 0,
        kernel=units.kernel,
        started_at=units.value,
        alike=units.alike and _units(variable).alike,
    )


def _optimizers(model: Any) -> list[tuple[Any, Any]]:
    """Return each optimizer of the model, with the one inside it that takes unscaled gradients."""
    return [(one, getattr(one, "inner_optimizer", one)) for one in optimizers(model)]


@contextmanager
def intercepted(model: Any, note: Callable[[Sequence[Any], Sequence[Any]], None]) -> Iterator[None]:
    """Show ``note`` all gradients and variables that reach an optimizer of the model; all runs eagerly meanwhile."""
    kinds = {type(inner) for _, inner in _optimizers(model)}
    originals = {kind: kind.apply for kind in kinds}

    def door(original: Callable[..., Any]) -> Callable[..., Any]:
        def apply(optimizer: Any, grads: Any, trainable_variables: Any = None) -> Any:
            grads = list(grads)
            variables = optimizer._trainable_variables if trainable_variables is None else list(trainable_variables)
            note(grads, variables)
            return original(optimizer, grads, variables)

        return apply

    eager_before = tf.config.functions_run_eagerly()
    with ExitStack() as stack:
        for kind, original in originals.items():
            stack.enter_context(patch.object(kind, "apply", door(original)))
        tf.config.run_functions_eagerly(True)
        stack.callback(tf.config.run_functions_eagerly, eager_before)
        yield
