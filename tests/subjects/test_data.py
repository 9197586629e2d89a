"""Data in every form: loaded, cut into batches, counted, and refused by name."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")
from training_bench import make_bench, source

from mltspec.plan.subject import Data, Fit, Origin
from mltspec.subjects import framework, models
from mltspec.subjects.bench import Unfit
from mltspec.subjects.data import load
from mltspec.subjects.nests import as_arrays, leaves, rebatched, rows_of

pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore:Your input ran out of data")]


@pytest.fixture
def bench(tmp_path):
    framework.prepare(1, 1)
    return make_bench(tmp_path, Path(__file__).parent)


def file(kind, target, label=None):
    return Data(name=target, origin=Origin(kind=kind, target=target), label=label)


@pytest.mark.parametrize("name", ["rows", "stream", "pages", "named"])
def test_every_form_yields_the_same_rows_in_one_pass(bench, name):
    loaded = load(source(name), bench)
    assert loaded.rows == 200
    assert [rows_of(x) for x, _, _ in loaded.batches(batch_rows=64)] == [64, 64, 64, 8]
    assert sum(rows_of(x) for x, _, _ in loaded.batches(limit=30)) == 30
    x, y, _ = loaded.head(5)
    assert all(isinstance(leaf, np.ndarray) and len(leaf) == 5 for leaf in (*leaves(x), *leaves(y)))
    assert (loaded.arrays() is None) == (name in {"stream", "pages"})


def test_a_frame_becomes_a_matrix_and_keeps_its_columns_to_slice_by(bench):
    loaded = load(source("frame", label="late"), bench)
    x, y, _ = loaded.arrays()
    assert x.shape == (200, 6) and x.dtype == np.float32
    assert set(loaded.features()) == {*"abcdef", "label"}
    assert (loaded.features()["label"] == y).all()


def test_a_table_becomes_what_the_model_takes(bench, tmp_path):
    import keras

    (tmp_path / "t.csv").write_text("age,town,late\n1,Bath,0\n2,York,1\n")
    here = make_bench(tmp_path / "b", tmp_path)
    x, _, _ = load(file("csv", "t.csv", "late"), here).arrays()
    assert x["town"].tolist() == ["Bath", "York"]
    age, town = keras.Input((), name="age"), keras.Input((), name="town", dtype="string")
    model = keras.Model({"age": age, "town": town}, age)
    assert list(load(file("csv", "t.csv", "late"), here, model).arrays()[0]) == ["age", "town"]


def test_npz_holds_x_and_y(bench, tmp_path):
    np.savez(tmp_path / "d.npz", x=np.ones((3, 2)), y=np.zeros(3))
    loaded = load(file("npz", "d.npz"), make_bench(tmp_path / "b", tmp_path))
    assert loaded.rows == 3 and loaded.describe_nonfinite() == ""


def test_a_stream_is_given_to_fit_as_it_is(bench):
    loaded = load(source("stream"), bench)
    assert loaded.fit_arguments(Fit()) == {"x": loaded.source, "shuffle": False}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (file("tfrecord", "a.tfrecord"), "TFRecord"),
        (file("csv", "absent.csv", "y"), "no `absent.csv`"),
        (source("frame", label="lat"), "did you mean `late`"),
        (source("frame"), "say which column is its label"),
        (source("job_that_does_nothing"), "missing 1 required"),
        (source("forgetful"), "returned None"),
        (source("absent"), "has no `absent`"),
        (file("python", "no_such:rows"), "no module `no_such`"),
        (file("python", "rows"), "write `module:callable`"),
    ],
)
def test_other_forms_are_refused_by_name(bench, data, says):
    with pytest.raises((Unfit, TypeError), match=says):
        load(data, bench)


def test_lists_are_one_array_unless_they_hold_arrays():
    assert as_arrays([1, 2, 3]).tolist() == [1, 2, 3]
    assert as_arrays([[1, 2], [3, 4]]).shape == (2, 2)
    assert isinstance(as_arrays([np.ones(2), np.ones(2)]), list)


def test_rebatched_keeps_every_row_in_order():
    batches = [({"a": np.arange(start, stop)}, None, None) for start, stop in ((0, 3), (3, 4), (4, 11))]
    found = [x["a"].tolist() for x, _, _ in rebatched(batches, 4)]
    assert found == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10]]


def test_a_saved_model_cannot_be_trained(bench):
    from mltspec.plan.subject import Model

    with pytest.raises(Unfit, match="holds functions to serve"):
        models.build(Model(name="m", build=Origin(kind="savedmodel", target="s")), bench)


def test_a_file_is_loaded_in_safe_mode_unless_trusted(bench, tmp_path):
    import keras

    from mltspec.plan.subject import Model

    model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x * 2), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    model.save(tmp_path / "m.keras")
    here = make_bench(tmp_path / "b", tmp_path)
    told = Model(name="m", build=Origin(kind="keras", target="m.keras"))
    with pytest.raises(Unfit, match="mark the model `trusted`"):
        models.build(told, here)
    assert models.build(told.model_copy(update={"trusted": True}), here).compiled
