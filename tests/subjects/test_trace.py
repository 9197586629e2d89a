"""The observer of traces on real models: what it sees of them, and which tensor it names."""

import sys

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from mltspec.evidence.trace import TraceAsk, TraceEvidence  # noqa: E402
from mltspec.evidence.training import TrainingAsk  # noqa: E402
from mltspec.plan.subject import Data, Model, Origin  # noqa: E402
from mltspec.subjects.bench import Bench, Unfit  # noqa: E402
from mltspec.subjects.observers.trace import observe  # noqa: E402

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # TensorFlow's variables
]

SUBJECT = '''
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

def data():
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, (40, 4)).astype("float32")
    x[5, 2] = 0
    return x, (x[:, 0] > 0.5).astype("float32")[:, None]

def unlabelled():
    return data()[0]

def compiled(model, optimizer="sgd", loss="mse"):
    model.compile(optimizer, loss)
    return model

def healthy():
    inputs = keras.Input((4,), name="x")
    shared = layers.Dense(4, "tanh", name="shared")
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3, "relu", name="deep")], name="inner")
    joined = layers.Add(name="join")([shared(inputs), shared(ops.square(inputs))])
    return compiled(keras.Model(inputs, layers.Dense(1, name="out")(inner(joined))), "adam")

def operation():
    inputs = keras.Input((4,))
    return compiled(keras.Model(inputs, layers.Dense(1)(ops.log(layers.ReLU(name="floor")(inputs)))))

class Between(keras.Model):
    """Takes a logarithm between two sound layers."""

    def __init__(self):
        super().__init__()
        self.first, self.last = layers.ReLU(name="first"), layers.Dense(1, name="last")

    def call(self, x):
        return self.last(tf.math.log(self.first(x)))  # the line

def between():
    model = Between()
    model(data()[0][:1])
    return compiled(model)

class Masked(layers.Layer):
    """Answers with minus infinity where nothing is to be looked at, as attention does."""

    def call(self, x):
        return tf.where(x > 0.5, x, -np.inf)

def masked():
    inputs = keras.Input((4,))
    return compiled(keras.Model(inputs, layers.Dense(1)(layers.Softmax()(Masked(name="mask")(inputs)))))

def slope():
    def norm(y, out):
        return ops.sqrt(ops.mean(ops.square(out - ops.stop_gradient(out))))
    inputs = keras.Input((4,))
    hidden = layers.Dense(3, name="hidden")(inputs)
    return compiled(keras.Model(inputs, layers.Dense(1, name="out")(hidden)), loss=norm)

def loss():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    return compiled(model, loss=lambda y, out: ops.mean(out) + ops.log(y))

def diverging():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1, name="only")])
    return compiled(model, keras.optimizers.SGD(1e30))

def recurrent():
    inputs = keras.Input((4, 1))
    return compiled(keras.Model(inputs, layers.Dense(1)(layers.LSTM(2, name="memory")(inputs))))

class Stepping(keras.Model):
    """Trains itself, with its call compiled by its author."""

    def __init__(self):
        super().__init__()
        self.inner = layers.Dense(1, name="inner")

    @tf.function
    def call(self, x):
        return self.inner(x)

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            gap = tf.reduce_mean((self(x) - y) ** 2)
        weights = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(gap, weights), weights))
        return {"loss": gap}

def stepping():
    model = Stepping()
    model(data()[0][:1])
    return compiled(model)

class Wrapped(layers.Layer):
    """Calls a layer inside a graph of its own, whatever is said about running eagerly."""

    def __init__(self):
        super().__init__(name="wrapped")
        self.inner = layers.Dense(4, name="hidden_away")

    def build(self, shape):
        self.inner.build((None, 4))

    def call(self, x):
        if hasattr(x, "numpy"):
            return tf.compat.v1.wrap_function(self.inner, [tf.TensorSpec((None, 4), "float32")])(x)
        return self.inner(x)

def hidden():
    inputs = keras.Input((4,))
    return compiled(keras.Model(inputs, layers.Dense(1)(Wrapped()(inputs))))

def scaled():
    half = "mixed_float16"
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, "relu", dtype=half), layers.Dense(1, dtype=half)])
    return compiled(model, keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.01), initial_scale=2.0**30))

def export_other(model, directory):
    other = keras.models.clone_model(model)
    other.export(directory, verbose=False)
'''


@pytest.fixture
def bench(tmp_path, monkeypatch):
    (tmp_path / "traced_subject.py").write_text(SUBJECT)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "traced_subject", raising=False)
    for folder in ("scratch", "objects"):
        (tmp_path / folder).mkdir()
    return Bench(
        roots=(tmp_path,), folder=tmp_path / "scratch", objects=tmp_path / "objects",
        progress=lambda done, total, unit: None, isolate=None, threads=1,
    )  # fmt: skip


def follow(bench, build, rows=(0, 1, 5), data="data", export=None, **more) -> TraceEvidence:
    target = None if export is None else f"traced_subject:{export}"
    model = Model(name="m", build=Origin(kind="python", target=f"traced_subject:{build}"), export=target)
    rows_of = Data(name="d", origin=Origin(kind="python", target=f"traced_subject:{data}"))
    run = TrainingAsk(model=model, data=rows_of, seed=1)
    ask = TraceAsk(run=run, data=rows_of, rows=rows, untrained=True, export=export is not None, **more)
    (found,) = observe([ask], [], bench)
    assert TraceEvidence.from_json(found.to_json()).to_json() == found.to_json()
    assert found.state_left_as_found
    return found


