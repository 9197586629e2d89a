"""Looks at an untrained model: its outputs beside its labels, and training steps that are undone."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import keras
import numpy as np
import tensorflow as tf

from mltspec.evidence.fresh import Doubling, FreshAsk, FreshEvidence
from mltspec.evidence.kind import Ask, Evidence
from mltspec.plan.subject import Fit
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models, state
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.fresh_contrasts import ALONE, ROWS, SAME, apart, counting, doubling, draw, pairing, weighing
from mltspec.subjects.fresh_forward import FAINT, Forward
from mltspec.subjects.fresh_heads import Own, look
from mltspec.subjects.fresh_penalties import penalised, penalties
from mltspec.subjects.fresh_rows import picked, still
from mltspec.subjects.fresh_step import WatchedStep
from mltspec.subjects.fresh_taken import frozen, summed
from mltspec.subjects.intent import declared, fit_of
from mltspec.subjects.loaded import Loaded, describe_nonfinite
from mltspec.subjects.nests import Batch, leaves, rows_of

T = TypeVar("T")


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Look at fresh weights, each ask from weights of its own.

    Args:
        asks: FreshAsks.
        found: nothing.
        bench: where the model and its data are found.

    Raises:
        Unfit: the model or its data cannot be used at all. What the user's code raises goes through, unless
            labels that fit no output explain it.
    """
    return [_one(cast(FreshAsk, ask), bench) for ask in asks]


@dataclass
class Subject:
    """An untrained model with its rows.

    Args:
        model: compiled and built.
        head: the first rows, as tensors.
        loaded: all rows.
        fit: how it is fitted.
        weighed: gives a batch its weights by class, where fitting has them.
        source: where weights come from.
        declared: what the author says is intended.
        fixed: the rows of a batch, where the model takes no other number.
        unseen: what could not be looked at, and why.
    """

    model: Any
    head: Batch
    loaded: Loaded
    fit: Fit
    weighed: Callable[[Batch], Batch]
    source: str
    declared: Mapping[str, Any]
    fixed: int | None
    unseen: list[str] = field(default_factory=list)

    @property
    def few(self) -> int:
        """How many rows a contrast takes."""
        return self.fixed or ROWS

    def batches(self) -> Iterator[Batch]:
        """Yield batches as ``fit`` would give them, in the data's order."""
        in_memory = self.loaded.arrays() is not None
        for batch in self.loaded.batches(self.fit.batch_rows if in_memory else None):
            yield self.weighed(still(batch, in_memory))

    def tried(self, what: str, function: Callable[[], T | None]) -> T | None:
        """Return what a look finds, or None and note why it could not be taken."""
        try:
            return function()
        except Exception as problem:  # the user's code, on batches that it never sees in training
            self.unseen.append(f"{what}: {type(problem).__name__}: {' '.join(str(problem).split())[:120]}")
            return None


def _one(ask: FreshAsk, bench: Bench) -> FreshEvidence:
    subject = _prepared(ask, bench)
    model, head = subject.model, subject.head
    own_step = _own_step(model)
    step = subject.tried("the training step", lambda: _step(subject))
    forward = Forward(model, head, subject.fixed is not None)
    own = subject.tried("the loss", lambda: _own(subject, step, forward)) if step and own_step else None
    repeatable = step is not None and _repeatable(subject, step)
    looked = _Contrasts(subject, step, repeatable)
    few = picked(head, draw(head, subject.few).at)
    weighed, doubled = head[2] is not None, subject.fixed is None
    return FreshEvidence(
        rows=rows_of(head[0]),
        labelled=head[1] is not None,
        own_step=own_step,
        repeatable=repeatable,
        heads=look(forward, own_step, own, ask.seed),
        pairing=looked.take("labels of other rows", lambda s: pairing(s, head)),
        doubling=looked.take("a doubled batch", lambda s: _doubling(subject, s), True) if doubled else None,
        penalties=looked.take("penalties", lambda s: penalties(s, head, few) if penalised(s) else None, True),
        weighing=looked.take("sample weights", lambda s: weighing(s, head, subject.source)) if weighed else None,
        frozen=subject.tried("frozen weights", lambda: frozen(model, subject.batches(), subject.declared)),
        fixed_rows=subject.fixed,
        bad_data=describe_nonfinite(subject.loaded.head(ask.rows)),
        unseen=tuple(subject.unseen),
    )


