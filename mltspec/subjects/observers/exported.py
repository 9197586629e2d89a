"""Export a model, load it without Keras, and ask both the same: by name, twice, row by row, and by position."""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import keras
import numpy as np
import tensorflow as tf

from mltspec.evidence.exported import CALLS, ByPosition, ExportedAsk, ExportedEvidence, Likeness
from mltspec.evidence.kind import Ask, Evidence
from mltspec.plan.subject import Model
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models
from mltspec.subjects.bench import Bench
from mltspec.subjects.input_names import input_names
from mltspec.subjects.intent import declared
from mltspec.subjects.nests import as_arrays, is_composite, leaves, mapped, rows_of, taken
from mltspec.subjects.skew_relation import distance
from mltspec.subjects.targets import call

MOST_SWAPPED = 4
"""So many inputs are tried in every order."""
STIRRED = 0.05
ALIKE = 1e-5
"""So near, nobody asks what else the answers are like."""


@dataclass(frozen=True)
class Served:
    """A loaded SavedModel under its serving signature. ``wanted`` are its inputs by name, ``variables`` its own."""

    signature: Any
    wanted: Mapping[str, Any]
    names: tuple[str, ...]

    def ask(self, inputs: Any) -> list[Any]:
        """Call it as a server does, flat inputs by name; outputs come in the order of their names."""
        return self.by_name(_by_name(inputs, list(self.wanted), self.names))

    def by_name(self, fed: Mapping[str, Any]) -> list[Any]:
        """Call it with these inputs."""
        answers = self.signature(**{name: _as(fed[name], spec) for name, spec in self.wanted.items()})
        return [np.asarray(answers[name]) for name in sorted(answers)]


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Export each model and compare; what exporting or loading raises is evidence.

    Args:
        asks: ExportedAsks.
        found: nothing.
        bench: the roots that hold the user's code, and scratch.
    """
    return [_one(cast(ExportedAsk, ask), bench) for ask in asks]


def _one(ask: ExportedAsk, bench: Bench) -> ExportedEvidence:
    framework.prepare(ask.seed, bench.threads)
    model = models.build(ask.model, bench)
    inputs = datasets.load(ask.data, bench, model).head(ask.rows)[0]
    _call(model, inputs)
    _stir(model, ask.seed)
    nothing = ExportedEvidence(
        rows=rows_of(inputs),
        error="",
        precision=_precision(model),
        memory_repeat=apart(_call(model, inputs), _call(model, inputs)),
        repeat=math.nan,
        largest=math.nan,
        nonfinite=0,
        single=math.nan,
        single_error="",
        memory_single=math.nan,
        mean_apart=None,
        random_intended=bool(declared(ask.model, bench).get("stochastic_inference")),
        foreign_weights=(),
        likenesses=(),
        by_position=None,
    )
    try:
        served = _export(ask.model, model, bench)
        answers = _matching(served.ask(inputs), _call(model, inputs))
    except Exception as error:
        return nothing.model_copy(update={"error": _told(error)})
    return _compared(nothing, ask, model, served, inputs, answers, bench)


def _compared(
    nothing: ExportedEvidence, ask: ExportedAsk, model: Any, served: Served, inputs: Any, answers: Any, bench: Bench
) -> ExportedEvidence:
    memory = _call(model, inputs)
    largest = apart(memory, answers)
    one = taken(inputs, slice(0, 1))
    alone, error = math.nan, _one_size(model, served)
    try:
        alone = apart([part[:1] for part in answers], served.ask(one))
    except Exception as raised:
        error = error or _told(raised)
    return nothing.model_copy(
        update={
            "repeat": apart(answers, served.ask(inputs)),
            "largest": largest,
            "nonfinite": int((_bad_rows(answers) & ~_bad_rows(memory)).sum()),
            "single": alone,
            "single_error": error,
            "memory_single": apart([part[:1] for part in memory], _call(model, one)),
            "mean_apart": _mean_apart(model, served, inputs) if nothing.memory_repeat > 1e-6 else None,
            "foreign_weights": _foreign(model, served),
            "by_position": _by_position(ask.model, model, served, bench),
            # Training mode may move the model's own statistics: it comes last.
            "likenesses": tuple(_likenesses(model, served, inputs, answers)) if largest > ALIKE else (),
        }
    )


def apart(one: Sequence[Any], other: Sequence[Any]) -> float:
    """Return the largest difference of two lists of answers, relative above 1; infinite where shapes differ."""
    if len(one) != len(other):
        return math.inf
    return max((_apart(np.asarray(a), np.asarray(b)) for a, b in zip(one, other, strict=True)), default=0.0)


def _apart(a: Any, b: Any) -> float:
    if a.shape != b.shape:
        return math.inf
    if a.dtype.kind not in "biuf" or b.dtype.kind not in "biuf":
        return 0.0 if np.array_equal(a, b) else math.inf
    return float(distance(a.astype(np.float64), b.astype(np.float64)).max(initial=0.0))


def _one_size(model: Any, served: Served) -> str:
    """Return what the signature says of its rows where it was traced for so many alone, though the model was not."""
    if any(tensor.shape[0] is not None for tensor in getattr(model, "inputs", None) or ()):
        return ""
    fixed = [f"`{name}` has shape {tuple(spec.shape)}" for name, spec in served.wanted.items() if _rows(spec)]
    return f"its input {fixed[0]}" if fixed else ""


def _rows(spec: Any) -> int | None:
    return spec.shape[0] if spec.shape.rank else None


def _mean_apart(model: Any, served: Served, inputs: Any) -> float:
    """Return how many standard errors the mean answers of many calls lie apart, at the worst."""
    memory = [_call(model, inputs) for _ in range(CALLS)]
    exported = [_matching(served.ask(inputs), memory[0]) for _ in range(CALLS)]
    worst = 0.0
    for ours, theirs in zip(zip(*memory, strict=True), zip(*exported, strict=True), strict=True):
        a, b = np.stack(ours).astype(np.float64), np.stack(theirs).astype(np.float64)
        if a.shape != b.shape:
            return math.inf
        error = np.sqrt((a.var(axis=0, ddof=1) + b.var(axis=0, ddof=1)) / CALLS)
        floor = 1e-6 * np.maximum(1.0, np.abs(a.mean(axis=0)))
        worst = max(worst, float((np.abs(a.mean(axis=0) - b.mean(axis=0)) / (error + floor)).max(initial=0.0)))
    return worst


def _told(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0] if lines else 'no message'}"[:300]


def _export(subject: Model, model: Any, bench: Bench) -> Served:
    """Export as the user does, and load what was written."""
    folder = bench.folder / "exported"
    if subject.export is None:
        model.export(str(folder), verbose=False)
    else:
        call(subject.export, bench, model, str(folder))
    loaded = tf.saved_model.load(str(folder))
    signatures = loaded.signatures
    if not signatures:
        raise LookupError("the SavedModel has no signature, so no server can call it")
    chosen = "serving_default" if "serving_default" in signatures else sorted(signatures)[0]
    signature = signatures[chosen]
    # The signature holds its variables weakly; what was loaded must outlive it.
    signature.loaded = loaded
    return Served(signature, signature.structured_input_signature[1], input_names(model))


def _stir(model: Any, seed: int) -> None:
    """Move every weight a little, so that none is zero and every input matters to the answers."""
    generator = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        if "float" in str(variable.dtype):
            value = np.asarray(keras.ops.convert_to_numpy(variable), np.float32)
            scale = max(STIRRED, STIRRED * float(np.abs(value).mean()))
            variable.assign(value + generator.normal(0.0, scale, value.shape).astype(np.float32))


def _precision(model: Any) -> float:
    """Return the machine epsilon of the coarsest type that a layer computes in."""
    types = {str(layer.compute_dtype) for layer in model._flatten_layers()}
    if "bfloat16" in types:
        return 2.0**-7
    return float(np.finfo(np.float16).eps) if "float16" in types else float(np.finfo(np.float32).eps)


def _call(model: Any, inputs: Any, training: bool = False) -> list[Any]:
    """Call the model in memory; answers come in the order of their names, as a server's do."""
    fed = mapped(lambda leaf: leaf if is_composite(leaf) else tf.convert_to_tensor(leaf), inputs)
    answers = model(fed, training=training)
    if isinstance(answers, Mapping):
        return [np.asarray(answers[name]) for name in sorted(answers)]
    return [np.asarray(leaf) for leaf in leaves(answers)]


