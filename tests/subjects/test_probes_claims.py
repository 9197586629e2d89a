"""Claims on real models: what each must find, and what it must leave alone."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from keras import layers, ops  # noqa: E402

from mltspec.probes.claims.company import (  # noqa: E402
    padding_irrelevant,
    prediction_leaves_state,
    prediction_repeatable,
    rows_independent,
)
from mltspec.probes.claims.outputs import outputs_finite, outputs_in_range  # noqa: E402
from mltspec.probes.claims.refusals import bad_input_refused  # noqa: E402
from mltspec.probes.claims.shifts import cells_named, monotone, related  # noqa: E402
from mltspec.probes.claims.steps import (  # noqa: E402
    gradients_finite,
    loss_doubles_not,
    train_step_finite,
    train_step_moves,
)
from mltspec.probes.recipe import Space  # noqa: E402
from mltspec.probes.search import Budget, search  # noqa: E402
from mltspec.subjects.bench import Unfit  # noqa: E402
from mltspec.subjects.probe_rows import as_real_rows, schema_of  # noqa: E402
from mltspec.subjects.probing import KerasProbed  # noqa: E402

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # TensorFlow's variables
    pytest.mark.filterwarnings("ignore:Gap:UserWarning"),
]

RNG = np.random.default_rng(0)
X = RNG.uniform(0, 1, (200, 6)).astype("float32")
Y = RNG.integers(0, 3, 200)
TOKENS = RNG.integers(1, 9, (200, 5)) * (np.arange(5) < RNG.integers(1, 6, (200, 1)))
STEPS = (train_step_finite(), train_step_moves(), gradients_finite(), loss_doubles_not())
LOOKS = (outputs_finite(), rows_independent(1e-5), prediction_repeatable(1e-5), prediction_leaves_state())


@pytest.fixture(autouse=True)
def _seeded():
    keras.utils.set_random_seed(1)


def probe(model, data=(X, Y, None), held=False):
    real = as_real_rows(data)
    return KerasProbed(model, schema_of(real, model), real, held)


def look(model, *claims, data=(X, Y, None), held=False, examples=40, most=8, reach=None):
    """Search, and hold the model to have been left as it was found."""
    variables = [*model.variables, *getattr(getattr(model, "optimizer", None), "variables", [])]
    before = [np.array(variable.numpy()).tobytes() for variable in variables]
    probed = probe(model, data, held)
    found = search(probed._schema, Space(1, most, reach), claims, probed, Budget(examples, 0)).findings
    probed.close()
    assert [np.array(variable.numpy()).tobytes() for variable in variables] == before
    return [finding.outcome.seen if finding.outcome else "" for finding in found]


def perceptron(*body, optimizer="adam", loss="sparse_categorical_crossentropy", units=3, activation="softmax"):
    model = keras.Sequential([keras.Input((6,)), *body, layers.Dense(units, activation=activation)])
    model.compile(optimizer, loss)
    model.optimizer.build(model.trainable_variables)
    return model


def test_a_healthy_model_holds_all_claims():
    model = perceptron(layers.Dense(8, "relu"), layers.BatchNormalization(), layers.Dropout(0.3))
    assert look(model, *STEPS, *LOOKS, bad_input_refused()) == [""] * 9


def test_a_slope_that_is_infinite_where_the_loss_is_finite():
    def norm(y, out):
        return ops.sqrt(ops.sum(ops.square(out - ops.stop_gradient(out)), axis=-1)) + 0 * out[:, 0]

    finite, _, gradients, _ = look(perceptron(loss=norm), *STEPS)
    assert gradients.startswith("the gradient of ")
    assert "is not finite (loss 0)" in gradients
    assert "after one training step" in finite  # the weights are gone one step later


@pytest.mark.parametrize("optimizer", [keras.optimizers.SGD(0.0), keras.optimizers.Adam(0.0)])
def test_an_optimizer_that_moves_nothing(optimizer):
    _, moves, gradients, _ = look(perceptron(optimizer=optimizer), *STEPS)
    assert moves.startswith("a gradient of up to ")
    assert gradients == ""


def test_a_schedule_that_has_come_to_its_end():
    model = perceptron(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, 100)))
    model.optimizer._iterations.assign(120)
    assert float(model.optimizer.learning_rate) == 0
    assert look(model, *STEPS) == [""] * 4
    (seen,) = look(perceptron(optimizer=keras.optimizers.Adam(0.0)), train_step_moves())
    assert seen


def test_gathered_gradients_move_weights_in_the_end():
    model = perceptron(optimizer=keras.optimizers.SGD(0.1, gradient_accumulation_steps=4))
    assert look(model, *STEPS) == [""] * 4


def test_a_loss_cut_off_from_the_weights():
    model = perceptron(loss=lambda y, out: ops.mean(ops.stop_gradient(out)) + 0 * ops.mean(out))
    assert "every gradient is exactly zero" in look(model, *STEPS)[1]


def test_rows_that_are_right_already_teach_nothing_and_are_no_fault():
    def hinge(y, out):
        sign = 2.0 * ops.cast(y > 0, "float32") - 1.0
        return ops.mean(ops.relu(-sign[:, 0] * out[:, 0]))

    model = perceptron(loss=hinge, units=1, activation=None)
    model.layers[-1].kernel.assign(np.full((6, 1), 5.0))
    assert look(model, train_step_moves(), data=(X, Y[:, None], None), examples=80) == [""]


def test_a_model_that_has_learnt_all_moves_by_less_than_its_weights_can_say():
    truth = np.array([[1], [-1], [2], [0.5], [0], [3]], "float32")
    model = keras.Sequential([keras.Input((6,)), layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.layers[0].set_weights([truth, np.zeros(1)])
    assert look(model, train_step_moves(), data=(X, X @ truth, None)) == [""]


def test_a_summed_loss_doubles_with_the_batch():
    model = perceptron(loss=keras.losses.SparseCategoricalCrossentropy(reduction="sum"))
    assert "with every row put in twice" in look(model, *STEPS)[3]


def test_what_goes_on_moving_at_inference():
    class Always(layers.BatchNormalization):
        def call(self, inputs, training=None):
            return super().call(inputs, training=True)

    class Counting(layers.Layer):
        def build(self, shape):
            self.seen = self.add_weight(name="seen", shape=(), initializer="zeros", trainable=False)

        def call(self, inputs):
            self.seen.assign_add(1.0)
            return inputs

    (moving,) = look(perceptron(Always()), prediction_leaves_state())
    assert "moving_mean" in moving
    (counting,) = look(perceptron(Counting()), prediction_leaves_state())
    assert counting.endswith("counting/seen")


def test_noise_that_is_declared_is_held_and_all_else_still_counts():
    class Sampled(layers.Layer):
        def __init__(self, leak):
            super().__init__()
            self.leak = leak
            self.seeds = keras.random.SeedGenerator(1)

        def call(self, x):
            noise = keras.random.normal(ops.shape(x), seed=self.seeds) + tf.random.normal(tf.shape(x))
            return x + noise + self.leak * ops.mean(x, axis=0)

    claims = (rows_independent(1e-5), prediction_repeatable(1e-5))
    undeclared = look(perceptron(Sampled(0.0)), *claims)
    assert all(undeclared), "noise that nobody declares is a fault"
    assert look(perceptron(Sampled(0.0)), *claims, held=True) == ["", ""]
    leaking = look(perceptron(Sampled(0.5)), *claims, held=True)
    assert [bool(each) for each in leaking] == [True, False]
    dropped = perceptron(layers.Lambda(lambda x: keras.random.dropout(x, 0.5)))
    assert look(dropped, *claims, held=True) == ["", ""]


def sequence_model(mask, **more):
    inputs = keras.Input((None,), dtype="int64")
    embedded = layers.Embedding(9, 4, mask_zero=mask)(inputs)
    model = keras.Model(inputs, layers.Dense(1)(layers.LSTM(3, **more)(embedded)))
    model.compile("sgd", "mse")
    return model


def test_padding_matters_where_the_mask_is_missing():
    data = (TOKENS, Y.astype("float32"), None)
    masked, bare = sequence_model(mask=True), sequence_model(mask=False)
    for model, broken in ((masked, False), (bare, True)):
        names = probe(model, data).ready_to_pad(())
        assert names == ("input",)
        (seen,) = look(model, padding_irrelevant(names, 0, 1e-5), data=data)
        assert bool(seen) is broken
    with pytest.raises(Unfit, match="no input is a sequence of any length"):
        probe(perceptron()).ready_to_pad(())
    with pytest.raises(Unfit, match="takes 6 steps and no more"):
        probe(perceptron()).ready_to_pad(("input",))
    with pytest.raises(Unfit, match="no feature `tokens`"):
        probe(masked, data).ready_to_pad(("tokens",))


def test_ids_go_to_the_ends_of_the_embedding_and_no_further():
    seen = []

    class Seeing(layers.Embedding):
        def call(self, ids):
            tf.py_function(lambda values: seen.append(int(tf.reduce_max(values))), [ids], [])
            return super().call(ids)

    inputs = keras.Input((5,), dtype="int64")
    model = keras.Model(inputs, layers.Dense(1)(layers.Flatten()(Seeing(40, 2)(inputs))))
    model.compile("sgd", "mse")
    assert look(model, *LOOKS, data=(TOKENS, Y, None), reach=np.inf, examples=300) == [""] * 4
    assert max(seen) == 39


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint16"])
def test_amounts_that_are_whole_numbers_go_to_the_ends_of_their_type(dtype):
    inputs = keras.Input((1,), dtype=dtype)
    model = keras.Model(inputs, layers.Dense(1)(layers.Rescaling(1.0)(inputs)))
    model.compile("sgd", "mse")
    model.layers[-1].set_weights([np.ones((1, 1)), np.zeros(1)])
    data = (RNG.integers(0, 9, (200, 1)).astype(dtype), Y.astype("float32"), None)
    (inside,) = look(model, outputs_in_range(0, 9), data=data, examples=300)
    assert not inside
    (seen,) = look(model, outputs_in_range(0, 9), data=data, examples=300, reach=np.inf)
    assert seen
    (feature,) = probe(model, data)._schema.features
    assert feature.ends(np.inf)[1] >= np.iinfo(dtype).max * 0.999
    assert feature.ends(10.0)[1] == 80


def test_inputs_of_a_dictionary_are_told_apart_in_whatever_order_it_was_written():
    word, amount = keras.Input((1,), dtype="int64", name="word"), keras.Input((3,), name="amount")
    parts = [layers.Flatten()(layers.Embedding(7, 2)(word)), amount]
    model = keras.Model({"word": word, "amount": amount}, layers.Dense(1)(layers.Concatenate()(parts)))
    model.compile("sgd", "mse")
    data = ({"word": RNG.integers(0, 7, (200, 1)), "amount": X[:, :3]}, Y.astype("float32"), None)
    schema = probe(model, data)._schema
    assert {feature.name: feature.limits for feature in schema.features} == {"amount": None, "word": (0, 6)}
    assert look(model, bad_input_refused(), data=data, examples=1) == [""]


def attention(added):
    tokens = keras.Input((None,), dtype="int64")
    embedded = layers.Embedding(9, 8, mask_zero=True)(tokens)
    mixed = layers.MultiHeadAttention(2, 4)(embedded, embedded)
    block = layers.LayerNormalization()(added(embedded, mixed))
    block = layers.LayerNormalization()(added(block, layers.Dense(8, activation="relu")(block)))
    model = keras.Model(tokens, layers.Dense(1, activation="sigmoid")(layers.GlobalAveragePooling1D()(block)))
    model.compile("adam", "binary_crossentropy")
    model.optimizer.build(model.trainable_variables)
    return model


def test_a_transformer_block():
    data = (TOKENS, (Y > 0).astype("float32"), None)
    model = attention(lambda left, right: layers.Add()([left, right]))
    names = probe(model, data).ready_to_pad(())
    claims = (*LOOKS, *STEPS, outputs_in_range(0, 1), padding_irrelevant(names, 0, 1e-5))
    assert look(model, *claims, data=data) == [""] * len(claims)
    # A sum written with `+` drops the mask, and the average then counts the padding.
    (seen,) = look(attention(lambda left, right: left + right), padding_irrelevant(names, 0, 1e-5), data=data)
    assert seen


def test_a_convolution():
    images = RNG.integers(0, 256, (100, 8, 8, 1)).astype("uint8")
    body = [layers.Rescaling(1 / 255), layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten()]
    model = keras.Sequential([keras.Input((8, 8, 1), dtype="uint8"), *body, layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    data = (images, Y[:100], None)
    assert look(model, *LOOKS, *STEPS, data=data, reach=np.inf) == [""] * 8


def test_ragged_rows_are_made_and_sent_as_they_are():
    ragged = tf.RaggedTensor.from_tensor(TOKENS, padding=0)
    inputs = keras.Input((None,), dtype="int64", ragged=True)

    class Mean(layers.Layer):
        supports_masking = True

        def compute_output_spec(self, ids):
            return keras.KerasTensor((None, 1))

        def call(self, ids):
            lengths = tf.cast(ids.row_lengths(), "float32")
            return (tf.cast(tf.reduce_sum(ids, axis=1), "float32") / lengths)[:, None]

    model = keras.Model(inputs, Mean()(inputs))
    model.compile("sgd", "mse")
    real = as_real_rows((ragged, Y, None))
    schema = schema_of(real, model)
    assert [feature.name for feature in schema.features] == ["input", "input length"]
    probed = KerasProbed(model, schema, real)
    (finding,) = search(schema, Space(1, 4), [outputs_finite()], probed, Budget(40, 0)).findings
    assert finding.outcome is None
    (finding,) = search(schema, Space(1, 4, 10.0), [outputs_finite()], probed, Budget(400, 0)).findings
    assert finding.broken_by.tables[1].tolist() == [[0]]  # the mean of no tokens


def test_sparse_rows_are_made_and_sent_as_they_are():
    dense = X * (X > 0.6)
    inputs = keras.Input((6,), sparse=True)
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(inputs))
    model.compile("sgd", "sparse_categorical_crossentropy")
    data = (tf.sparse.from_dense(dense), Y, None)
    assert look(model, outputs_finite(), rows_independent(1e-5), data=data) == ["", ""]


def test_what_cannot_be_taken_is_refused():
    def lenient(x):
        return ops.mean(ops.cast(x, "float32"), axis=-1, keepdims=True)

    class Lenient(keras.Model):
        def call(self, x):
            return lenient(x)

    model = Lenient()
    model(X[:1])
    assert "of shape (7,) instead of (6,) is not refused" in look(model, bad_input_refused())[0]

    class Stumbling(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, x):
            if x.shape[-1] != 6:
                return None.missing
            return self.dense(x)

    model = Stumbling()
    model(X[:1])
    assert "refused with AttributeError, which does not say what is wrong" in look(model, bad_input_refused())[0]


def test_an_input_that_is_missing_is_refused():
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    model = keras.Model({"a": a, "b": b}, layers.Dense(1)(layers.Add()([a, b])))
    model.compile("sgd", "mse")
    assert look(model, bad_input_refused(), data=({"a": X[:, :3], "b": X[:, 3:]}, Y, None)) == [""]


def test_relations_see_the_models_own_structures():
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    model = keras.Model({"a": a, "b": b}, {"sum": layers.Add()([a, b])})
    model.compile("sgd", "mse")
    data = ({"a": X[:, :3], "b": X[:, 3:]}, Y, None)

    def exchanged(predict, inputs):
        other = predict({"a": inputs["b"], "b": inputs["a"]})["sum"]
        return np.isclose(other, predict(inputs)["sum"]).all(axis=1)

    def doubled(predict, inputs):
        return np.isclose(predict(inputs | {"a": 2 * inputs["a"]})["sum"], predict(inputs)["sum"]).all(axis=1)

    seen = look(model, related(exchanged, "exchanged"), related(doubled, "doubled"), data=data)
    assert seen == ["", "it answers False for row 0"]


def test_a_weight_with_the_wrong_sign():
    model = keras.Sequential([keras.Input((6,)), layers.Dense(1, kernel_initializer="ones")])
    model.layers[0].kernel.assign(np.array([1, 1, -1, 1, 1, 1], "float32")[:, None])
    schema = schema_of(as_real_rows((X, Y, None)))
    right, wrong = (monotone(cells_named(schema, f"input[{at}]"), "fall", None, False, None) for at in (0, 2))
    seen = look(model, right, wrong)
    assert seen[0] == ""
    assert seen[1].endswith("with input[2] raised")


@pytest.fixture
def half():
    keras.mixed_precision.set_global_policy("mixed_float16")
    yield
    keras.mixed_precision.set_global_policy("float32")


@pytest.mark.usefixtures("half")
def test_half_precision_is_no_dependence_and_its_overflow_is_found():
    body = [layers.Dense(16, "relu"), layers.Dense(3), layers.Activation("softmax", dtype="float32")]
    model = keras.Sequential([keras.Input((6,)), *body])
    model.compile("adam", "sparse_categorical_crossentropy")
    assert look(model, *STEPS[:3], *LOOKS) == [""] * 7
    squared = keras.Sequential([keras.Input((6,)), layers.Lambda(lambda x: ops.square(100 * x)), layers.Dense(1)])
    squared.compile("sgd", "mse")
    (seen,) = look(squared, outputs_finite(), reach=10.0, examples=300)
    assert seen.endswith(("is infinite", "is NaN", "is minus infinite"))


class Pair(keras.Model):
    """A generator and its critic, each with an optimizer of its own; ``infinite`` makes one of the losses so."""

    def __init__(self, infinite=False):
        super().__init__()
        self.generator = keras.Sequential([keras.Input((2,)), layers.Dense(6)])
        self.critic = keras.Sequential([keras.Input((6,)), layers.Dense(1)])
        self.infinite = infinite
        self.other = keras.optimizers.SGD(0.01)

    def call(self, x):
        return self.critic(x)

    def train_step(self, data):
        x = data[0]
        noise = keras.random.normal((ops.shape(x)[0], 2))
        with tf.GradientTape(persistent=True) as tape:
            fake = self.critic(self.generator(noise))
            real = self.critic(x)
            if self.infinite:
                real = real / ops.min(x, axis=-1, keepdims=True)
            critic = ops.mean(fake) - ops.mean(real)
            generator = -ops.mean(fake)
        for loss, part, optimizer in ((critic, self.critic, self.optimizer), (generator, self.generator, self.other)):
            weights = part.trainable_variables
            optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return {"critic": critic, "generator": generator}


def test_a_pair_with_two_optimizers_and_no_loss_of_its_own():
    model = Pair()
    model.compile(keras.optimizers.Adam(1e-3))
    model(X[:1])
    for optimizer, part in ((model.optimizer, model.critic), (model.other, model.generator)):
        optimizer.build(part.trainable_variables)
    assert look(model, *STEPS[:3]) == [""] * 3
    data = X.copy()
    data[3, 2] = 0
    faulty = Pair(infinite=True)
    faulty.compile(keras.optimizers.SGD(1e-3))
    faulty(X[:1])
    finite, moves, gradients = look(faulty, *STEPS[:3], data=(data, Y, None), examples=200)
    assert "is not finite (loss NaN)" in finite
    assert moves == ""
    assert gradients.startswith("the gradient of ")
