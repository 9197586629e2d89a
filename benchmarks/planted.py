"""How soon planted numerical faults are found, how small they end, and what a test by hand finds of them.

Each fault has a healthy twin. To find it is to fail the faulty model and to pass its twin with the same batches: a test
that fails both has found nothing. Both searches have the same number of examples; batches by hand are Hypothesis'
arrays, once within the range of the data and once of any finite floats, and the better of the two counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any, NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.figure import Figure

EXAMPLES, SEEDS, REACH = 400, 20, 1000.0
BY_HAND = 100


class Planted(NamedTuple):
    """A fault: its name, the range of its data, a formula for the model's middle, and the twin's.

    ``reach`` is how hostile batches are: half precision ends at 65,504, for a healthy model's gradients too.
    """

    name: str
    low: float
    high: float
    faulty: Callable[[Any], Any]
    twin: Callable[[Any], Any]
    half: bool = False
    reach: float = REACH


def planted() -> list[Planted]:
    """Return the faults."""
    from keras import ops

    def own_spread(x: Any) -> Any:
        return (x - ops.mean(x, axis=0)) / ops.std(x, axis=0)

    def safe_spread(x: Any) -> Any:
        return (x - ops.mean(x, axis=0)) / (ops.std(x, axis=0) + 1e-3)

    def by_hand(x: Any) -> Any:
        return ops.exp(x) / ops.sum(ops.exp(x), axis=-1, keepdims=True)

    return [
        Planted("log of zero", 0.1, 1, ops.log, lambda x: ops.log(ops.maximum(x, 1e-6))),
        Planted("exp overflow", 0, 10, ops.exp, lambda x: ops.exp(ops.minimum(x, 80.0))),
        Planted("division by the batch's own spread", 0, 1, own_spread, safe_spread),
        Planted("fp16 overflow", 0, 50, ops.square, lambda x: ops.square(ops.clip(x, -20, 20)), half=True, reach=10),
        Planted("softmax by hand", 0, 10, by_hand, lambda x: ops.softmax(x)),
        Planted(
            "sqrt at zero gradient", 0.1, 1,
            lambda x: ops.sqrt(ops.sum(ops.square(x), axis=-1, keepdims=True)),
            lambda x: ops.sqrt(ops.sum(ops.square(x), axis=-1, keepdims=True) + 1e-6),
        ),
    ]  # fmt: skip


def model_of(fault: Planted, formula: Callable[[Any], Any]) -> Any:
    """Return a compiled model around a formula; a layer with weights before it lets gradients pass through."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    policy = "mixed_float16" if fault.half else "float32"
    keras.mixed_precision.set_global_policy(policy)
    try:
        first = layers.Dense(4, use_bias=False, kernel_initializer="identity")
        model = keras.Sequential([keras.Input((4,)), first, layers.Lambda(formula), layers.Dense(1, use_bias=False)])
        model.compile(keras.optimizers.SGD(1e-9), "mae")
    finally:
        keras.mixed_precision.set_global_policy("float32")
    return model


def rows_of(fault: Planted) -> Any:
    """Return real rows, none of which shows the fault."""
    dice = np.random.default_rng(0)
    x = dice.uniform(fault.low, fault.high, (500, 4)).astype("float32")
    return x, dice.uniform(0, 1, (500, 1)).astype("float32"), None


def search_for(fault: Planted, formula: Callable[[Any], Any], seeds: range) -> list[Any]:
    """Return what a search for each seed ends with: the finding of the claim that broke first, or of the last."""
    from mltspec.probes.claims.outputs import outputs_finite
    from mltspec.probes.claims.steps import gradients_finite
    from mltspec.probes.recipe import Space
    from mltspec.probes.search import Budget, search
    from mltspec.subjects.probe_rows import as_real_rows, schema_of
    from mltspec.subjects.probing import KerasProbed

    model = model_of(fault, formula)
    real = as_real_rows(rows_of(fault))
    schema = schema_of(real, model)
    probed = KerasProbed(model, schema, real)
    probed.ready_to_step()
    claims = [outputs_finite(), gradients_finite()]
    found = []
    for number in seeds:
        findings = search(schema, Space(1, 64, fault.reach), claims, probed, Budget(EXAMPLES, number)).findings
        found.append(min(findings, key=lambda each: (each.broken_by is None, each.examples)))
    return found


def by_hand(fault: Planted, formula: Callable[[Any], Any], elements: Any) -> bool:
    """Tell whether a test as one writes it by hand fails: outputs and the loss's gradients of a batch are finite."""
    import tensorflow as tf

    model = model_of(fault, formula)
    weights = model.trainable_variables

    def finite_at(batch: Any) -> bool:
        with tf.GradientTape() as tape:
            outputs = model(tf.constant(batch), training=True)
            loss = tf.reduce_mean(tf.abs(tf.cast(outputs, tf.float32)))
        parts = [outputs, *(each for each in tape.gradient(loss, weights) if each is not None)]
        return all(bool(tf.reduce_all(tf.math.is_finite(part))) for part in parts)

    batches = st.integers(1, 64).flatmap(lambda rows: arrays(np.float32, (rows, 4), elements=elements))

    @seed(1)
    @settings(
        max_examples=BY_HAND, database=None, deadline=None, suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False, phases=[phase for phase in settings().phases if phase.name == "generate"],
    )  # fmt: skip
    @given(batches)
    def test(batch: Any) -> None:
        assert finite_at(batch)

    try:
        test()
    except AssertionError:
        return True
    return False


def found_by_hand(fault: Planted) -> bool:
    """Tell whether a test by hand tells the fault from its twin, with either kind of array."""
    low, high = float(np.float32(fault.low)), float(np.float32(fault.high))  # as single precision holds them
    kinds = st.floats(low, high, width=32), st.floats(width=32, allow_nan=False, allow_infinity=False)
    return any(
        by_hand(fault, fault.faulty, elements) and not by_hand(fault, fault.twin, elements) for elements in kinds
    )


def figures() -> Iterator[Figure]:
    """Search for each fault from several seeds, hold its twin to be healthy, and try the same by hand."""
    from mltspec.probes.search import warm_up

    warm_up()
    rows: list[int] = []
    ours, hand = 0, 0
    with np.errstate(all="ignore"):
        for fault in planted():
            found = search_for(fault, fault.faulty, range(SEEDS))
            healthy = all(each.broken_by is None for each in search_for(fault, fault.twin, range(3)))
            needed = median(each.examples if each.broken_by is not None else EXAMPLES for each in found)
            rows += [each.broken_by.rows for each in found if each.broken_by is not None]
            ours += healthy and needed < BY_HAND
            hand += found_by_hand(fault)
            note = f"{sum(each.broken_by is not None for each in found)} of {SEEDS} seeds"
            note += "" if healthy else "; ITS TWIN FAILS TOO"
            yield Figure(f"examples to find: {fault.name}", needed, 100, "", at_most=True, note=note)
    yield Figure("rows of a shrunk counterexample, median", median(rows), 1, "", at_most=True, note=f"most {max(rows)}")
    yield Figure("faults told from their twins", ours, len(planted()), "", note=f"in {BY_HAND} examples, median seed")
    yield Figure("the same by a test by hand", hand, ours - 1, "", at_most=True, note=f"in {BY_HAND} examples")
