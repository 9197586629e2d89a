"""Planted faults in real models: each is found and shrunk; healthy models pass and are left as found."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from keras import layers, ops  # noqa: E402

from mltspec.probes.claims.company import rows_independent  # noqa: E402
from mltspec.probes.claims.outputs import outputs_finite, outputs_in_range  # noqa: E402
from mltspec.probes.claims.steps import train_step_finite  # noqa: E402
from mltspec.probes.recipe import Space  # noqa: E402
from mltspec.probes.schema import differing  # noqa: E402
from mltspec.probes.search import Budget, search  # noqa: E402
from mltspec.subjects.bench import Unfit  # noqa: E402
from mltspec.subjects.loaded import Arrays  # noqa: E402
from mltspec.subjects.probe_rows import as_real_rows, real_rows, schema_of  # noqa: E402
from mltspec.subjects.probing import KerasProbed  # noqa: E402

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # TensorFlow's variables
]

RNG = np.random.default_rng(0)
X = RNG.uniform(0, 1, (300, 8)).astype("float32")
X[7, 2] = 0
X[9, 5] = 90
Y = RNG.integers(0, 3, 300)
ALL = (outputs_finite(), outputs_in_range(0, 1), rows_independent(1e-5), train_step_finite())


@pytest.fixture(autouse=True)
def _seeded():
    keras.utils.set_random_seed(1)


def sequential(*body, classes=3):
    model = keras.Sequential([keras.Input((8,)), *body, layers.Dense(classes, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def raw(formula):
    return keras.Sequential([keras.Input((8,)), layers.Lambda(formula)])


def look(model, *claims, data=(X, Y, None), least=1, most=32, examples=300, seed=0, as_found=True):
    real = as_real_rows(data)
    schema = schema_of(real, model)
    before = [np.array(variable.numpy()).tobytes() for variable in model.variables]
    probed = KerasProbed(model, schema, real)
    found = search(schema, Space(least, most), claims, probed, Budget(examples, seed)).findings
    assert probed.close() is as_found
    assert [np.array(variable.numpy()).tobytes() for variable in model.variables] == before
    return schema, found


def unusual(schema, finding):
    return [
        (int(row), feature.column(int(column)))
        for table, feature in zip(finding.broken_by.tables, schema.features, strict=True)
        for row, column in np.argwhere(differing(table, feature.typical))
    ]


def test_a_healthy_perceptron():
    model = sequential(layers.Dense(16, activation="relu"))
    model.fit(X, Y, verbose=0)
    _, found = look(model, *ALL)
    assert [finding.broken_by for finding in found] == [None] * 4
    assert all(finding.examples == 300 for finding in found)


def test_dropout_and_batch_normalisation_are_healthy_and_keep_their_seeds():
    model = sequential(layers.Dense(16), layers.BatchNormalization(), layers.Dropout(0.5))
    _, found = look(model, *ALL, examples=100)
    assert [finding.outcome for finding in found] == [None] * 4


def test_texts_ids_and_numbers_in_a_dict():
    carriers = np.array(["UA", "AA", "B6"], dtype=object)[RNG.integers(0, 3, 300)]
    data = (
        {"delay": X[:, :1], "carrier": carriers, "airport": RNG.integers(0, 5, 300)},
        {"late": (Y > 0).astype("float64")[:, None]},
        np.ones(300),
    )
    delay, carrier = keras.Input((1,), name="delay"), keras.Input((1,), name="carrier", dtype="string")
    airport = keras.Input((1,), name="airport", dtype="int64")
    codes = layers.StringLookup(vocabulary=["AA", "B6", "UA"])(carrier)
    parts = [layers.Flatten()(layers.Embedding(5, 2)(each)) for each in (codes, airport)]
    late = layers.Dense(1, activation="sigmoid", name="late")(layers.Concatenate()([delay, *parts]))
    model = keras.Model({"delay": delay, "carrier": carrier, "airport": airport}, {"late": late})
    model.compile("sgd", {"late": "binary_crossentropy"}, metrics={"late": ["accuracy"]})
    schema, found = look(model, *ALL, data=data, examples=150)
    assert [finding.outcome for finding in found] == [None] * 4
    assert [feature.name for feature in schema.features] == ["airport", "carrier", "delay"]


def test_several_inputs_in_a_list_and_several_outputs():
    one, other = keras.Input((4,)), keras.Input((4,))
    model = keras.Model(
        [one, other],
        [layers.Dense(1, activation="sigmoid")(one), layers.Dense(2, activation="softmax")(other)],
    )
    model.compile("sgd", ["binary_crossentropy", "sparse_categorical_crossentropy"])
    data = ([X[:, :4], X[:, 4:]], ((Y > 0).astype("float32")[:, None], (Y > 1).astype("int64")), None)
    schema, found = look(model, *ALL, data=data, examples=100)
    assert [feature.name for feature in schema.features] == ["input 0", "input 1"]
    assert [finding.outcome for finding in found] == [None] * 4


def test_logarithm_of_zero():
    schema, (finding,) = look(raw(ops.log), outputs_finite())
    assert finding.broken_by.rows == 1
    assert len(unusual(schema, finding)) == 1
    assert finding.outcome.seen.endswith("for row 0 is minus infinite")


def test_exponential_overflows_at_the_end_of_one_columns_range():
    schema, (finding,) = look(raw(ops.exp), outputs_finite())
    assert unusual(schema, finding) == [(0, "input[5]")]
    assert finding.outcome.seen == "output 5 for row 0 is infinite"


def test_softmax_by_hand():
    def softmax(x):
        powers = ops.exp(x)
        return powers / ops.sum(powers, axis=-1, keepdims=True)

    schema, (finding,) = look(raw(softmax), outputs_finite())
    assert unusual(schema, finding) == [(0, "input[5]")]
    assert finding.outcome.seen == "output 5 for row 0 is NaN"


def test_division_by_the_batchs_own_spread():
    def scale(x):
        return (x - ops.mean(x, axis=0)) / ops.std(x, axis=0)

    _, (finite, independent) = look(raw(scale), outputs_finite(), rows_independent(1e-5))
    assert finite.broken_by.rows == 1
    assert independent.broken_by is not None


def test_batch_normalisation_left_in_training_mode():
    class Training(layers.BatchNormalization):
        def call(self, inputs, training=None):
            return super().call(inputs, training=True)

    _, (finding,) = look(sequential(Training()), rows_independent(1e-5), as_found=False)
    assert finding.broken_by.rows <= 2
    assert "in the batch and" in finding.outcome.seen


def test_outputs_a_little_outside_zero_to_one():
    model = raw(lambda x: 1.02 * ops.sigmoid(10 * x - 5))
    schema, (finding,) = look(model, outputs_in_range(0, 1))
    assert finding.broken_by.rows == 1
    assert 1 < finding.outcome.value < 1.03
    assert len(unusual(schema, finding)) <= 1


def test_a_loss_that_is_not_finite_for_some_rows():
    def loss(truth, prediction):
        return ops.mean(ops.log(ops.max(prediction, axis=-1) - ops.cast(truth[:, 0], "float32") * 2))

    model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
    model.compile("sgd", loss)
    _, (finding,) = look(model, train_step_finite(), data=(X, (Y == 2)[:, None], None))
    assert finding.broken_by.rows == 1
    assert finding.broken_by.labels[0].tolist() == [[True]]
    assert "after one training step the loss" in finding.outcome.seen


@keras.saving.register_keras_serializable("probes")
class ByHand(keras.Model):
    """A subclassed model with a training step of its own, which divides by a row's own sum."""

    def __init__(self, safe):
        super().__init__()
        self.dense = layers.Dense(1)
        self.safe = safe
        self.seen = keras.metrics.Mean(name="loss")

    def call(self, x):
        return self.dense(x)

    @property
    def metrics(self):
        return [self.seen]

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            gap = ops.square(self(x, training=True)[:, 0] - ops.cast(y, "float32"))
            loss = ops.mean(gap if self.safe else gap / ops.min(ops.abs(x), axis=-1))
        self.optimizer.apply_gradients(
            zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables, strict=True)
        )
        self.seen.update_state(loss)
        return {"loss": self.seen.result()}


