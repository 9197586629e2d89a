"""Follows one batch: through every layer, a training step and back, and on to the exported model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import tensorflow as tf

from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.trace import Compared, Found, LayerTrace, TraceAsk, TraceEvidence
from mltspec.evidence.training import TrainingEvidence
from mltspec.probes.batch import Batch
from mltspec.probes.schema import Schema
from mltspec.probes.table import tabulate
from mltspec.subjects import counterexamples, data, framework, models, state
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.loaded import Loaded
from mltspec.subjects.probe_rows import RealRows, as_real_rows, real_rows, schema_of
from mltspec.subjects.probing import precision_of
from mltspec.subjects.trace_calls import Call, Course, first_broken, followed
from mltspec.subjects.trace_elsewhere import elsewhere
from mltspec.subjects.trace_operation import culprit
from mltspec.subjects.trace_step import Steps, take_steps
from mltspec.subjects.trace_values import is_finite, saturated_share, trouble_with, values_of

ROUNDINGS = 32
CLOSE = 1e-5
"""Exported answers may differ so much, or by a few roundings of the model's own type where that is more."""


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Follow each batch.

    Args:
        asks: `TraceAsk`s.
        found: the `TrainingEvidence` of the run whose model is followed; nothing for an untrained one.
        bench: where the model's state lies.

    Raises:
        Unfit: the run kept no state, or the data has no such rows.
    """
    return [_one(cast(TraceAsk, ask), found, bench) for ask in asks]


def _one(ask: TraceAsk, found: Sequence[Evidence], bench: Bench) -> TraceEvidence:
    framework.prepare(ask.run.seed, bench.threads)
    model = models.build(ask.run.model, bench)
    trained_steps = 0
    if not ask.untrained:
        trained = cast(TrainingEvidence, found[0])
        if trained.state is None:
            raise Unfit(f"the training run of `{ask.run.model.name}` was cut short and kept no state to follow")
        state.load_state(model, bench.path(trained.state))
        trained_steps = trained.steps
    loaded = data.load(ask.data, bench, model)
    real, batch, schema = _batch(ask, loaded, model, bench)
    return _followed(ask, model, real, batch, schema, bench).model_copy(update={"trained_steps": trained_steps})


def _batch(ask: TraceAsk, loaded: Loaded, model: Any, bench: Bench) -> tuple[RealRows, Batch, Schema]:
    """Return the rows asked for, or those of a kept counterexample, as tables."""
    learnt = real_rows(loaded)
    schema = schema_of(learnt, model)
    if ask.counterexample:
        return learnt, counterexamples.named(ask.counterexample, ask.about, schema, bench), schema
    last = max(ask.rows)
    head = as_real_rows(loaded.head(last + 1))
    have = len(next(iter(head.features.values())))
    if last >= have:
        raise Unfit(f"data `{ask.data.name}` has no row {last}: its {have} rows are numbered from 0")
    picked = list(ask.rows)
    tables = tuple(head.features[feature.name][picked].reshape(len(picked), -1) for feature in schema.features)
    tables = tuple(
        table if feature.kind != "text" else np.array([[_text(cell) for cell in row] for row in table])
        for table, feature in zip(tables, schema.features, strict=True)
    )
    return head, Batch(tables, tuple(leaf[picked] for leaf in head.labels)), schema


def _text(cell: Any) -> str:
    return (
        "" if cell is None or cell != cell else cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)
    )


def _followed(ask: TraceAsk, model: Any, real: RealRows, batch: Batch, schema: Schema, bench: Bench) -> TraceEvidence:
    tensors = [
        tf.constant(table.reshape(-1, *feature.shape))
        for table, feature in zip(batch.tables, schema.features, strict=True)
    ]
    inputs = real.packed_inputs(tensors)
    model(inputs, training=False)  # a model without declared inputs comes into being
    before = state.snapshot(model)
    with followed() as course:
        answers = model.predict_step((inputs,))
    steps, untaken = _steps(ask, model, real, [*tensors, *map(tf.constant, batch.labels)], bool(schema.labels))
    state.restore(model, before)
    outputs = tf.nest.flatten(answers)
    compared = tuple(elsewhere(ask, model, inputs, outputs, bench))
    tolerance = max(CLOSE, ROUNDINGS * precision_of(model))
    state.restore(model, before)
    trouble = _first(tensors, schema, course, outputs, steps, compared, tolerance)
    if trouble is not None and trouble.stage in ("prediction", "training", "loss", "gradient"):
        run = _again(trouble, model, real, inputs, [*tensors, *map(tf.constant, batch.labels)])
        trouble = trouble.model_copy(update={"operation": culprit(run, bench.roots)})
        state.restore(model, before)
    table = tabulate(batch, schema)
    named = {id(tensor): feature.name for tensor, feature in zip(tensors, schema.features, strict=True)}
    return TraceEvidence(
        rows=batch.rows,
        trained_steps=0,
        columns=table.columns,
        table=table.rows,
        inputs=tuple(
            (feature.name, values_of(tensor)) for tensor, feature in zip(tensors, schema.features, strict=True)
        ),
        layers=_layers(course, steps.course, inputs, named),
        outputs=tuple(map(values_of, outputs)),
        losses=tuple(steps.losses),
        weights=steps.weights,
        slots=steps.slots,
        compared=compared,
        tolerance=tolerance,
        found=trouble,
        unseen=tuple(f"`{path}`: {why}" for path, why in {**course.unseen, **steps.course.unseen}.items()),
        untaken=untaken,
        state_left_as_found=not state.changed(before),
    )


def _steps(ask: TraceAsk, model: Any, real: RealRows, tensors: list[Any], labelled: bool) -> tuple[Steps, str]:
    if not labelled and getattr(model, "loss", None) is not None:
        return Steps(), "the data has no labels"
    if getattr(model, "optimizer", None) is None:
        return Steps(), "the model is not compiled"
    model.reset_metrics()
    return take_steps(model, real.packed(tensors), ask.steps), ""


def _again(trouble: Found, model: Any, real: RealRows, inputs: Any, tensors: list[Any]) -> Callable[[], Any]:
    """Return what to run again to meet the trouble once more."""
    if trouble.stage == "prediction":
        return lambda: model.predict_step((inputs,))

    def train() -> None:
        for _ in range(max(1, trouble.step)):
            model.train_step(real.packed(tensors))

    return train


def _first(
    tensors: Sequence[Any],
    schema: Schema,
    course: Course,
    outputs: Sequence[Any],
    steps: Steps,
    compared: Sequence[Compared],
    tolerance: float,
) -> Found | None:
    """Return the first tensor on the way that is not finite, or where answers part."""
    for tensor, feature in zip(tensors, schema.features, strict=True):
        if not is_finite(tensor) and not feature.missing:
            return Found(stage="input", step=0, path=feature.name, what="the batch itself is not finite")
    if not all(map(is_finite, outputs)):
        broken = first_broken(course, all(map(is_finite, tensors)))
        if broken is not None:
            return Found(stage="prediction", step=0, path=broken[0], what=broken[1])
        return Found(stage="prediction", step=0, path="output", what="it is not finite, though every layer's output is")
    if steps.found is not None:
        return steps.found
    for each in compared:
        if each.largest is not None and not each.largest <= tolerance:
            what = f"its answers differ by {each.largest:.3g} from the model's in memory"
            return Found(stage=each.where, step=0, path=each.where, what=what)
    return None


def _layers(course: Course, training: Course, inputs: Any, named: dict[int, str]) -> tuple[LayerTrace, ...]:
    """Describe every layer once, in the order in which it was first called."""
    trained: dict[str, Call] = {}
    for call in training.calls:
        trained.setdefault(call.path, call)
    first: dict[str, Call] = {}
    fed: dict[str, dict[str, None]] = {}
    counts: dict[str, int] = {}
    makers = {id(leaf): f"input {name}" for leaf, name in zip(tf.nest.flatten(inputs), named.values(), strict=False)}
    makers |= {id_: f"input {name}" for id_, name in named.items()}
    for call in course.calls:
        first.setdefault(call.path, call)
        counts[call.path] = counts.get(call.path, 0) + 1
        into = fed.setdefault(call.path, {})
        for tensor in call.given:
            maker = makers.get(id(tensor), "")
            if maker and maker != call.path:
                into[maker] = None
        if not call.whole:
            makers |= {id(tensor): call.path for tensor in call.answered}
    for path, call in trained.items():
        first.setdefault(path, call)
    return tuple(_layer(call, counts, fed, trained, course) for call in first.values())


def _layer(
    call: Call, counts: dict[str, int], fed: dict[str, dict[str, None]], trained: dict[str, Call], course: Course
) -> LayerTrace:
    in_prediction = call.path in counts
    answered = values_of(call.answered[0]) if in_prediction else None
    training = trained.get(call.path)
    learnt = values_of(training.answered[0]) if training is not None else None
    saturated = saturated_share(call.layer, call.answered[0])
    trouble = trouble_with(answered, saturated) or trouble_with(learnt, None)
    if getattr(call.layer, "_is_input", False) or type(call.layer).__name__ == "InputLayer":
        trouble = "not finite" if trouble == "not finite" else ""
    return LayerTrace(
        path=call.path,
        kind=call.kind,
        within=call.within,
        calls=counts.get(call.path, 0) or 1,
        fed_by=tuple(fed.get(call.path, {})),
        answered=answered,
        trained=learnt,
        saturated=saturated,
        trouble=trouble,
    )