def by_name(seen):
    return {layer.path.rsplit("/", 1)[-1]: layer for layer in seen.layers}


def test_a_healthy_model_is_seen_from_end_to_end(bench):
    seen = follow(bench, "healthy", export="export_other", steps=2)
    layers = by_name(seen)
    assert {"shared", "square", "join", "inner", "deep", "out"} <= set(layers)
    assert (layers["shared"].calls, layers["shared"].fed_by) == (2, ("input input", "square"))
    assert layers["deep"].within == layers["inner"].path
    assert layers["join"].answered.shape == (3, 4)
    assert sum(layers["join"].answered.bars) == 12
    assert 0 <= layers["shared"].saturated <= 1
    assert len(seen.losses) == 2
    assert {weight.path.rsplit("/", 2)[-2] for weight in seen.weights} == {"shared", "deep", "out"}
    assert all(weight.gradient is not None for weight in seen.weights)
    assert any(weight.ratio > 0 for weight in seen.weights)
    slots = {slot.path.rsplit("/", 1)[-1]: slot for slot in seen.slots}
    assert (slots["iteration"].before, slots["iteration"].after) == (0, 1)
    assert seen.table[2][2].rstrip("*") == "0"
    assert seen.unseen == ()


def test_an_export_that_is_another_model_is_where_answers_part(bench):
    seen = follow(bench, "healthy", export="export_other")
    memory, exported = seen.compared
    assert (memory.where, memory.largest < 1e-6) == ("predict", True)
    assert exported.largest > seen.tolerance
    assert (seen.found.stage, seen.found.path) == ("exported", "exported")


def test_an_operation_of_a_functional_model_is_named(bench):
    seen = follow(bench, "operation")
    assert (seen.found.stage, seen.found.step) == ("prediction", 0)
    assert seen.found.path.startswith("log")  # Keras counts the operations of a process
    assert seen.found.operation.startswith("Log")
    troubles = {name.split("_")[0]: part.trouble for name, part in by_name(seen).items()}
    assert (troubles["log"], troubles["floor"]) == ("not finite", "")


def test_an_operation_between_layers_is_named_with_its_line(bench):
    seen = follow(bench, "between")
    line = 1 + SUBJECT.splitlines().index("        return self.last(tf.math.log(self.first(x)))  # the line")
    assert seen.found.path.endswith("last")
    assert "an operation before it made it so" in seen.found.what
    assert seen.found.operation == f"Log at traced_subject.py:{line}"


def test_infinity_that_is_thrown_away_is_no_trouble(bench):
    seen = follow(bench, "masked", rows=(0, 1, 2, 3))
    assert by_name(seen)["mask"].trouble == "not finite"
    assert seen.found is None


def test_a_finite_loss_with_an_infinite_slope(bench):
    seen = follow(bench, "slope")
    assert np.isfinite(seen.losses[0])
    assert (seen.found.stage, seen.found.step) == ("gradient", 1)
    assert "out/" in seen.found.path  # on the way back it comes first
    assert [weight.gradient.nonfinite > 0 for weight in seen.weights] == [True] * 4


def test_a_loss_that_no_layer_is_to_blame_for(bench):
    seen = follow(bench, "loss", rows=(0, 1, 2, 3, 4, 5))
    assert (seen.found.stage, seen.found.path) == ("loss", "loss")
    assert seen.found.operation.startswith("Log at traced_subject.py:")


def test_the_step_is_named_in_which_training_breaks(bench):
    seen = follow(bench, "diverging", steps=9)
    assert seen.found.step >= 2
    assert seen.found.stage in ("training", "loss", "gradient", "update")
    assert len(seen.losses) == seen.found.step


def test_an_overflow_that_scaling_mends_is_no_trouble(bench):
    seen = follow(bench, "scaled")
    assert seen.found is None
    assert any(weight.ratio > 0 for weight in seen.weights)


def test_layers_that_are_called_step_by_step(bench):
    seen = follow(bench, "recurrent")
    cell = next(layer for layer in seen.layers if "cell" in layer.path)
    assert cell.calls >= 4  # once a step, and once to learn what it answers
    assert cell.within.endswith("memory")
    assert (seen.found, seen.unseen) == (None, ())


def test_what_an_author_compiles_is_run_eagerly_and_seen(bench):
    seen = follow(bench, "stepping")
    assert by_name(seen)["inner"].answered.shape == (3, 1)
    assert (len(seen.losses), len(seen.weights), seen.unseen) == (1, 2, ())


def test_what_stays_compiled_is_named_as_not_seen(bench):
    seen = follow(bench, "hidden")
    assert any("hidden_away" in each and "compiled function" in each for each in seen.unseen)
    assert seen.found is None


def test_rows_and_labels_that_are_not_there(bench):
    with pytest.raises(Unfit, match="has no row 40: its 40 rows are numbered from 0"):
        follow(bench, "healthy", rows=(3, 40))
    seen = follow(bench, "healthy", data="unlabelled")
    assert (seen.untaken, seen.losses) == ("the data has no labels", ())