@pytest.mark.parametrize("eagerly", [False, True])
def test_a_training_step_by_hand(eagerly):
    healthy, faulty = ByHand(safe=True), ByHand(safe=False)
    for model in (healthy, faulty):
        model.compile(keras.optimizers.SGD(1e-4), run_eagerly=eagerly)
        model(X[:1])
    _, (held,) = look(healthy, train_step_finite(), examples=40)
    assert held.outcome is None
    assert held.worst > 0
    schema, (finding,) = look(faulty, train_step_finite(), examples=300)
    assert (finding.broken_by.rows, len(unusual(schema, finding))) == (1, 1)
    assert (np.concatenate(finding.broken_by.tables) == 0).sum() == 1


def test_a_step_is_undone_and_its_loss_is_its_own():
    model = sequential(layers.Dense(4), layers.Dropout(0.3))
    model.fit(X, Y, verbose=0)
    model.evaluate(X[:50], Y[:50], verbose=0)
    variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    before = [np.array(variable.numpy()).tobytes() for variable in variables]
    real = as_real_rows((X, Y, None))
    schema = schema_of(real)
    probed = KerasProbed(model, schema, real)
    probed.ready_to_step()
    from mltspec.probes.batch import typical

    losses = {probed.step(typical(schema, 16)).loss for _ in range(3)}
    assert len(losses) == 1
    assert probed.close()
    assert [np.array(variable.numpy()).tobytes() for variable in variables] == before


