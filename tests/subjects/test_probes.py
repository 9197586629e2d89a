"""The observer from end to end: a trained model's state, data by name, evidence back."""

from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from mltspec.evidence.probes import Cell, ProbesAsk, ProbesEvidence, Terms  # noqa: E402
from mltspec.evidence.training import TrainingAsk, TrainingEvidence  # noqa: E402
from mltspec.plan.subject import Data, Function, Model, Origin  # noqa: E402
from mltspec.subjects import models, state  # noqa: E402
from mltspec.subjects.bench import Bench, Unfit  # noqa: E402
from mltspec.subjects.observers.probes import observe  # noqa: E402

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # TensorFlow's variables
]

SUBJECT = """
import keras
import numpy as np
from keras import layers, ops

def data():
    rng = np.random.default_rng(0)
    price = rng.uniform(1, 9, (200, 1)).astype("float32")
    price[3] = 0
    carrier = np.array(["UA", "AA"], dtype=object)[rng.integers(0, 2, 200)]
    return {"price": price, "carrier": carrier}, (price[:, 0] > 5).astype("int64")

def unlabelled():
    return data()[0]

def build(change=lambda price: price / 10):
    price, carrier = keras.Input((1,), name="price"), keras.Input((1,), name="carrier", dtype="string")
    code = layers.StringLookup(vocabulary=["AA", "UA"], output_mode="one_hot")(carrier)
    both = layers.Concatenate()([layers.Lambda(change)(price), code])
    model = keras.Model({"price": price, "carrier": carrier}, layers.Dense(1, activation="sigmoid")(both))
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    return model

def faulty():
    return build(ops.log)

def rooted():
    return build(lambda price: ops.sqrt(2 - price))

def undeclared():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.top = layers.Dense(1)
        def call(self, inputs):
            return self.top(inputs["price"])
    model = Own()
    model({"price": np.ones((1, 1), "float32")})
    model.compile("sgd", "mse")
    return model

def random():
    model = build(lambda price: ops.where(keras.random.uniform(()) < 0.02, np.nan, price))
    return model
"""


@pytest.fixture
def bench(tmp_path, monkeypatch):
    (tmp_path / "probed_subject.py").write_text(SUBJECT)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "probed_subject", raising=False)
    monkeypatch.chdir(tmp_path)
    for folder in ("scratch", "objects"):
        (tmp_path / folder).mkdir()
    return Bench(
        roots=(tmp_path,), folder=tmp_path / "scratch", objects=tmp_path / "objects",
        progress=lambda done, total, unit: None, isolate=None, threads=1,
    )  # fmt: skip


def ask(claim, build="build", data="data", **more):
    model = Model(name="late", build=Origin(kind="python", target=f"probed_subject:{build}"))
    flights = Data(name="flights", origin=Origin(kind="python", target=f"probed_subject:{data}"))
    run = TrainingAsk(model=model, data=flights, seed=1)
    space = {"least_rows": 1, "most_rows": 16, "examples": 120, "seed": 0} | more
    return ProbesAsk(run=run, data=flights, claim=claim, **space)


def trained(bench, ask):
    keras.utils.set_random_seed(5)
    file = bench.folder / "state.npz"
    digest = state.save_state(models.build(ask.run.model, bench), file)
    return TrainingEvidence(
        steps=0, epochs=0, steps_per_epoch=0, rows=0, watched_rows=0, inference=True, points=(),
        first_bad_step=None, finished=True, metrics={}, trainable_variables=2, state_digest=digest,
        curve_digest="", state=bench.keep(file), curve=None, steps_per_second=0.0, device="CPU",
    )  # fmt: skip


def everything(build):
    return [
        ask("outputs finite", build),
        ask("outputs in range", build, terms=Terms(low=0, high=1)),
        ask("rows independent", build, terms=Terms(tolerance=1e-5)),
        ask("train step finite", build),
    ]


def test_a_healthy_model(bench):
    asks = everything("build")
    told = []
    bench = Bench(**{**vars(bench), "progress": lambda *progress: told.append(progress)})
    found = observe(asks, [trained(bench, asks[0])], bench)
    assert len({each.group() for each in asks}) == 1
    for evidence in found:
        assert isinstance(evidence, ProbesEvidence)
        assert evidence.found is None
        assert not evidence.flaky
        assert evidence.state_left_as_found
        assert evidence.examples == 120
        assert evidence.rows > 500
        assert evidence.probes_per_second > 1
        assert ProbesEvidence.from_json(evidence.to_json()) == evidence
    assert found[0].worst_text.startswith("largest absolute output 0.")
    assert told[-1] == (120, 120, "batches")
    assert not Path(".hypothesis").exists()


def test_batches_are_made_of_what_the_model_declares_alone(bench):
    asks = [each.model_copy(update={"data": None}) for each in everything("build")[:3]]
    finite, _, _ = observe(asks, [trained(bench, asks[0])], bench)
    assert (finite.found, finite.examples) == (None, 120)
    broken = ask("outputs finite", "rooted").model_copy(update={"data": None})
    found = observe([broken], [trained(bench, broken)], bench)[0].found
    assert found.rows == 1
    assert found.columns == ("carrier", "price")
    assert found.table[0][0].strip("'") in {"AA", "UA", "[UNK]", "", "(unseen)"}
    with pytest.raises(Unfit, match="needs labels"):
        observe([ask("train step finite").model_copy(update={"data": None})], [trained(bench, asks[0])], bench)