@dataclass(frozen=True)
class _Contrasts:
    """Looks that need the training step, and most of them one that repeats itself."""

    subject: Subject
    step: WatchedStep | None
    repeatable: bool

    def take(self, what: str, function: Callable[[WatchedStep], T | None], noisy: bool = False) -> T | None:
        step = self.step
        if step is None:
            return None
        if not (self.repeatable or noisy):
            self.subject.unseen.append(f"{what}: no gradient is handed over, or not the same one twice")
            return None
        return self.subject.tried(what, lambda: function(step))


def _prepared(ask: FreshAsk, bench: Bench) -> Subject:
    framework.prepare(ask.seed, bench.threads)
    model = models.build(ask.model, bench)
    loaded = datasets.load(ask.data, bench, model)
    fit, settings = fit_of(ask.model, bench)
    in_memory = loaded.arrays() is not None
    fixed = _fixed_rows(model)
    head = still(loaded.head(fixed or ask.rows), in_memory)
    if rows_of(head[0]) == 0:
        raise Unfit(f"`{ask.data.name}` has no rows: there is nothing to look at")
    by_class = settings.get("class_weight")
    weighed = _by_class(by_class) if isinstance(by_class, Mapping) and head[2] is None else _as_given
    # Layers of a subclassed model come into being at the first call.
    keras.Model.predict_step(model, (picked(head, np.arange(min(fixed or 2, rows_of(head[0]))))[0],))
    source = "class_weight" if weighed is not _as_given else "sample_weight"
    return Subject(model, weighed(head), loaded, fit, weighed, source, declared(ask.model, bench), fixed)


def _fixed_rows(model: Any) -> int | None:
    """Return how many rows a batch has, where the model's inputs say so (a stateful layer does)."""
    inputs = getattr(model, "inputs", None) or ()
    return next((int(each.shape[0]) for each in inputs if each.shape and each.shape[0] is not None), None)


def _as_given(batch: Batch) -> Batch:
    return batch


def _by_class(weights: Mapping[Any, Any]) -> Callable[[Batch], Batch]:
    """Return what gives every row the weight of its class, as ``fit`` does."""

    def weigh(batch: Batch) -> Batch:
        x, y, _ = batch
        labels = np.asarray(leaves(y)[0])
        classes = labels.argmax(axis=-1) if labels.ndim > 1 and labels.shape[-1] > 1 else labels.reshape(len(labels))
        each = [float(weights.get(int(number), 1.0)) for number in classes]
        return x, y, tf.constant(each, keras.config.floatx())

    return weigh


def _own_step(model: Any) -> bool:
    kind = type(model)
    return kind.train_step is not keras.Model.train_step or kind.compute_loss is not keras.Model.compute_loss


def _step(subject: Subject) -> WatchedStep | None:
    model, head = subject.model, subject.head
    if not model.trainable_variables or model.optimizer is None:
        return None
    return WatchedStep(model, picked(head, draw(head, subject.few, None if subject.fixed else counting(head)).at))


def _repeatable(subject: Subject, step: WatchedStep) -> bool:
    rows = picked(subject.head, draw(subject.head, subject.few).at)
    one, other = step.run(rows), step.run(rows)
    return one.readable and apart(one.gradient, other.gradient) < SAME


def _own(subject: Subject, step: WatchedStep, forward: Forward) -> Own | None:
    """Return what the user's training step says of a few rows, all of weight one, without penalties."""
    x, y, weight = picked(subject.head, draw(subject.head, subject.fixed or 4 * ROWS, counting(subject.head)).at)
    if len(forward.names) != 1 or len(leaves(y)) != 1:
        return None
    rows = x, y, None if weight is None else tf.ones_like(weight)
    taken = step.run(rows, ALONE)
    fresh = [state.value_of(variable) for variable in step.variables]
    step.begin_at([FAINT * value for value in fresh])
    faint = step.run(rows, ALONE)
    step.begin_at(fresh)
    if len(taken.outputs) != 1:
        return None
    return Own(np.asarray(leaves(y)[0]), taken.outputs[0], taken.loss, (faint.outputs[0], faint.loss))


def _doubling(subject: Subject, step: WatchedStep) -> Doubling | None:
    repeatable = _repeatable(subject, step)
    batches = list(itertools.islice(subject.batches(), 8))
    found = doubling(step, subject.head, rows_of(batches[0][0]), repeatable)
    if found is None or found.loss is None or min(found.loss, found.gradient or math.inf) < 1.5:
        return found
    stated = bool(subject.declared.get("summed_loss"))
    return summed(step, found.model_copy(update={"declared": stated}), subject.head, batches)
