"""How many batches a second are probed: ours, Hypothesis with `model.predict`, and a bare loop.

The model is the digits perceptron, 64-128-64-10; the claim `outputs finite`; batches have 1 to 64 rows.
The three are measured in turn, several rounds in one process, and their medians printed: what counts is
the ratios.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.figure import Figure

ROUNDS, PROBES, PREDICTS, LOOPS = 5, 2000, 60, 2000


def perceptron() -> Any:
    """Return the compiled model: ``(rows, 64)`` in 0..1 to ``(rows, 10)``."""
    import keras
    from keras import layers

    body = [
        layers.Dense(128, activation="relu"),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
    model = keras.Sequential([keras.Input((64,)), *body])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def by_search(probed: Any, schema: Any, seed: int) -> tuple[float, float]:
    """Return our batches and our rows a second."""
    from mltspec.probes.claims.outputs import outputs_finite
    from mltspec.probes.recipe import Space
    from mltspec.probes.search import Budget, search

    started = perf_counter()
    found = search(schema, Space(1, 64), [outputs_finite()], probed, Budget(PROBES, seed)).findings[0]
    assert found.examples == PROBES
    assert found.broken_by is None
    took = perf_counter() - started
    return PROBES / took, found.rows / took


def by_predict(model: Any) -> float:
    """Return the batches a second of Hypothesis' own arrays, each given to ``model.predict``."""
    tried = 0
    batches = st.integers(1, 64).flatmap(
        lambda rows: arrays(np.float32, (rows, 64), elements=st.floats(0, 1, width=32))
    )

    @settings(max_examples=PREDICTS, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(batches)
    def finite(batch: Any) -> None:
        nonlocal tried
        tried += 1
        assert np.isfinite(model.predict(batch, verbose=0)).all()

    started = perf_counter()
    finite()
    return tried / (perf_counter() - started)


def by_loop(function: Any, ready: list[Any]) -> float:
    """Return the batches a second of one traced function called on tensors that lie ready."""
    started = perf_counter()
    for batch in ready:
        function(batch)
    return len(ready) / (perf_counter() - started)


def figures() -> Iterator[Figure]:
    """Measure the three in turn, several times over, in one process."""
    import tensorflow as tf

    from mltspec.probes.search import warm_up
    from mltspec.subjects.probe_rows import as_real_rows, schema_of
    from mltspec.subjects.probing import KerasProbed

    dice = np.random.default_rng(0)
    model = perceptron()
    real = as_real_rows((dice.random((1297, 64), dtype=np.float32), dice.integers(0, 10, 1297), None))
    schema = schema_of(real, model)
    probed = KerasProbed(model, schema, real)
    function = tf.function(lambda x: model(x, training=False), input_signature=[tf.TensorSpec((None, 64), tf.float32)])
    ready = [tf.constant(dice.random((dice.integers(1, 65), 64), dtype=np.float32)) for _ in range(LOOPS)]
    warm_up()
    by_search(probed, schema, 99), by_predict(model), by_loop(function, ready)
    rounds = [(*by_search(probed, schema, seed), by_predict(model), by_loop(function, ready)) for seed in range(ROUNDS)]
    ours, rows, predict, loop = (median(figures) for figures in zip(*rounds, strict=True))
    note = f"{ours:.0f} / {predict:.0f} and {loop:.0f} batches/s"
    yield Figure("probes/s / Hypothesis arrays with model.predict", ours / predict, 30.0, note=note)
    yield Figure("probes/s / bare loop over one traced function", ours / loop, 0.6)
    yield Figure("rows probed per second, digits perceptron", rows, 30_000, "rows/s")