def _matching(served: list[Any], memory: list[Any]) -> list[Any]:
    """Return served answers in the model's order; a list of outputs is named, and so sorted, by the export."""
    if len(served) != len(memory) or len(memory) > MOST_SWAPPED:
        return served
    return min((list(order) for order in itertools.permutations(served)), key=lambda order: apart(memory, order))


def _as(value: Any, spec: Any) -> Any:
    return tf.convert_to_tensor(value) if spec.dtype == tf.string else tf.cast(value, spec.dtype)


def _by_name(inputs: Any, wanted: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return the inputs under the names that a signature wants."""
    if isinstance(inputs, Mapping) and set(wanted) <= set(inputs):
        return {name: inputs[name] for name in wanted}
    flat = leaves(inputs)
    if len(flat) == len(wanted) == 1:
        return {wanted[0]: flat[0]}
    if isinstance(inputs, list | tuple) and set(wanted) == set(names) and len(flat) == len(names):
        return dict(zip(names, flat, strict=True))
    given = list(inputs) if isinstance(inputs, Mapping) else [f"input {at}" for at in range(len(flat))]
    raise LookupError(
        f"the signature wants inputs {', '.join(sorted(wanted))}, and the data gives {', '.join(map(str, given))}"
    )


def _bad_rows(answers: Sequence[Any]) -> Any:
    flags = [~np.isfinite(a.reshape(len(a), -1)).all(axis=1) for a in answers if a.dtype.kind == "f" and a.ndim]
    return np.any(flags, axis=0) if flags and len({len(each) for each in flags}) == 1 else np.zeros(1, bool)


def _foreign(model: Any, served: Served) -> tuple[str, ...]:
    """Return the trained weights that the export has not, though it has others of their shape."""
    held = [np.asarray(variable) for variable in getattr(served.signature, "variables", ())]
    missing: list[str] = []
    for weight in model.trainable_variables:
        value = np.asarray(keras.ops.convert_to_numpy(weight))
        alike = [other for other in held if other.shape == value.shape and other.dtype == value.dtype]
        if alike and not any(np.array_equal(value, other) for other in alike):
            missing.append(weight.path)
    return tuple(missing[:8])


def _likenesses(model: Any, served: Served, inputs: Any, answers: list[Any]) -> list[Likeness]:
    """Compare the exported answers with other versions of those in memory, any of which would explain them."""
    memory = _call(model, inputs)
    found: list[Likeness] = []

    def note(name: str, version: Callable[[], tuple[list[Any], list[Any]]]) -> None:
        with contextlib.suppress(Exception):
            found.append(Likeness(name=name, largest=apart(*version())))

    several = all(answer.ndim > 1 and answer.shape[-1] > 1 for answer in memory)
    for name, function in (("softmax", keras.ops.softmax),) * several + (("sigmoid", keras.ops.sigmoid),):
        note(f"without {name}", lambda f=function: (memory, _each(f, answers)))  # type: ignore[misc]
        note(f"with {name}", lambda f=function: (_each(f, memory), answers))  # type: ignore[misc]
    for order in _orders(served.wanted):
        note("inputs swapped", lambda order=order: (memory, _swapped(served, inputs, order)))  # type: ignore[misc]
    note("training mode", lambda: (_call(model, inputs, training=True), answers))
    return found


def _each(function: Any, answers: Sequence[Any]) -> list[Any]:
    return [np.asarray(function(tf.convert_to_tensor(answer))) for answer in answers]


def _orders(wanted: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return every way to confuse a few inputs."""
    names = sorted(wanted)
    if not 2 <= len(names) <= MOST_SWAPPED:
        return []
    return [dict(zip(names, order, strict=True)) for order in itertools.permutations(names) if list(order) != names]


def _swapped(served: Served, inputs: Any, order: Mapping[str, str]) -> list[Any]:
    fed = _by_name(inputs, list(served.wanted), served.names)
    return served.by_name({name: fed[source] for name, source in order.items()})


def _by_position(subject: Model, model: Any, served: Served, bench: Bench) -> ByPosition | None:
    """Feed what serving makes of raw rows as the list that it is.

    A SavedModel's flat inputs stand in the order of their names; a list made in another order, by code that knows the
    model's, goes to the wrong ones.
    """
    names = input_names(model)
    if subject.raw is None or subject.serving is None or len(names) < 2 or set(served.wanted) != set(names):
        return None
    try:
        listed = as_arrays(call(subject.serving, bench, call(subject.raw, bench)))
    except Exception:
        # That serving raises is told by the comparison of features.
        return None
    if not isinstance(listed, list | tuple) or len(listed) != len(names):
        return None
    flat = tuple(sorted(served.wanted))
    try:
        answers = served.by_name(dict(zip(flat, listed, strict=True)))
        largest = apart(_call(model, list(listed)), _matching(answers, _call(model, list(listed))))
    except (ValueError, TypeError, tf.errors.OpError):
        largest = math.inf
    return ByPosition(listed=names, taken=flat, largest=largest)
