"""One real pass of predictions over a stream of so many rows, measured as a spec's claims would have it.

python -m benchmarks.streamed_pass ROWS prints how much memory the process took at most, in MB, and the seconds.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.figure import REPOSITORY

BATCH = 8192
CARRIERS = 16


def rows() -> Any:
    """Return a stream of inputs and labels, never held as a whole; `ROWS` in the environment says how many."""
    import tensorflow as tf

    def batch(at: Any) -> Any:
        seed = tf.stack([at, 7])
        x = tf.random.stateless_normal((BATCH, 4), seed)
        noise = tf.random.stateless_normal((BATCH,), seed + 1)
        carrier = tf.random.stateless_uniform((BATCH,), seed + 2, maxval=CARRIERS, dtype=tf.int64)
        return {"x": x, "carrier": carrier}, tf.cast(x[:, 0] + noise > 0, tf.float32)[:, None]

    return tf.data.Dataset.range(int(os.environ["ROWS"]) // BATCH).map(batch)


def build() -> Any:
    """Return a compiled model that is as small as one can be."""
    import keras

    x, carrier = keras.Input((4,), name="x"), keras.Input((), name="carrier", dtype="int64")
    model = keras.Model({"x": x, "carrier": carrier}, keras.layers.Dense(1, activation="sigmoid")(x))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


def measure() -> None:
    """Observe accuracy, area and losses, overall and by carrier."""
    from mltspec.evidence.predictions import PredictionsAsk
    from mltspec.evidence.training import TrainingAsk, TrainingEvidence
    from mltspec.plan.subject import Data, Model, Origin
    from mltspec.subjects import framework, models, state
    from mltspec.subjects.bench import Bench
    from mltspec.subjects.observers.predictions import observe

    with tempfile.TemporaryDirectory() as folder:
        bench = Bench((REPOSITORY,), Path(folder), Path(folder) / "objects", lambda done, total, unit: None, None, 2)
        model = Model(name="m", build=Origin(kind="python", target="benchmarks.streamed_pass:build"))
        data = Data(name="d", origin=Origin(kind="python", target="benchmarks.streamed_pass:rows"))
        run = TrainingAsk(model=model, data=data, seed=1)
        framework.prepare(1, 2)
        made = models.build(model, bench)
        file = bench.folder / "state.npz"
        state.save_state(made, file, next(iter(rows()))[0])
        trained = TrainingEvidence.model_construct(state=bench.keep(file))
        asks = [
            PredictionsAsk(run=run, data=data, metric=metric, by=by)
            for metric in ("accuracy", "auc", "log_loss", "loss")
            for by in ((), ("carrier",))
        ]
        found = observe(asks, [trained], bench)
        assert all(each.rows == int(os.environ["ROWS"]) // BATCH * BATCH for each in found)
        assert all(len(each.slices) == (CARRIERS if ask.by else 0) for ask, each in zip(asks, found, strict=True))


if __name__ == "__main__":
    os.environ["ROWS"] = sys.argv[1]
    began = time.perf_counter()
    measure()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.perf_counter() - began)