def test_random_inference_is_flaky_or_dependent_and_its_seeds_are_put_back():
    class Always(layers.Dropout):
        def call(self, inputs, training=None):
            return super().call(inputs, training=True)

    _, (finite, independent) = look(sequential(Always(0.5)), outputs_finite(), rows_independent(1e-5))
    assert finite.broken_by is None
    assert independent.broken_by is not None


def test_batches_of_any_size_are_traced_once():
    traces = []

    def formula(x):
        traces.append(x.shape)
        return ops.sum(x, axis=-1)

    model = raw(formula)
    built = len(traces)
    look(model, outputs_finite(), rows_independent(1e-3), examples=60)
    assert len(traces) == built + 1


def test_what_a_training_step_needs_is_said():
    unlabelled, labelled = as_real_rows((X, None, None)), as_real_rows((X, Y, None))
    schema = schema_of(unlabelled)
    with pytest.raises(Unfit, match="needs labels"):
        KerasProbed(sequential(), schema, unlabelled).ready_to_step()
    with pytest.raises(Unfit, match="not compiled"):
        KerasProbed(raw(ops.exp), schema_of(labelled), labelled).ready_to_step()
    with pytest.raises(Unfit, match="there is no row"):
        schema_of(as_real_rows((X[:0], None, None)))
    with pytest.raises(Unfit, match="2 ragged axes"):
        real_rows(Arrays("words", tf.ragged.constant([[[1.0]], [[1.0], [2.0, 3.0]]]), None, None))


def test_real_rows_are_spread_over_data_in_memory(monkeypatch):
    rows = np.arange(200_000, dtype="float32")
    real = real_rows(Arrays("sorted", rows, rows, None))
    x, (y,) = real.features["input"], real.labels
    assert (len(x), x[0], x[-1]) == (65_536, 0, 199_999)
    assert (x == y).all()
    assert len(real_rows(Arrays("few", rows[:9], None, None)).features["input"]) == 9
    monkeypatch.setattr("mltspec.subjects.probe_rows.REAL_BYTES", 4 * 1000)
    assert len(real_rows(Arrays("large", rows, None, None)).features["input"]) == 1000


def test_the_scale_of_a_scaled_loss_is_held_and_put_back():
    model = sequential(layers.Dense(8, "relu"))
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam()), "sparse_categorical_crossentropy")
    model.fit(X, Y, verbose=0)
    scale = float(model.optimizer.dynamic_scale)
    assert scale != 1
    look(model, train_step_finite(), examples=20)
    assert float(model.optimizer.dynamic_scale) == scale
