"""One pass of predictions by real models, held against Keras' own evaluation."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")
import tensorflow as tf  # noqa: E402

from mltspec.subjects.bench import Unfit  # noqa: E402
from mltspec.subjects.compiled import compiled_metrics, direction, head_losses, row_losses  # noqa: E402
from mltspec.subjects.passes import heads, watch  # noqa: E402
from mltspec.subjects.row_digest import RowDigest  # noqa: E402

pytestmark = pytest.mark.tensorflow

GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(100, 4)).astype("float32")
CLASS = GENERATOR.integers(0, 3, 100)
WEIGHT = GENERATOR.random(100).astype("float32")


def quiet(done, total, unit):
    pass


def batches(*parts, size=32):
    parts = [*parts, None, None][:3]
    for start in range(0, 100, size):
        rows = slice(start, start + size)
        yield tuple(
            keras.tree.map_structure(lambda leaf: None if leaf is None else tf.constant(leaf[rows]), part)  # noqa: B023
            for part in parts
        )


def classifier(loss="sparse_categorical_crossentropy", **options):
    keras.utils.set_random_seed(0)
    layer = keras.layers.Dense(3, activation="softmax", kernel_regularizer=keras.regularizers.L2(0.1))
    model = keras.Sequential([keras.Input((4,)), layer])
    model.compile("adam", loss, **options)
    return model


def test_the_pass_is_an_evaluation():
    model = classifier(metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2, name="top2")])
    seen = watch(model, batches(X, CLASS), True, quiet)
    expected = model.evaluate(X, CLASS, verbose=0, return_dict=True)
    assert seen.logs == pytest.approx(expected, rel=1e-5)
    assert seen.outputs == pytest.approx(model.predict(X, verbose=0), rel=1e-5)
    found = compiled_metrics(model, seen)
    assert found == pytest.approx({"accuracy": expected["accuracy"], "top2": expected["top2"]}, rel=1e-5)
    part = compiled_metrics(model, seen, np.arange(50))
    assert part["top2"] == pytest.approx(
        model.evaluate(X[:50], CLASS[:50], verbose=0, return_dict=True)["top2"], rel=1e-5
    )
    assert direction(model, "top2") is True
    assert direction(model, "loss") is False


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "mean_with_sample_weight"])
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
def test_losses_row_by_row_are_the_loss(reduction, weight):
    model = classifier(keras.losses.SparseCategoricalCrossentropy(reduction=reduction))
    seen = watch(model, batches(X, CLASS, weight), True, quiet)
    found = row_losses(model, seen)
    penalty = float(sum(model.losses))
    assert np.average(found.losses, weights=found.weights) + penalty == pytest.approx(
        model.evaluate(X, CLASS, sample_weight=weight, batch_size=100, verbose=0), rel=1e-4
    )


def test_a_summed_loss_is_no_mean_over_rows():
    model = classifier(keras.losses.SparseCategoricalCrossentropy(reduction="sum"))
    assert row_losses(model, watch(model, batches(X, CLASS), True, quiet)) is None


def test_a_loss_that_cannot_be_vectorised_is_taken_row_by_row():
    def loss(truth, score):
        return tf.numpy_function(lambda a, b: np.abs(a - b).mean(axis=-1), [truth, score], tf.float32)

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("adam", lambda truth, score: tf.ensure_shape(loss(truth, score), (None,)))
    truth = GENERATOR.normal(size=(100, 1)).astype("float32")
    found = row_losses(model, watch(model, batches(X, truth), True, quiet))
    assert found.losses == pytest.approx(np.abs(truth - model.predict(X, verbose=0))[:, 0], rel=1e-4)


def two_heads():
    inside = keras.Input((4,), name="x")
    outputs = {
        "kind": keras.layers.Dense(3, activation="softmax", name="kind")(inside),
        "price": keras.layers.Dense(1, name="price")(inside),
    }
    model = keras.Model({"x": inside}, outputs)
    model.compile(
        "adam",
        {"kind": "sparse_categorical_crossentropy", "price": "mse"},
        metrics={"kind": ["accuracy"], "price": ["mae"]},
        loss_weights={"kind": 1.0, "price": 0.5},
    )
    return model


def test_several_heads_have_names():
    model = two_heads()
    labels = {"kind": CLASS, "price": GENERATOR.normal(size=(100, 1)).astype("float32")}
    seen = watch(model, batches({"x": X}, labels), True, quiet)
    expected = model.evaluate({"x": X}, labels, verbose=0, return_dict=True)
    assert seen.logs["loss"] == pytest.approx(expected["loss"], rel=1e-4)
    losses = head_losses(model, seen)
    assert losses["kind_loss"] + 0.5 * losses["price_loss"] == pytest.approx(expected["loss"], rel=1e-4)
    part = head_losses(model, seen, np.arange(10))
    assert part["price_loss"] == pytest.approx(np.mean((labels["price"] - seen.outputs["price"])[:10] ** 2), rel=1e-4)
    assert set(heads(seen, model)) == {"kind", "price"}
    assert compiled_metrics(model, seen)["price_mae"] == pytest.approx(expected["price_mae"], rel=1e-5)
    found = row_losses(model, seen)
    assert found.losses.mean() == pytest.approx(expected["loss"], rel=1e-4)


def test_logits_are_known_by_the_loss_unless_the_head_bounds_them():
    bounded = classifier(keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    seen = watch(bounded, batches(X, CLASS), False, quiet)
    assert not heads(seen, bounded)[""].logits
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
    seen = watch(model, batches(X, (CLASS > 0).astype("float32")), False, quiet)
    assert heads(seen, model)[""].logits


def test_no_rows_is_no_pass():
    with pytest.raises(Unfit, match="no rows"):
        watch(classifier(), [], False, quiet)


def digest(structure, size):
    found = RowDigest()
    rows = int(keras.tree.flatten(structure)[0].shape[0])
    for start in range(0, rows, size):
        found.add(keras.tree.map_structure(lambda leaf: leaf[start : start + size], structure))  # noqa: B023
    return found.hex()


def test_the_digest_knows_rows_and_order_but_not_batches():
    rows = {"x": X, "town": np.array([f"town {at}" for at in CLASS])}
    turned = {"x": X[::-1], "town": rows["town"]}
    assert digest(rows, 7) == digest(rows, 100)
    assert digest(rows, 7) != digest(turned, 7)
    assert digest({"a": np.array(["ab", "c"])}, 2) != digest({"a": np.array(["a", "bc"])}, 2)


def test_the_digest_takes_ragged_and_sparse_rows():
    ragged = tf.ragged.constant([[1, 2], [3], [], [4]])
    assert digest([ragged], 1) == digest([ragged], 4)
    assert digest([ragged], 4) != digest([tf.ragged.constant([[1], [2, 3], [], [4]])], 4)
    one = RowDigest()
    one.add({"s": tf.sparse.from_dense([[0, 1], [2, 0]])})
    other = RowDigest()
    other.add({"s": tf.sparse.from_dense([[0, 1], [0, 2]])})
    assert len(one.hex()) == 64


@pytest.mark.parametrize(("metrics", "main"), [(["accuracy"], "accuracy"), (None, "loss")])
def test_quality_is_the_main_metric(metrics, main, tmp_path):
    from measured import bench

    from mltspec.subjects.rulers import QUALITY, ruler

    model = classifier(metrics=metrics)
    seen = watch(model, batches(X, CLASS), True, quiet)
    answers = heads(seen, model)
    of, at = (lambda name: ruler(model, seen, answers, name, at).overall), bench(tmp_path)
    assert of(QUALITY) == of(main)
