"""Asks about the subjects in `measured_subjects`, and a bench to answer them on."""

from pathlib import Path

from mltspec.evidence.training import TrainingAsk, TrainingEvidence
from mltspec.plan.subject import Data, Model, Origin
from mltspec.subjects.bench import Bench

MODULE = "measured_subjects"


def model(build="healthy", **options):
    return Model(name=build, build=Origin(kind="python", target=f"{MODULE}:{build}"), **options)


def data(name="flowers", **options):
    return Data(name=name, origin=Origin(kind="python", target=f"{MODULE}:{name}"), **options)


def run(build="healthy", name="flowers", **options):
    return TrainingAsk(model=model(build, **options), data=data(name), seed=1)


def trained(state):
    """The evidence of a run of which only the state matters here."""
    return TrainingEvidence(
        steps=1, epochs=1, steps_per_epoch=1, rows=1, watched_rows=1, inference=True, points=(), first_bad_step=None,
        finished=True, metrics={}, trainable_variables=1, state_digest="", curve_digest="", state=state, curve=None,
        steps_per_second=1.0, device="CPU",
    )  # fmt: skip


def bench(folder):
    return Bench((Path(__file__).parent,), folder, folder / "objects", lambda done, total, unit: None, None, 1)


def state_of(build, at, name):
    """Keep the state of a model after some epochs."""
    import tensorflow as tf

    from mltspec.subjects import data as datasets
    from mltspec.subjects import framework, models, state
    from mltspec.subjects.fresh_rows import packed

    framework.prepare(1, 1)
    made = models.build(model(build), at)
    rows = packed(datasets.load(data(name), at, made).head(64))
    made.fit(tf.data.Dataset.from_tensor_slices(rows).batch(32), shuffle=False, epochs=40, verbose=0)
    file = at.folder / "kept.npz"
    state.save_state(made, file, rows[0])
    return trained(at.keep(file))
