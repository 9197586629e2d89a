"""Export a model, load it without Keras, and ask both the same: by name, twice, row by row, and by position."""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import keras
import numpy as np
import tensorflow as tf

from mltspec.evidence.exported import CALLS, CLASSES, ByPosition, ExportedAsk, ExportedEvidence, Likeness
from mltspec.evidence.kind import Ask, Evidence
from mltspec.plan.subject import Model
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models
from mltspec.subjects.bench import Bench
from mltspec.subjects.exported_served import MOST_SWAPPED, Served, apart, by_name_of, export, matching, one_size, stir
from mltspec.subjects.input_names import input_names
from mltspec.subjects.intent import declared
from mltspec.subjects.nests import as_arrays, is_composite, leaves, mapped, rows_of, taken
from mltspec.subjects.targets import call
from mltspec.subjects.telling import told

ALIKE = 1e-5
"""So near, nobody asks what else the answers are like."""
UNLIKE = 1e-2
"""So far off, the export may take something else than the model's inputs."""


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Export each model and compare; what exporting or loading raises is evidence.

    Args:
        asks: ExportedAsks.
        found: nothing.
        bench: the roots that hold the user's code, and scratch.
    """
    return [_one(cast(ExportedAsk, ask), bench) for ask in asks]


@dataclass(frozen=True)
class Question:
    """What the export is asked, and what the model in memory says to the same rows."""

    fed: Literal["inputs", "raw rows", "serving features"]
    asked: Any
    remembered: Any

    def alone(self) -> Question:
        """Return the question about the first row."""
        return Question(self.fed, *(taken(part, slice(0, 1)) for part in (self.asked, self.remembered)))


def _one(ask: ExportedAsk, bench: Bench) -> ExportedEvidence:
    framework.prepare(ask.seed, bench.threads)
    model = models.build(ask.model, bench)
    inputs = datasets.load(ask.data, bench, model).head(ask.rows)[0]
    called(model, inputs)
    stir(model, ask.seed)
    nothing = ExportedEvidence(
        rows=rows_of(inputs),
        fed="inputs",
        error="",
        precision=precision(model),
        memory_repeat=apart(called(model, inputs), called(model, inputs)),
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
        served = export(ask.model, model, bench)
        question = _question(ask.model, model, served, inputs, bench)
        answers = matching(served.ask(question.asked), called(model, question.remembered))
    except Exception as error:
        return nothing.model_copy(update={"error": told(error)})
    return _compared(nothing, ask, model, served, question, answers, bench)


def _question(subject: Model, model: Any, served: Served, inputs: Any, bench: Bench) -> Question:
    """Return the model's inputs, or what the export takes instead if it computes features itself."""
    own = Question("inputs", inputs, inputs)
    if subject.raw is None or subject.features is None or _misses(model, served, own) <= UNLIKE:
        return own
    raw = call(subject.raw, bench)
    features = as_arrays(call(subject.features, bench, raw))
    others = [Question("raw rows", as_arrays(raw), features)]
    if subject.serving is not None:
        others.append(Question("serving features", as_arrays(call(subject.serving, bench, raw)), features))
    return next((other for other in others if _misses(model, served, other) <= UNLIKE), own)


def _misses(model: Any, served: Served, question: Question) -> float:
    """Return how far the export's answers are off, infinitely if it cannot be asked so."""
    try:
        memory = called(model, question.remembered)
        return apart(memory, matching(served.ask(question.asked), memory))
    except Exception:
        return math.inf


