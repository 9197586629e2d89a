"""Faults get into what the user's functions return, by whatever name they are called."""

import sys
from types import ModuleType

import numpy as np
import pytest

from mltspec.evidence.faults import BY_NAME, NOT_INJECTED
from mltspec.plan.plan import Injection
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.mutants import data, model
from mltspec.subjects.mutants.injecting import MUTATORS

pytestmark = pytest.mark.tensorflow

SOURCE = """
import keras
import numpy as np
import tensorflow as tf

X = np.arange(40, dtype="float32").reshape(20, 2)
Y = np.arange(20)

def arrays(): return X, Y
def weighted(): return X, Y, np.ones(20)
def streamed(): return tf.data.Dataset.from_tensor_slices((X, Y)).batch(8)
def table(): return {"a": X[:, 0], "kind": Y}
def unlabelled(): return X
class Batches(keras.utils.PyDataset):
    def __len__(self): return 2
    def __getitem__(self, at): return X[at * 10:at * 10 + 10], Y[at * 10:at * 10 + 10]
def batches(): return Batches()
def served(raw): return {"text": np.array(["a", "b"]), "age": np.array([1.0, 2.0])}

def build():
    built = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(1)])
    built.compile(keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)), "mse")
    return built
def unbuilt():
    built = keras.Sequential([keras.layers.Dense(1)])
    built.compile("adam", "mse")
    return built
class Net(keras.Model):
    pass
"""


@pytest.fixture
def bench(tmp_path, monkeypatch):
    (tmp_path / "mutated_subject.py").write_text(SOURCE)
    (tmp_path / "mutated_job.py").write_text("from mutated_subject import build\ndef make(): return build()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Bench((tmp_path,), tmp_path, tmp_path, lambda *told: None, None, 1)
    for name in ("mutated_subject", "mutated_job"):
        sys.modules.pop(name, None)


@pytest.fixture
def reached():
    return []


def put(fault, name, bench, reached, label=None) -> ModuleType:
    injection = Injection(fault=fault, target=f"mutated_subject:{name}" if name else "", label=label)
    MUTATORS[fault](injection, bench, lambda: reached.append(fault))
    return sys.modules["mutated_subject"]


def test_every_fault_has_its_mutator():
    assert MUTATORS.keys() == BY_NAME.keys()


@pytest.mark.parametrize("name", ["arrays", "weighted", "streamed", "batches"])
def test_labels_change_rows(bench, reached, name):
    value = getattr(put("labels-shuffled", name, bench, reached), name)()
    if name == "streamed":
        parts = list(value.as_numpy_iterator())
    else:
        parts = [value[at] for at in range(len(value))] if name == "batches" else [value]
    x, y = (np.concatenate([np.asarray(part[at]) for part in parts]) for at in (0, 1))
    assert np.array_equal(x[:, 0], np.arange(0, 40, 2))
    assert sorted(y) == list(range(20))
    assert np.mean(y == np.arange(20)) < 0.5
    assert reached


def test_chance_leaves_no_truth_in_shuffled_labels(bench, reached):
    module = put("labels-shuffled", "arrays", bench, reached)
    for seed in range(5):
        module.Y = np.random.default_rng(seed).integers(0, 2, 20)
        _, shuffled = module.arrays()
        share = module.Y.mean()
        assert (shuffled == module.Y).mean() <= share**2 + (1 - share) ** 2


def test_labels_of_a_table_change_rows(bench, reached):
    value = put("labels-shuffled", "table", bench, reached, label="kind").table()
    assert sorted(value["kind"]) == list(range(20))
    assert not np.array_equal(value["kind"], np.arange(20))
    assert np.array_equal(value["a"], np.arange(0, 40, 2))


def test_data_without_labels_are_refused(bench, reached):
    with pytest.raises(Unfit, match=NOT_INJECTED):
        put("labels-shuffled", "unlabelled", bench, reached).unlabelled()
    assert not reached


def test_one_serving_feature_is_scaled(bench, reached):
    value = put("feature-skewed", "served", bench, reached).served(None)
    assert list(value["text"]) == ["a", "b"]
    assert list(value["age"]) == [x * data.SKEW + data.SKEW for x in (1.0, 2.0)]


def test_a_schedule_is_stopped_too(bench, reached):
    built = put("learning-rate-zero", "build", bench, reached).build()
    before = built.get_weights()
    built.fit(np.ones((4, 2)), np.ones(4), verbose=0)
    assert all(map(np.array_equal, before, built.get_weights()))
    assert reached


def test_only_the_first_layer_is_frozen(bench, reached):
    built = put("layer-frozen", "build", bench, reached).build()
    before = built.get_weights()
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        built.fit(np.ones((4, 2)), np.ones(4), verbose=0)
    assert [not np.array_equal(*pair) for pair in zip(before, built.get_weights(), strict=True)][:2] == [False, False]
    assert not np.array_equal(before[3], built.get_weights()[3])


def test_the_loss_is_negated(bench, reached):
    built = put("loss-sign-flipped", "build", bench, reached).build()
    assert not reached
    assert built.evaluate(np.ones((4, 2)), np.full(4, 9.0), verbose=0) < 0
    assert reached


def test_one_weight_is_nan(bench, reached):
    built = put("weight-nan", "build", bench, reached).build()
    assert sum(np.isnan(weight).sum() for weight in built.get_weights()) == 1


def test_rows_are_mixed(bench, reached):
    built = put("rows-mixed", "build", bench, reached).build()
    rows = np.array([[1.0, 2.0], [-30.0, 40.0]])
    assert not np.allclose(built.predict_on_batch(rows)[:1], built.predict_on_batch(rows[:1]))


def test_a_job_that_imported_the_function_gets_the_fault(bench, reached):
    import mutated_job

    put("weight-nan", "build", bench, reached)
    assert any(np.isnan(weight).any() for weight in mutated_job.make().get_weights())


def test_a_model_without_weights_is_refused(bench, reached):
    with pytest.raises(Unfit, match="no weights yet"):
        put("weight-nan", "unbuilt", bench, reached).unbuilt()


def test_a_class_is_refused(bench, reached):
    with pytest.raises(Unfit, match="is a class"):
        model.stop_learning(Injection(fault="learning-rate-zero", target="mutated_subject:Net"), bench, print)
