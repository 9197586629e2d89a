import math

import numpy as np
import pytest

pytest.importorskip("tensorflow")
from measured import MODULE, bench, data, run, state_of, trained

from mltspec.checks.model_spec.saved_model_reloads import ReloadAsk
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers.reload import difference, observe

pytestmark = [
    pytest.mark.tensorflow,
    # Keras' export and TensorFlow's loader warn about themselves.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture
def reload(tmp_path):
    at = bench(tmp_path)

    def go(build, name="flowers", **options):
        ask = ReloadAsk(run=run(build, name, **options), data=data(name), rows=20)
        (found,) = observe([ask], [state_of(build, at, name)], at)
        assert [trip.format for trip in found.formats] == [".keras file", "weights file", "SavedModel"]
        return found

    return go


@pytest.mark.parametrize(
    ("build", "name"),
    [("healthy", "flowers"), ("own_step", "houses"), ("two_heads", "both"), ("listed_inputs", "cars")],
)
def test_a_healthy_model_comes_back(reload, build, name):
    found = reload(build, name)
    assert found.rows == 20
    assert found.repeat == 0
    for trip in found.formats:
        assert (trip.error, trip.variables) == ("", ())
        assert trip.largest < 1e-5
    assert found.formats[0].optimizer == 0
    assert found.formats[1].optimizer is None


def test_an_argument_that_the_config_drops(reload):
    keras_file, weights, exported = reload("shifted").formats
    assert keras_file.largest > 0.01
    assert keras_file.variables == ()
    assert weights.largest == 0
    assert exported.largest < 1e-5


def test_a_layer_that_cannot_be_made_again(reload):
    keras_file, weights, exported = reload("stubborn").formats
    assert keras_file.error.startswith("TypeError: ")
    assert "\n" not in keras_file.error
    assert math.isnan(keras_file.largest)
    assert (weights.error, exported.error) == ("", "")


def test_an_export_of_the_users_own(reload):
    exported = reload("healthy", export=f"{MODULE}:export_with_dropout").formats[2]
    assert exported.error == ""
    assert exported.largest > 1e-3


def test_an_export_that_raises_is_evidence(reload):
    exported = reload("healthy", export=f"{MODULE}:export_raises").formats[2]
    assert exported.error.startswith("OSError: the disk is full")


def test_a_model_that_is_random_at_inference_repeats_itself_badly(reload):
    found = reload("random_at_inference")
    assert found.repeat > 1e-3


def test_a_run_without_state_is_refused(tmp_path):
    ask = ReloadAsk(run=run(), data=data(), rows=20)
    with pytest.raises(Unfit, match="cut short"):
        observe([ask], [trained(None)], bench(tmp_path))


def test_differences():
    nan, one = np.array([np.nan, 1.0]), np.array([1.0, 1.0])
    assert difference({"a": one}, {"a": one + 0.5}) == 0.5
    assert difference(nan, nan) == 0
    assert difference(nan, one) == math.inf
    assert difference(one, one[:1]) == math.inf
    assert difference([one], [one, one]) == math.inf
    assert difference(np.array([np.inf]), np.array([np.inf])) == 0
    assert difference(np.array(["a"]), np.array(["b"])) == math.inf


def test_columns_of_one_value_are_fed_as_keras_feeds_them(reload):
    found = reload("named_inputs", "columns_of_cars")
    assert [(each.format, each.error, each.largest) for each in found.formats if each.error or each.largest] == []