def _compared(
    nothing: ExportedEvidence,
    ask: ExportedAsk,
    model: Any,
    served: Served,
    question: Question,
    answers: list[Any],
    bench: Bench,
) -> ExportedEvidence:
    memory = called(model, question.remembered)
    largest = apart(memory, answers)
    one = question.alone()
    alone, error = math.nan, one_size(model, served)
    try:
        first = [part[:1] for part in answers]
        alone = apart(first, matching(served.ask(one.asked), first))
    except Exception as raised:
        error = error or told(raised)
    return nothing.model_copy(
        update={
            "rows": rows_of(question.remembered),
            "fed": question.fed,
            "repeat": apart(answers, matching(served.ask(question.asked), answers)),
            "largest": largest,
            "nonfinite": int((_bad_rows(answers) & ~_bad_rows(memory)).sum()),
            "single": alone,
            "single_error": error,
            "memory_single": apart([part[:1] for part in memory], called(model, one.remembered)),
            "mean_apart": _mean_apart(model, served, question) if nothing.memory_repeat > 1e-6 else None,
            "foreign_weights": _foreign(model, served),
            "by_position": _by_position(ask.model, model, served, bench),
            # Training mode may move the model's own statistics: it comes last.
            "likenesses": tuple(likenesses(model, served, question, answers)) if largest > ALIKE else (),
        }
    )


def _mean_apart(model: Any, served: Served, question: Question) -> float:
    """Return how many standard errors the mean answers of many calls lie apart, at the worst."""
    memory = [called(model, question.remembered) for _ in range(CALLS)]
    exported = [matching(served.ask(question.asked), memory[0]) for _ in range(CALLS)]
    worst = 0.0
    for ours, theirs in zip(zip(*memory, strict=True), zip(*exported, strict=True), strict=True):
        a, b = np.stack(ours).astype(np.float64), np.stack(theirs).astype(np.float64)
        if a.shape != b.shape:
            return math.inf
        error = np.sqrt((a.var(axis=0, ddof=1) + b.var(axis=0, ddof=1)) / CALLS)
        floor = 1e-6 * np.maximum(1.0, np.abs(a.mean(axis=0)))
        worst = max(worst, float((np.abs(a.mean(axis=0) - b.mean(axis=0)) / (error + floor)).max(initial=0.0)))
    return worst


def precision(model: Any) -> float:
    """Return the machine epsilon of the coarsest type that a layer computes in."""
    types = {str(layer.compute_dtype) for layer in model._flatten_layers()}
    if "bfloat16" in types:
        return 2.0**-7
    return float(np.finfo(np.float16).eps) if "float16" in types else float(np.finfo(np.float32).eps)


def called(model: Any, inputs: Any, training: bool = False) -> list[Any]:
    """Call the model in memory; answers come in the order of their names, as a server's do."""
    fed = mapped(lambda leaf: leaf if is_composite(leaf) else tf.convert_to_tensor(leaf), inputs)
    answers = model(fed, training=training)
    if isinstance(answers, Mapping):
        return [np.asarray(answers[name]) for name in sorted(answers)]
    return [np.asarray(leaf) for leaf in leaves(answers)]


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


def likenesses(model: Any, served: Served, question: Question, answers: list[Any]) -> list[Likeness]:
    """Compare the exported answers with other versions of those in memory, any of which would explain them."""
    memory = called(model, question.remembered)
    found: list[Likeness] = []

    def note(name: str, version: Callable[[], tuple[list[Any], list[Any]]]) -> None:
        with contextlib.suppress(Exception):
            found.append(Likeness(name=name, largest=apart(*version())))

    several = all(answer.ndim > 1 and answer.shape[-1] > 1 for answer in memory)
    for name, function in (("softmax", keras.ops.softmax),) * several + (("sigmoid", keras.ops.sigmoid),):
        note(f"without {name}", lambda f=function: (memory, _each(f, answers)))  # type: ignore[misc]
        note(f"with {name}", lambda f=function: (_each(f, memory), answers))  # type: ignore[misc]
    for order in _orders(served.wanted):
        note("inputs swapped", lambda order=order: (memory, _swapped(served, question.asked, order)))  # type: ignore[misc]
    note(CLASSES, lambda: ([part.argmax(axis=-1) for part in memory], [np.squeeze(part) for part in answers]))
    note("training mode", lambda: (called(model, question.remembered, training=True), answers))
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
    fed = by_name_of(inputs, list(served.wanted), served.names)
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
        largest = apart(called(model, list(listed)), matching(answers, called(model, list(listed))))
    except (ValueError, TypeError, tf.errors.OpError):
        largest = math.inf
    return ByPosition(listed=names, taken=flat, largest=largest)