def test_a_model_that_declares_nothing_needs_rows(bench):
    undeclared = ask("outputs finite", "undeclared").model_copy(update={"data": None})
    with pytest.raises(Unfit, match="write `from DATA`"):
        observe([undeclared], [trained(bench, undeclared)], bench)


def test_a_counterexample_is_told_and_kept(bench):
    asks = everything("faulty")
    finite, inside, _, step = observe(asks, [trained(bench, asks[0])], bench)
    assert finite.found is None  # the sigmoid of minus infinity is 0
    assert inside.found is None
    found = step.found
    assert found.rows == 1
    assert found.columns == ("carrier", "price")
    assert Cell(row=0, feature="price", value="0") in found.unusual
    assert found.seen.startswith("after one training step")
    assert step.worst_text == found.seen
    with np.load(bench.path(found.batch), allow_pickle=False) as batch:
        assert batch["inputs/price"].tolist() == [[0]]
        assert batch["inputs/carrier"].shape == (1,)
        assert batch["labels/0"].shape == (1,)
    again = observe(asks, [trained(bench, asks[0])], bench)[3]
    assert again.found == found


def test_a_counterexample_is_tried_first_next_time_and_alone_when_asked_for(bench):
    asks = everything("faulty")
    first = observe(asks, [trained(bench, asks[0])], bench)[3]
    assert (first.replayed, first.known) == (0, False)
    again = observe(asks, [trained(bench, asks[0])], bench)[3]
    assert (again.replayed, again.known, again.examples) == (1, True, 1)
    assert again.found == first.found
    healthy = [each.model_copy(update={"run": ask("outputs finite").run}) for each in asks]
    mended = observe(healthy, [trained(bench, healthy[0])], bench)[3]
    assert mended.replayed == 0  # another model's counterexamples are none of its own
    alone = [asks[3].model_copy(update={"replay": first.found.id})]
    (replayed,) = observe(alone, [trained(bench, alone[0])], bench)
    assert (replayed.examples, replayed.known, replayed.found) == (1, True, first.found)
    missing = [asks[3].model_copy(update={"replay": "0" * 12})]
    with pytest.raises(Unfit, match="keeps no counterexample"):
        observe(missing, [trained(bench, missing[0])], bench)


def test_a_counterexample_that_no_longer_fits_the_data_is_passed_over(bench):
    asks = everything("faulty")
    found = observe(asks, [trained(bench, asks[0])], bench)[3].found
    _reshape(found, bench)
    assert observe(asks, [trained(bench, asks[0])], bench)[3].replayed == 0
    _reshape(found, bench)
    alone = [asks[3].model_copy(update={"replay": found.id})]
    with pytest.raises(Unfit, match="no longer fits the data"):
        observe(alone, [trained(bench, alone[0])], bench)


def _reshape(found, bench):
    """Give a kept counterexample inputs of another shape, as if the data had changed since."""
    with np.load(bench.path(found.batch)) as batch:
        arrays = dict(batch)
    np.savez(bench.folder / "other.npz", **{**arrays, "inputs/price": np.zeros((1, 3), "float32")})
    changed = bench.keep(bench.folder / "other.npz")
    (record,) = bench.objects.parent.rglob(f"{found.id}.json")
    text = record.read_text().replace(found.batch.digest, changed.digest)
    record.write_text(text.replace(f'"size_bytes":{found.batch.size_bytes}', f'"size_bytes":{changed.size_bytes}'))


def test_relations_and_features_are_found_by_name(bench):
    (bench.roots[0] / "probed_relations.py").write_text(
        "def in_range(predict, inputs):\n    return (predict(inputs) >= 0).all(axis=1)\n"
        "def beyond(predict, inputs):\n    return predict(inputs)[:, 0] > 2\n"
    )
    asks = [
        ask("relation", terms=Terms(relation=Function(target="probed_relations:in_range"))),
        ask("relation", terms=Terms(relation=Function(target="probed_relations:beyond"))),
        ask("prediction unchanged", terms=Terms(feature="carrier", to="UA", tolerance=1e-6)),
    ]
    held, broken, carrier = observe(asks, [trained(bench, asks[0])], bench)
    assert (held.found, held.examples) == (None, 120)
    assert broken.found.seen == "it answers False for row 0"
    assert carrier.found.seen.endswith("with carrier changed to UA")
    unknown = ask("prediction unchanged", terms=Terms(feature="carier"))
    with pytest.raises(Unfit, match="no feature `carier`; there are `carrier`, `price`"):
        observe([unknown], [trained(bench, unknown)], bench)


def test_a_fault_that_does_not_come_again_is_flaky(bench):
    (evidence,) = observe([wanted := ask("outputs finite", "random")], [trained(bench, wanted)], bench)
    assert evidence.flaky
    assert evidence.found is None
    assert evidence.worst_text.endswith("is NaN")


def test_what_cannot_be_probed_is_said(bench):
    wanted = ask("train step finite", data="unlabelled")
    evidence = trained(bench, wanted)
    with pytest.raises(Unfit, match="needs labels"):
        observe([wanted], [evidence], bench)
    with pytest.raises(Unfit, match="cut short"):
        observe([wanted], [evidence.model_copy(update={"state": None})], bench)
